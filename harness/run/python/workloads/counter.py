"""A shared integer: multiprocessing.Value, with its lock or without."""
import struct
from multiprocessing import Value

value, adds, items, locked = None, 0, 0, True


def open_workload(job):
    global value, adds, items, locked
    lock, layout = job.parameters.lock, job.parameters.layout
    if lock not in ("none", "mutex", "semaphore") or layout != "one":
        return f"multiprocessing.Value has no lock={lock} with layout={layout}: it has none or semaphore"
    adds, items, locked = int(job.parameters.adds), job.items, lock != "none"
    value = Value("Q")
    return None


def add_locked():
    for _ in range(adds):
        with value.get_lock():
            value.value += 1


def add():
    number = value.get_obj()
    for _ in range(adds):
        number.value += 1


def work(item):
    add_locked() if locked else add()
    return adds


def output(item, result):
    return struct.pack("=Q", result)


def begin():
    value.value = 0


def settle():
    due, found = items * adds, value.value
    wrong = found > due or (locked and found < due)
    return f"the counter is {found} and not {due}" if wrong else None, {"increments": due, "lost_updates": due - found}
