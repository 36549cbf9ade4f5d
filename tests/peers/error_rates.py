#!/usr/bin/env python3
"""How often other tests say that B is slower, on the gates that tests/benchmarks/error_rates.c draws.

    tests/peers/error_rates.py [--quick]

The U test of Google Benchmark's compare.py, by its own functions, and Welch's t test: two-sided at 0.05, compare.py's
level, and at 0.01; `slower` when B's median (U test) or mean (Welch) is the larger one, too. Beside them the gate's rank
test by blocks, one look, one-sided at 0.01. All see the same recorded runs, twice: with sides as a gate draws them, in
blocks, and with the first half as A and the second as B, as when a new build is measured after the old one. A slow-down
is put on B. Prints Markdown, in 2 minutes or so. Needs /usr/share/benchmark of libbenchmark-tools, and python3-scipy;
builds what it draws with first. Exit status 0, whatever comes out; 77: something is missing.
"""
import math
import statistics
import subprocess
import sys

sys.dont_write_bytecode = True  # the folder of a package is not ours to write to
sys.path.insert(0, "/usr/share/benchmark")
from turns import ROOT, module_missing

try:
    from gbench.report import get_difference_report
    from scipy.stats import ttest_ind
except ImportError as err:
    module_missing(err, "libbenchmark-tools and python3-scipy")

FILES = ["loop.txt", "resize.txt"]
RUNS = [12, 48]
SLOWDOWNS = [0, 0.005, 0.01, 0.02, 0.05]
LEVELS = [0.05, 0.01]


def drawn(file, gates, runs):
    """Of each gate: the low bound of its rank test, and the runs in their order as (side, ns)."""
    program = ROOT / "build/tests/benchmark-error_rates"
    subprocess.run(["ninja", "-C", ROOT / "build", program.relative_to(ROOT / "build")], check=True, capture_output=True)
    out = subprocess.run([program, file, str(gates), str(runs)], check=True, capture_output=True, text=True, cwd=ROOT)
    for line in out.stdout.splitlines():
        low, *words = line.split()
        yield float(low), list(zip(words[::2], map(float, words[1::2])))


def u_test(a, b):
    """The p-value of compare.py."""
    old, new = ({"benchmarks": [{"name": "x", "run_type": "iteration", "real_time": time, "cpu_time": time,
                                 "time_unit": "ns"} for time in side]} for side in (a, b))
    return get_difference_report(old, new, utest=True)[0]["utest"]["cpu_pvalue"]


def welch(a, b):
    """The p-value of Welch's t test."""
    return ttest_ind(a, b, equal_var=False).pvalue


TESTS = {"compare.py": (u_test, statistics.median), "Welch": (welch, statistics.fmean)}


def sides_of(runs, in_blocks):
    if in_blocks:
        return [time for side, time in runs if side == "a"], [time for side, time in runs if side == "b"]
    times = [time for _, time in runs]
    return times[:len(times) // 2], times[len(times) // 2:]


def shares(gates, slowdown, in_blocks):
    """By test and level: in which share of the gates B is called slower."""
    slower = {}
    for _, runs in gates:
        a, b = sides_of(runs, in_blocks)
        b = [time * (1 + slowdown) for time in b]
        for name, (test, middle) in TESTS.items():
            p = test(a, b) if middle(b) > middle(a) else 1
            for level in LEVELS:
                slower[name, level] = slower.get((name, level), 0) + (p < level)
    return {key: count / len(gates) for key, count in slower.items()}


def say_row(file, runs, slowdown, gates):
    cells = [f"{file.removesuffix('.txt')} | {runs} | {100 * slowdown:g} %"]
    cells.append(f"{sum(low + math.log1p(slowdown) > 0 for low, _ in gates) / len(gates):.3f}")
    for in_blocks in True, False:
        found = shares(gates, slowdown, in_blocks)
        cells += [f"{found[name, level]:.3f}" for name in TESTS for level in LEVELS]
    print("|", " | ".join(cells), "|", flush=True)


def main():
    alike, slower = (200, 50) if "--quick" in sys.argv[1:] else (2000, 400)
    print(f"Share of gates in which B is called slower; {alike} of A against A, {slower} of each slow-down.\n")
    names = [f"{name} {level}" for name in TESTS for level in LEVELS]
    print("| times | runs a side | B slower by | gate | " + " | ".join(f"{name}, blocks" for name in names) + " | "
          + " | ".join(f"{name}, A then B" for name in names) + " |\n|---|---:|---:" + "|---:" * 9 + "|")
    for file in FILES:
        for runs in RUNS:
            gates = list(drawn(file, alike, runs))
            for slowdown in SLOWDOWNS:
                say_row(file, runs, slowdown, gates if slowdown == 0 else gates[:slower])


if __name__ == "__main__":
    main()
