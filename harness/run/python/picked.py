"""A workload of which a round executes some items only, as harness/run/crew/picked.h has it.

The tasks are 0, 1, ..., which stand for the items that were picked; the workload gets its own numbers. Functions of a
module, since a pool pickles them by their names.
"""
from types import SimpleNamespace

workload, items = None, []


def of(all_items, numbers):
    """What stands for the workload."""
    global workload, items
    workload, items = all_items, numbers
    own = {name: globals()[name] for name in ("work", "payload", "output") if hasattr(workload, name)}
    return SimpleNamespace(EXACT=getattr(workload, "EXACT", True), **own)


def work(task):
    return workload.work(items[task] if type(task) is int else (items[task[0]], *task[1:]))


def payload(task):
    return workload.payload(items[task])


def output(task, result):
    return workload.output(items[task], result)
