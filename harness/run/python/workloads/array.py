"""A shared array: multiprocessing.Array with its lock, or without one and locks for its parts."""
import struct
from multiprocessing import Array, Lock

from workloads.noise import places

STRIPES = 16
values, locks, updates, items, due = None, [], 0, 0, []


def open_workload(job):
    global values, locks, updates, items, due
    elements = int(job.parameters.elements)
    updates, items = int(job.parameters.updates), job.items
    values = Array("Q", elements)
    parts = {"array": 0, "stripe": min(STRIPES, elements), "element": elements}[job.parameters.locks]
    locks = [Lock() for _ in range(parts)]
    due = [0] * elements
    for item in range(items):
        for place in places(item, updates, elements):
            due[place] += 1


def work(item):
    total, numbers = 0, values.get_obj()
    for place in places(item, updates, len(numbers)):
        with locks[place % len(locks)] if locks else values.get_lock():
            numbers[place] += 1
        total += place
    return total


def output(item, result):
    return struct.pack("=Q", result)


def begin():
    values[:] = [0] * len(values)


def settle():
    return None if values[:] == due else "the array's elements are not what they must be", {"updates": items * updates}
