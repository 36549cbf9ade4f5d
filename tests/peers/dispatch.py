#!/usr/bin/env python3
"""The cost of dispatching an empty item, beside what peers pay, in turns in one run.

    tests/peers/dispatch.py [--quick]

An item of `null`, 2 workers, chunk 1, in modes `pool` (over `shm`), `thread_pool`, `executor` and `openmp`; one
iteration of OpenMP's schedule(dynamic,1) with 2 threads, bare; one task of GLib's GThreadPool with 2 threads, and
with its result given back through a GAsyncQueue; CPython's pools. Each turn measures all of them once; printed are
medians over the turns, in nanoseconds of wall time an item, and the ratios to bare OpenMP turn by turn. Takes up to
3 minutes. Exit status 0, whether the targets are met or not.
"""
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import Pool
from multiprocessing.pool import ThreadPool

from turns import bench, build, numbers_of, package_flags, ratio, say_target, take_turns, wall_ns

ITEMS = 1000000  # a round of dynamic,1 takes 20 ms or so
TASKS = 100000  # of GLib
PYTHON_TASKS = {"Pool.map": 3000, "ThreadPool.map": 10000, "ProcessPoolExecutor.map": 500,
                "ProcessPoolExecutor.submit": 500}
LIMIT_S = 150
OPENMP, GLIB, GLIB_QUEUE = "OpenMP dynamic,1", "GLib GThreadPool", "GLib GThreadPool, results"


def nothing(_):
    return None


def submit_all(pool, tasks):
    for future in as_completed([pool.submit(nothing, task) for task in tasks]):
        future.result()


PYTHON_CALLS = {
    "Pool.map": (Pool, lambda pool, tasks: pool.map(nothing, tasks, chunksize=1)),
    "ThreadPool.map": (ThreadPool, lambda pool, tasks: pool.map(nothing, tasks, chunksize=1)),
    "ProcessPoolExecutor.map": (ProcessPoolExecutor, lambda pool, tasks: list(pool.map(nothing, tasks, chunksize=1))),
    "ProcessPoolExecutor.submit": (ProcessPoolExecutor, submit_all),
}


def measure_python():
    found = {}
    for name, (make, call) in PYTHON_CALLS.items():
        with make(2) as pool:
            call(pool, range(10))
            start = time.perf_counter()
            call(pool, range(PYTHON_TASKS[name]))
            found["CPython " + name] = (time.perf_counter() - start) * 1e9 / PYTHON_TASKS[name]
    return found


def measure_bench(folder, modes, schedule, rounds):
    cells = bench(folder, "--workload", "null", "--items", ITEMS, "--mode", modes, "--schedule", schedule, "--chunk", 1,
                  "--rounds", rounds)
    # the executor hands out item by item and has no schedule
    return {" ".join(filter(None, [cell["mode"], cell["schedule"]])): wall_ns(cell) / cell["items"] for cell in cells
            if cell["mode"] != "sequential"}


def measure_program(name, program, *arguments, **environment):
    return {name: statistics.median(numbers_of(program, *arguments, **environment))}


def contestants(folder, rounds):
    openmp = build("dispatch_openmp.c", folder, "-fopenmp")
    flags = package_flags("glib-2.0")
    glib = build("dispatch_glib.c", folder, *flags) if flags else None
    all_of_them = [
        lambda: measure_program(OPENMP, openmp, ITEMS, 2, rounds, OMP_PROC_BIND="true"),
        lambda: measure_bench(folder, "pool,thread_pool,executor,openmp", "dynamic", rounds),
        lambda: measure_bench(folder, "pool,thread_pool", "steal", rounds),
        measure_python,
    ]
    if glib:
        all_of_them += [lambda: measure_program(GLIB, glib, TASKS, 2, rounds),
                        lambda: measure_program(GLIB_QUEUE, glib, TASKS, 2, rounds, "queue")]
    else:
        print("left out: GThreadPool, libglib2.0-dev is missing")
    return all_of_them


def main():
    quick = sys.argv[1:] == ["--quick"]
    if len(sys.argv) > 1 and not quick:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        found = take_turns(contestants(folder, 3 if quick else 7), 3 if quick else 15, LIMIT_S)
    print(f"an empty item, 2 workers, chunk 1, medians of {len(found[OPENMP])} turns")
    for name, times in found.items():
        print(f"{name:34} {statistics.median(times):10.1f} ns   {ratio(found, name, OPENMP):9.2f} x OpenMP   "
              f"({min(times):.1f} to {max(times):.1f})")
    say_target("pool over shm at most 1 x OpenMP dynamic,1", ratio(found, "pool dynamic", OPENMP), 1)
    if GLIB in found:
        for peer in GLIB, GLIB_QUEUE:
            say_target(f"thread_pool at most 0.2 x {peer}", ratio(found, "thread_pool dynamic", peer), 0.2)
    say_target("executor under 250 ns", statistics.median(found["executor"]), 250, "ns")


if __name__ == "__main__":
    main()
