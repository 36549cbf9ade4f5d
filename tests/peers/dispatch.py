#!/usr/bin/env python3
"""The cost of dispatching an empty item, beside what peers pay, in turns in one run.

    tests/peers/dispatch.py [ROUNDS]

An item of `null` in mode `pool` over `shm`, 2 workers, chunk 1, with schedules `dynamic` and `steal`;
one iteration of OpenMP's schedule(dynamic,1) with 2 threads; CPython's Pool.map(chunksize=1) and
ProcessPoolExecutor.map(chunksize=1). Each turn measures all of them once; printed are medians over the
turns, in nanoseconds of wall time an item, and the ratios to OpenMP turn by turn.
Targets: dynamic at most 1 x OpenMP, steal at most 0.5 x.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ITEMS = 1000000
PYTHON_ITEMS = 3000


def nothing(_):
    return None


def build_openmp(folder):
    program = folder / "dispatch_openmp"
    source = Path(__file__).with_name("dispatch_openmp.c")
    subprocess.run([os.environ.get("CC", "gcc"), "-O2", "-fopenmp", source, "-o", program], check=True)
    return program


def openmp(program):
    out = subprocess.run([program, str(ITEMS), "2", "7"], check=True, capture_output=True, text=True,
                         env={**os.environ, "OMP_PROC_BIND": "true"}).stdout
    return statistics.median(float(line) for line in out.split())


def bench(folder, schedule):
    output = tempfile.mkdtemp(dir=folder)
    subprocess.run([os.environ.get("BENCH", ROOT / "bench"), "--workload", "null", "--items", str(ITEMS), "--mode", "pool",
                    "--workers", "2", "--schedule", schedule, "--chunk", "1", "--rounds", "7", "--invocations", "1",
                    "--no-plots", "--quiet", "--output", output], check=True, capture_output=True)
    run = json.loads(Path(output, "run.json").read_text())
    cell = next(cell for cell in run["cells"] if cell["schedule"] == schedule)
    return cell["summary"]["wall_ns"]["median"] / cell["items"]


def python_pool():
    with Pool(2) as pool:
        pool.map(nothing, range(10))
        start = time.perf_counter()
        pool.map(nothing, range(PYTHON_ITEMS), chunksize=1)
        return (time.perf_counter() - start) * 1e9 / PYTHON_ITEMS


def python_executor():
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(nothing, range(10)))
        start = time.perf_counter()
        list(pool.map(nothing, range(PYTHON_ITEMS), chunksize=1))
        return (time.perf_counter() - start) * 1e9 / PYTHON_ITEMS


def main():
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = build_openmp(folder)
        rivals = {"OpenMP dynamic,1": lambda: openmp(program), "bench pool, dynamic:1": lambda: bench(folder, "dynamic"),
                  "bench pool, steal:1": lambda: bench(folder, "steal"), "CPython Pool.map": python_pool,
                  "CPython ProcessPoolExecutor": python_executor}
        found = {rival: [] for rival in rivals}
        for _ in range(turns):
            for rival, measure in rivals.items():
                found[rival].append(measure())
    base = found["OpenMP dynamic,1"]
    for rival, times in found.items():
        ratio = statistics.median(one / other for one, other in zip(times, base))
        print(f"{rival:30} {statistics.median(times):12.1f} ns/item   {ratio:10.2f} x OpenMP   "
              f"({min(times):.1f} to {max(times):.1f})")


if __name__ == "__main__":
    main()
