#!/usr/bin/env python3
"""What shared state carries, in operations a second: ours, CPython's and the bare limit, in turns.

    tests/peers/state.py [--quick]

The first column is the number of workers. Ours is mode `pool` on the workloads `counter`, `array`, `manager` and `queue`; CPython's is mode `python_pool` on the
same workloads, that is multiprocessing's Value, Array, Manager and Queue. The bare limit is a loop in forked
processes with nothing around it (state_bare.c): what the workload adds to that is to be at most 10 %. Alone that can
be told exactly; with 2 workers it is luck how often they meet, so that is a matter of many turns. Takes up to
3 minutes. Exit status 0, whether the targets are met or not.
"""
import statistics
import sys
import tempfile

from turns import bench, build, numbers_of, ratio, say_target, take_turns, wall_ns

KINDS = ["atomic", "mutex", "robust", "semaphore", "spin", "futex"]
ADDS, TURNS = 10000, 96  # of an item, items: a round lasts tens of milliseconds
LIMIT_S = 150
ADDED = 1.1  # times the bare limit

# name: what is run, operations of an item
OURS = {
    "array": (["--workload", "array", "-p", "locks=array,stripe,element", "--items", 64], 10000),
    "manager": (["--workload", "manager", "-p", "via=server,memory", "--items", 100], 100),
    "queue": (["--workload", "queue", "-p", "size=64", "--items", 32], 5000),
}
CPYTHON = {
    "counter": (["--workload", "counter", "-p", "lock=none,semaphore", "-p", "adds=5000", "--items", 16], 5000),
    "array": (["--workload", "array", "-p", "locks=array,stripe,element", "-p", "updates=5000", "--items", 16], 5000),
    "manager": (["--workload", "manager", "--items", 16], 100),
    "queue": (["--workload", "queue", "-p", "messages=1000", "-p", "size=64", "--items", 16], 1000),
}
TOLD = ["lock", "locks", "via"]  # the parameters that make a row


def name_of(cell):
    told = [f"{name}={cell['params'][name]}" for name in TOLD if name in cell["params"]]
    return " ".join([cell["workload"], *told])


def measure(folder, who, mode, rounds, arguments, operations):
    """Nanoseconds of wall time an operation, of all workers together; by who does it, workers and the row."""
    cells = bench(folder, *arguments, "--mode", mode, "--rounds", rounds)
    return {(who, cell["workers"], name_of(cell)): wall_ns(cell) / (cell["items"] * operations) for cell in cells
            if cell["mode"] == mode or who == "bench"}


def measure_counter(folder, program, kind, rounds):
    """A kind of lock, alone and with two workers, and right after it its bare loops, of as many additions."""
    found = measure(folder, "bench", "pool", rounds,
                    ["--workload", "counter", "-p", f"lock={kind}", "-p", f"adds={ADDS}", "--items", TURNS, "--chunk", 1],
                    ADDS)
    for workers in (1, 2) if kind != "none" else ():
        times = numbers_of(program, kind, workers, ADDS * TURNS // workers, rounds)
        found["bare", workers, f"counter lock={kind}"] = statistics.median(times)
    return found


def contestants(folder, rounds):
    program = build("state_bare.c", folder)
    return [lambda kind=kind: measure_counter(folder, program, kind, rounds) for kind in ["none", *KINDS]] + [
        lambda what=what: measure(folder, "bench", "pool", rounds, *what) for what in OURS.values()] + [
        lambda what=what: measure(folder, "CPython", "python_pool", 1, *what) for what in CPYTHON.values()]


def added(found, workers, row):
    return ratio(found, ("bench", workers, row), ("bare", workers, row))


def show(found):
    print(f"{'operations/s, medians':26} {'bench':>12} {'bare limit':>12} {'CPython':>12}   time, bench : bare")
    for workers, row in sorted({key[1:] for key in found}):
        keys = [(who, workers, row) for who in ("bench", "bare", "CPython")]
        cells = [f"{1e9 / statistics.median(found[key]):12.0f}" if key in found else f"{'-':>12}" for key in keys]
        share = f"{added(found, workers, row):20.3f}" if keys[1] in found else ""
        print(f"{workers} {row:24} {' '.join(cells)} {share}".rstrip())


def main():
    quick = sys.argv[1:] == ["--quick"]
    if len(sys.argv) > 1 and not quick:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        found = take_turns(contestants(folder, 3 if quick else 7), 2 if quick else 15, LIMIT_S)
    show(found)
    for workers in 1, 2:
        for kind in KINDS:
            say_target(f"counter lock={kind}, {workers} workers: at most {ADDED} x the bare loop",
                       added(found, workers, f"counter lock={kind}"), ADDED)


if __name__ == "__main__":
    main()
