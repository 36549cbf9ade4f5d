#!/usr/bin/env python3
"""What gates and runs reach on this machine, idle and busy, beside what they are to reach.

    tests/peers/lockstep.py [--live N] [--pairs N] [--drawn N] [--quick] [--keep DIR] [ROW...]

Prints a table as Markdown, row by row: the goal, what was reached in N live gates (40), with the median of their
seconds, and in N gates (2000) that are drawn from N recorded pairs (500) by tests/benchmarks/pair_error_rates.c; then what
other tests say of the same times: the U test of Google Benchmark's compare.py, Welch's t test, and hyperfine. A row is
one of ROWS, or all of them are tried; a busy processor is one on which a program spins that is started here.

All rows take about 6 hours, by far the most of them for recording; --quick tries each row a few times, in half an hour.
--keep leaves gates and recorded pairs in DIR. Nothing else should run, or the conditions are not what they are called.
Exit status 0, whatever comes out. What is not installed (libbenchmark-tools, python3-scipy, hyperfine) is left out, and
said.
"""
import argparse
import contextlib
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from beds import BENCH, DRAWING, PROGRAMS, Bed, Stopped, busy, compile_lockstep, differences
from other_tests import hyperfine, others
from turns import DISTRIBUTION, ROOT

SEQUENTIAL = ["--mode", "sequential"]
CONDITIONS = {"idle": 0, "one processor busy": 1, "both processors busy": 2}
SCATTER_GOALS = {"computing": 0.1, "hash": 0.3, "resize": 0.3, "sorting": 0.4, "sorting, 4 ms": 0.4}  # %


# ---- The table ----

def say(what, goal, reached):
    print(f"| {what} | {goal} | {reached} |", flush=True)


def percent(share):
    return f"{100 * share:.3g} %"


def live(bed, a, b, *arguments):
    """Shares of the verdicts of live gates, their seconds, and all pairs of their first cells."""
    verdicts, seconds, pairs = [], [], []
    for _ in range(bed.options.live):
        found, took = bed.gate(a, b, *arguments)
        verdicts.append(found["verdict"])
        seconds.append(took)
        pairs += found["cells"][0]["pairs"]
    shares = {word: verdicts.count(word) / len(verdicts) for word in ("pass", "regressed", "cannot tell")}
    return shares, statistics.median(seconds), pairs


def words_of(shares, *names):
    return ", ".join(f"`{name}` {percent(shares[name])}" for name in names)


def compared(bed, what, goal, a, b, *arguments, recorded=None, names=("pass", "regressed", "cannot tell"), **drawn):
    """A row of live gates, and of drawn ones if there are recorded pairs of the same program against itself."""
    shares, seconds, pairs = live(bed, a, b, *arguments)
    reached = f"{words_of(shares, *names)}; {seconds:.1f} s"
    if recorded:
        reached += f"; drawn: {words_of(bed.draw(recorded, **drawn), *names)}"
    say(what, goal, reached)
    return pairs


def row_scatter(bed):
    """One pair of a program against itself: its scatter, by program and condition."""
    for program in SCATTER_GOALS:
        a, b = bed.side(program, "a"), bed.side(program, "another")
        for condition, processors in CONDITIONS.items():
            with busy(processors):
                pairs = bed.record(a, b, *SEQUENTIAL)
            d = differences(pairs)
            robust = 1.4826 * statistics.median(abs(x - statistics.median(d)) for x in d)
            seconds = statistics.median(pair["took_ns"] for pair in pairs) / 1e9
            shares = bed.draw(pairs)
            goal = f"{SCATTER_GOALS[program]} %" if processors == 2 else "-"
            say(f"scatter of one pair: {program}, {condition}", goal,
                f"{percent(robust)} (standard deviation {percent(statistics.pstdev(d))}), means "
                f"{percent(statistics.pstdev(differences(pairs, 'mean_ns')))}; {seconds:.2f} s a pair; drawn, alike: "
                + words_of(shares, "regressed", "cannot tell"))


def row_alike(bed):
    """Two builds of one source that differ in a string."""
    for program, goal in ("computing", "1 %, 5 %, 8 s"), ("sorting", "1 %, 5 %, 8 s"), ("sorting, 4 ms", "1 %, 5 %, 40 s"):
        a, b = bed.side(program, "a"), bed.side(program, "another")
        for condition, processors in CONDITIONS.items():
            with busy(processors):
                compared(bed, f"two builds of one source: {program}, {condition}", goal, a, b, *SEQUENTIAL,
                         names=("regressed", "cannot tell"))


def slower(bed, more, what, goal, *arguments, record=True, **drawn):
    """A computing object against one that executes `more` of it."""
    program = PROGRAMS["computing"]
    turns = round(more * program["LOOPS"])
    one, other = bed.side("computing", "a"), bed.side("computing", "another", MORE=turns)
    recorded = bed.record(one, bed.side("computing", "third"), *SEQUENTIAL) if record else None
    return compared(bed, what, goal, one, other, *arguments, recorded=recorded, slowdown=more, **drawn)


def row_slower(bed):
    """A little slower, with the tolerances that see it."""
    slower(bed, 0.015, "+1.5 % at the default tolerance", "99 %, 10 s", *SEQUENTIAL)
    slower(bed, 0.005, "+0.5 % with `--tolerance 0.2%`", "99 %, 10 s", *SEQUENTIAL, "--tolerance", "0.2%",
           tolerance=0.002)
    slower(bed, 0.002, "+0.2 % with `--tolerance 0.1%`", "95 %, 20 s", *SEQUENTIAL, "--tolerance", "0.1%",
           tolerance=0.001)
    slower(bed, 0.05, "+5 %: never `pass`", "0 %", *SEQUENTIAL)


def row_cells(bed):
    """Ten cells, of which one is slower, or none."""
    parts = ["-p", "part=0,1,2,3,4,5,6,7,8,9"]
    for more, goal in (0.015, "99 %, 60 s"), (0, "`cannot tell` at most 5 %"):
        slower(bed, more, f"ten cells, of which one is {percent(more)} slower", goal, *SEQUENTIAL, *parts, cells=10)


def row_pool(bed):
    """A pool of 2 workers."""
    slower(bed, 0.03, "pool of 2 workers, +3 %", "95 %, 30 s", "--mode", "pool", "--workers", "2", record=False)


def row_rare(bed):
    """Slower by half in one round of ten."""
    a = bed.side("computing", "a")
    b = bed.side("computing", "another", RARE=PROGRAMS["computing"]["LOOPS"] // 2)
    compared(bed, "slower by half in one round of ten", "95 %", a, b, *SEQUENTIAL)


def fresh_s(program):
    """The CPU time of a process that has the caches to itself."""
    pid = os.posix_spawn(program, [program], os.environ)
    used = os.wait4(pid, 0)[2]
    return used.ru_utime + used.ru_stime


def bounds_of(d):
    """Median and bounds at 0.0034 of the averages of all two of twelve values (Walsh), %."""
    averages = sorted((one + other) / 2 for i, one in enumerate(d) for other in d[:i + 1])
    return [100 * math.expm1(value) for value in (statistics.median(averages), averages[6], averages[-7])]


def row_footprint(bed):
    """A side that touches 2 MiB more than the other: slices agree with whole processes, which share no caches."""
    more = PROGRAMS["touching"]["TOUCHED"] + (2 << 20)
    a, b = bed.side("touching", "a"), bed.side("touching", "b", TOUCHED=more)
    commands = [bed.folder / "touching-command-a", bed.folder / "touching-command-b"]
    for command, touched in zip(commands, ({}, {"TOUCHED": more})):
        compile_lockstep(command, {"LABEL": '"c"', "COMMAND": 1, **PROGRAMS["touching"], "ITEMS": 1000, **touched})
    found, seconds = bed.gate(a, b, *SEQUENTIAL)
    cell = found["cells"][0]
    slices = [100 * math.expm1(cell["slowdown"][key]) for key in ("theta", "low", "high")]
    blocks = bounds_of([-math.log(fresh_s(commands[0]) / fresh_s(commands[1])) for _ in range(12)])
    agree = slices[1] <= blocks[2] and blocks[1] <= slices[2]
    texts = ["{:+.1f} % ({:+.1f} to {:+.1f} %)".format(*found) for found in (slices, blocks)]
    say("2 MiB more touched: slices and whole processes", "agree; slices of 2 ms",
        f"{texts[0]} and {texts[1]}: {'agree' if agree else 'differ'}; slices of {cell['slice_ns'] / 1e6:.1f} ms, "
        f"footprint {percent(cell['footprint'])}; {seconds:.1f} s")


def row_command(bed):
    """A command of 50 ms, and the same data by other tests."""
    turns, sides = 40_000_000, {}
    for side, more in ("a", 0), ("b", 0.02), ("c", 0):
        sides[side] = bed.folder / f"command-{side}"
        compile_lockstep(sides[side], {"LABEL": f'"{side}"', "COMMAND": 1, "LOOPS": turns, "MORE": round(turns * more)})
    with busy(1):
        compared(bed, "a command of 50 ms, +2 %, one processor busy", "90 %, 60 s", sides["a"], sides["b"])
        for what, other in ("the same", "c"), ("+2 %", "b"):
            pairs = bed.record(sides["a"], sides[other]) if other == "c" else live(bed, sides["a"], sides[other])[2]
            found = others(pairs)
            fine = hyperfine(sides["a"], sides[other], bed.folder)
            found["hyperfine"] = f"{fine[0]:.3f} ± {fine[1]:.3f} times" if fine else "not installed"
            say(f"a command, {what}, by others at 0.05: B is slower", "-",
                ", ".join(f"{name}: {share}" for name, share in found.items()))


def row_others(bed):
    """The same pairs of objects by other tests."""
    for program in "computing", "sorting":
        a, b = bed.side(program, "a"), bed.side(program, "another")
        with busy(2):
            pairs = bed.record(a, b, *SEQUENTIAL)
        found = others(pairs)
        say(f"{program} against itself, both processors busy, by others at 0.05: B is slower", "5 %",
            ", ".join(f"{name}: {share}" for name, share in found.items()) + "; hyperfine has no objects")


# ---- Runs ----

def half_widths(found, mode):
    """Of the intervals of the speedup, relative, of each cell of a mode that has one."""
    for cell in found["cells"]:
        speedup = (cell["summary"] or {}).get("speedup")
        if cell["mode"] == mode and speedup and speedup["low"] is not None:
            yield (speedup["high"] - speedup["low"]) / 2 / speedup["median"]


def row_run(bed):
    """A default run of resize with a pool of 2."""
    for condition, goal, spinning in ("idle", "1 %", (0,)), ("busy now and then", "3 %", (2, 2, 2)):
        widths, seconds = [], []
        with busy(*spinning):
            for _ in range(max(1, bed.options.live // 8)):
                found, took = bed.run("--workload", "resize", "--mode", "pool", "--workers", "2")
                widths += half_widths(found, "pool")
                seconds.append(took)
        say(f"`resize`, pool of 2, default run: half-width of the speedup's interval, {condition}", goal,
            f"{percent(statistics.median(widths))} (median of {len(widths)}); {statistics.median(seconds):.0f} s"
            if widths else "no interval")


def photographs(folder):
    """30 of those that resize bakes for itself."""
    target, cache = folder / "photographs", folder / "cache"
    target.mkdir(exist_ok=True)
    subprocess.run([BENCH, "--workload", "resize", "--mode", "sequential", "--invocations", "1", "--rounds", "1",
                    "--no-plots", "--quiet", "--output", folder / "baked"], check=True, capture_output=True,
                   env={**os.environ, "XDG_CACHE_HOME": str(cache)})
    for path in sorted(cache.glob("bench/resize-v*/*.jpg"))[:30]:
        shutil.copy(path, target)
    return target


def row_modes(bed):
    """All modes of resize with a folder of photographs."""
    photos = bed.options.photos or photographs(bed.folder)
    resize = ["--workload", "resize", "--mode", "all", "--input", str(photos)]
    for what, budget in ("30 s", "30s"), ("the time it asked for", None):
        budget = budget or asked_for(resize)
        found, took = bed.run(*resize, "--budget", budget)
        cells = [cell for cell in found["cells"] if cell["status"] != "not available"]
        of_c = [cell for cell in cells if not cell["mode"].startswith("python_")]
        say(f"`resize --mode all --input` 30 photographs, {what}: cells with an interval", "all of C's / all 25",
            f"{sum(map(has_interval, of_c))} of {len(of_c)} of C's, {sum(map(has_interval, cells))} of {len(cells)}; "
            f"--budget {budget}, {took:.0f} s")


def has_interval(cell):
    wall_ns = (cell["summary"] or {}).get("wall_ns")
    return bool(wall_ns) and (wall_ns["level"] or 0) >= 0.95


def asked_for(arguments):
    """The budget that a dry run says all cells need; that of the run itself, if they need no other."""
    out = subprocess.run([BENCH, *arguments, "--budget", "30s", "--dry-run"], check=True, capture_output=True,
                         text=True).stdout
    asked = re.search(r"^\d+ cells .*?--budget (\d+(?:s|m|h))\b", out, re.MULTILINE)
    return asked[1] if asked else "30s"


ROWS = {function.__name__.removeprefix("row_"): function for function in (
    row_scatter, row_alike, row_slower, row_cells, row_pool, row_rare, row_footprint, row_command, row_others, row_run, row_modes)}


def main():
    if sys.executable != DISTRIBUTION and os.access(DISTRIBUTION, os.X_OK):
        os.execv(DISTRIBUTION, [DISTRIBUTION, *sys.argv])  # the packages are for that one
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--live", type=int, default=40)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--drawn", type=int, default=2000)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep")
    parser.add_argument("--photos", help="a folder of photographs; else 30 of those that resize bakes")
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], metavar="ROW", help=", ".join(ROWS))
    options = parser.parse_args()
    if options.quick:
        options.live, options.pairs = 3, 24
    subprocess.run(["ninja", "-C", ROOT / "build", DRAWING.relative_to(ROOT / "build")], check=True, capture_output=True)
    print("| | goal | reached |\n|---|---|---|")
    with contextlib.ExitStack() as stack:
        folder = options.keep or stack.enter_context(tempfile.TemporaryDirectory())
        os.makedirs(folder, exist_ok=True)
        bed = Bed(folder, options)
        for name in options.rows or ROWS:
            try:
                ROWS[name](bed)
            except Stopped as error:
                say(name, "-", f"stopped: {error}")


if __name__ == "__main__":
    main()
