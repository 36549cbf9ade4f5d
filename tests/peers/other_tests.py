"""Other tests and tools, given what a gate has measured; what is not installed is None."""
import json
import math
import random
import shutil
import statistics
import subprocess
import sys

sys.dont_write_bytecode = True  # the folder of a package is not ours to write to
sys.path.insert(0, "/usr/share/benchmark")
try:
    from gbench.report import get_difference_report
except ImportError:
    get_difference_report = None
try:
    from scipy.stats import ttest_ind
except ImportError:
    ttest_ind = None


def u_test(a, b):
    old, new = ({"benchmarks": [{"name": "x", "run_type": "iteration", "real_time": ns, "cpu_time": ns,
                                 "time_unit": "ns"} for ns in side]} for side in (a, b))
    return get_difference_report(old, new, utest=True)[0]["utest"]["cpu_pvalue"]


def welch(a, b):
    return ttest_ind(a, b, equal_var=False).pvalue


def others(pairs, count=24):
    """Shares in which other tests call B slower, at their usual 0.05, by the means of as many processes a side as a gate has
    at most."""
    tests = {"compare.py": (get_difference_report, u_test, statistics.median), "Welch": (ttest_ind, welch, statistics.fmean)}
    found = {}
    for name, (installed, test, middle) in tests.items():
        slower, draws = 0, random.Random(4)
        for _ in range(200 if installed else 0):
            chosen = draws.sample(pairs, min(count, len(pairs)))
            a, b = ([pair[side]["mean_ns"] for pair in chosen] for side in "ab")
            slower += middle(b) > middle(a) and test(a, b) < 0.05
        found[name] = f"{slower / 2:.0f} %" if installed else "not installed"
    return found


def hyperfine(a, b, folder):
    """What hyperfine says of two commands: B's mean by A's, and by how much it may be off."""
    if not shutil.which("hyperfine"):
        return None
    output = folder / "hyperfine.json"
    subprocess.run(["hyperfine", "-N", "--runs", "50", "--warmup", "3", "--export-json", output, str(a), str(b)],
                   check=True, capture_output=True)
    one, other = json.loads(output.read_text())["results"]
    ratio = other["mean"] / one["mean"]
    return ratio, ratio * math.hypot(one["stddev"] / one["mean"], other["stddev"] / other["mean"])
