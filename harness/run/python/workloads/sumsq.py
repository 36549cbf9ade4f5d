"""The sum of i * i for all i below n."""
import struct

n = 0


def open_workload(job):
    global n
    n = int(job.parameters.n)


def work(item):
    return sum(i * i for i in range(n))


def output(item, result):
    return struct.pack("=Q", result)
