"""Sleep."""
import time

seconds = 0.0


def open_workload(job):
    global seconds
    seconds = float(job.parameters.ms) / 1000


def work(item):
    time.sleep(seconds)
