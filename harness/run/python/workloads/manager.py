"""A dictionary and a list of a server process: multiprocessing.Manager."""
import struct
from collections import Counter
from multiprocessing import Manager

from workloads.noise import places

manager = numbers = entries = lock = None
updates = keys = items = 0


def open_workload(job):
    global manager, numbers, entries, lock, updates, keys, items
    if job.parameters.via != "server":
        return f"multiprocessing.Manager has no via={job.parameters.via}: it has a server"
    updates, keys, items = int(job.parameters.updates), int(job.parameters.keys), job.items
    manager = Manager()
    numbers, entries, lock = manager.dict(), manager.list(), manager.Lock()
    return None


def work(item):
    total = 0
    for key in places(item, updates, keys):
        with lock:  # reading and writing are two requests
            numbers[key] = numbers.get(key, 0) + 1
        total += key
    entries.append(item)
    return total


def output(item, result):
    return struct.pack("=Q", result)


def begin():
    numbers.clear()
    entries[:] = []


def settle():
    due = Counter(key for item in range(items) for key in places(item, updates, keys))
    right = dict(numbers) == due and sorted(entries) == list(range(items))
    return None if right else "the dictionary is not what it must be", {"updates": items * updates}
