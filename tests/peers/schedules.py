#!/usr/bin/env python3
"""The schedules against each other, in turns in one run: what stealing gains, and that it costs nothing.

    tests/peers/schedules.py [--quick]

Mode `pool`, 2 workers. Even work: `null`, and `sumsq` with items of 20 us and of 1 ms; uneven work: `mandelbrot`.
With chunk 1 and with the preset chunk, a fourth of a worker's share. Printed are medians over the turns: the wall time
of a round, and its ratio to that of `dynamic` turn by turn. Takes up to 3 minutes. Exit status 0, whether the targets
are met or not.

On mandelbrot the preset chunk leaves a worker idle at the end with `dynamic`, and less with `steal`, which takes the
last chunks in halves. With chunk 1 nobody waits with either of them; both do the same work in the same time.
"""
import statistics
import sys
import tempfile

from turns import bench, ratio, say_target, take_turns, wall_ns

WORKLOADS = {
    "null": ["--workload", "null", "--items", 1000000],
    "sumsq, 20 us": ["--workload", "sumsq", "-p", "n=20000", "--items", 4000],
    "sumsq, 1 ms": ["--workload", "sumsq", "-p", "n=1000000", "--items", 64],
    "mandelbrot": ["--workload", "mandelbrot"],
}
CHUNKS = {"chunk 1": ["--chunk", 1], "preset chunk": []}
LIMIT_S = 150
NOISE = 0.01  # of a ratio of two equal ones, on a quiet machine


def measure(folder, rounds, workload, chunk):
    cells = bench(folder, *WORKLOADS[workload], *CHUNKS[chunk], "--mode", "pool", "--schedule", "static,dynamic,steal",
                  "--rounds", rounds)
    return {(workload, chunk, cell["schedule"]): wall_ns(cell) for cell in cells if cell["schedule"]}


def main():
    quick = sys.argv[1:] == ["--quick"]
    if len(sys.argv) > 1 and not quick:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        contestants = [lambda workload=workload, chunk=chunk: measure(folder, 3 if quick else 5, workload, chunk)
                       for workload in WORKLOADS for chunk in CHUNKS]
        found = take_turns(contestants, 3 if quick else 15, LIMIT_S)
    ratios = {key: ratio(found, key, (*key[:2], "dynamic")) for key in found}
    for key, times in found.items():
        print(f"{key[0]:13} {key[1]:13} {key[2]:8} {statistics.median(times) / 1e6:10.3f} ms   "
              f"{ratios[key]:6.3f} x dynamic   ({min(times) / 1e6:.3f} to {max(times) / 1e6:.3f})")
    for workload in WORKLOADS:
        for chunk in CHUNKS:
            strict = (workload, chunk) == ("mandelbrot", "preset chunk")
            what = "faster than" if strict else "no worse than"
            say_target(f"{workload}, {chunk}: steal {what} dynamic", ratios[workload, chunk, "steal"],
                       1 - NOISE if strict else 1 + NOISE)


if __name__ == "__main__":
    main()
