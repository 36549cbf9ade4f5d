"""bench's modes python_*: runs a workload's items as a reader of a tutorial on multiprocessing would.

    main.py SOCKET BOARD

Both are descriptors. On the socket bench sends a line of JSON that says what to do, and then a line for each
round, which is answered by a line, the latencies and the outputs of all items. What the workers do stands on the board
(board.py). Each mode is a file here, each workload a file in workloads/: what they have is said in `Crew` of
pool.py and in workloads/null.py.
"""
import importlib
import json
import multiprocessing
import os
import platform
import resource
import socket
import sys
import time
from array import array
from types import SimpleNamespace

import board
import picked
from clocks import Clocks

LEAST = (3, 8)  # the first version that has all that is used here
START_METHOD = "fork"
PACKAGES = {"PIL": "python3-pil"}  # what brings a module


def as_bytes(value):
    """Strings come as bytes, each as the character of its number: names of files are any bytes."""
    if isinstance(value, str):
        return os.fsdecode(value.encode("latin-1"))
    if isinstance(value, list):
        return [as_bytes(one) for one in value]
    if isinstance(value, dict):
        return {key: as_bytes(one) for key, one in value.items()}
    return value


def children_cpu_ns():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round((used.ru_utime + used.ru_stime) * 1e9)


def say(channel, **answer):
    channel.write(json.dumps(answer).encode() + b"\n")
    channel.flush()


def load(job, channel):
    """The workload, opened; None after saying what is missing."""
    try:
        workload = importlib.import_module(f"workloads.{job.workload}")
    except ModuleNotFoundError as error:
        say(channel, missing=PACKAGES.get(error.name, error.name))
        return None
    if hasattr(workload, "open_workload"):
        refusal = workload.open_workload(job)
        if refusal:
            say(channel, refused=refusal)
            return None
    if job.picked:
        job.items = len(job.picked)
        return picked.of(workload, job.picked)
    return workload


def send_outputs(channel, workload, results, items):
    """All outputs in the order of items: their sizes, then their bytes. Nothing where there are none."""
    if not hasattr(workload, "output"):
        return
    outputs = [workload.output(item, results[item]) for item in range(items)]
    channel.write(array("Q", map(len, outputs)).tobytes())
    for output in outputs:
        channel.write(output)
    channel.flush()


def choose_way(order, tasks):
    """How items are written down in this round: the function that does it, or the work itself."""
    way = order["way"]
    if way == board.SAMPLED and isinstance(tasks, list):  # what has a payload is never so cheap
        way = board.STAMPED
    board.head[board.WAY] = way
    board.head[board.PROBE_EVERY] = order["probe_every"]
    return board.work if way == board.PLAIN else board.WAYS[way]


def do_round(order, crew, tasks):
    """Returns the answer, the results and when they were there."""
    work = choose_way(order, tasks)
    children_ns, main_ns = children_cpu_ns(), time.process_time_ns()
    clocks = Clocks(len(tasks), order["latencies"])
    results = crew.round(work, tasks, clocks)
    end_ns = time.monotonic_ns()
    main_ns = time.process_time_ns() - main_ns
    return {"start_ns": clocks.start_ns, "end_ns": end_ns, "first_ns": clocks.first_ns,
            "main_cpu_ns": main_ns, "cpu_ns": main_ns + children_cpu_ns() - children_ns, "count": len(results)}, results, clocks


def serve(channel, crew, job, workload, tasks):
    for line in channel:
        order = json.loads(line)
        if order.get("stop"):
            break
        if hasattr(workload, "begin"):
            workload.begin()
        answer, results, clocks = do_round(order, crew, tasks)
        latencies = array("Q", clocks.values_ns if order["latencies"] else [])
        if hasattr(workload, "settle"):
            answer["refused"], answer["measures"] = workload.settle()
        answer["outputs"] = hasattr(workload, "output") and len(results) == job.items
        say(channel, latencies=len(latencies), **answer)
        channel.write(latencies.tobytes())
        channel.flush()
        if answer["outputs"]:
            send_outputs(channel, workload, results, job.items)


def run(job, channel):
    workload = load(job, channel)
    if not workload:
        return
    mode = importlib.import_module(job.mode)
    board.open_board(int(sys.argv[2]), workload.work, job, mode.PROCESSES)
    payload = getattr(workload, "payload", None)
    servers = [process.pid for process in multiprocessing.active_children()]
    tasks = [(item, payload(item)) for item in range(job.items)] if payload else range(job.items)
    from_ns = time.monotonic_ns()
    crew = mode.Crew(job)
    crew_ns = time.monotonic_ns() - from_ns
    say(channel, crew_ns=crew_ns, servers=servers, exact=getattr(workload, "EXACT", True),
        name=platform.python_implementation(), version=platform.python_version(),
        start_method=START_METHOD if mode.PROCESSES else "")
    serve(channel, crew, job, workload, tasks)
    from_ns = time.monotonic_ns()
    crew.end()
    say(channel, crew_ns=time.monotonic_ns() - from_ns)


def main():
    multiprocessing.set_start_method(START_METHOD)
    channel = socket.socket(fileno=int(sys.argv[1])).makefile("rwb")
    if sys.version_info < LEAST:
        say(channel, old="%d.%d, which is older than %d.%d" % (*sys.version_info[:2], *LEAST))
        return
    job = SimpleNamespace(**as_bytes(json.loads(channel.readline())))
    job.parameters = SimpleNamespace(**job.parameters)
    try:
        run(job, channel)
    except Exception as error:
        say(channel, error=f"{type(error).__name__}: {error}".splitlines()[0], errno=getattr(error, "errno", None) or 0)
        channel.read()  # until bench has looked at the workers, which end with this process
        os._exit(1)  # a pool that has lost a worker would wait for it


if __name__ == "__main__":
    main()
