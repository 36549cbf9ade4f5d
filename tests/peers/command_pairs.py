#!/usr/bin/env python3
"""Which pairs of runs tell best whether a command is slower: records runs of programs, and draws gates from them.

    tests/peers/command_pairs.py record FILE [--chunks N] [--busy]
    tests/peers/command_pairs.py draw FILE [--gates N] [--slower SHARE]

`record` runs six programs of 5, 50 and 300 ms in chunks of 32 runs, and adds a line of JSON to FILE for each chunk: how
it was run, and of each run wall time and CPU time, in ns. A chunk is unbound or bound to one drawn processor, and its
runs have addresses of their own or all the same ones, and so has the length of their environment; chunks of all kinds
take turns. `--busy`: a program computes on the last processor meanwhile. Ten chunks of each kind take 10 to 30 minutes.

`draw` makes pairs of N runs of A and N of B out of chunks, in random order, puts the slow-down on B, takes one number of
each side, and lets a gate look at 9, 12, 16 and 24 pairs as `bench gate` does, at its levels and with a tolerance of 1 %.
Prints Markdown: how often, of 100 gates, it says `regressed` with the slow-down, and without it, and by how much single
runs of a chunk scatter. A minute or so for each program. Exit status 0, whatever comes out.
"""
import argparse
import ctypes
import json
import math
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

RUNS = 32  # of a chunk
ADDR_NO_RANDOMIZE = 0x0040000
LIBC = ctypes.CDLL(None, use_errno=True)
LOOKS = {9: 0, 12: 6, 16: 17, 24: 57}  # pairs: the most that the ranks below 0 may sum up to
LINE = "the quick brown fox %d jumps over the lazy dog %d\n"


# ---- Record ----

# How long it should take, in ms (None: as it is), and its words: "TEXT" is a file of a size that is found, "TURNS" the
# size itself.
PROGRAMS = {"hash": (5, ["sha256sum", "TEXT"]), "grep": (5, ["grep", "-c", "fox 7.*dog 3x", "TEXT"]),
            "python": (None, ["python3", "-c", "pass"]), "sort": (50, ["sort", "--parallel=1", "TEXT"]),
            "gzip": (50, ["gzip", "-c", "TEXT"]), "loop": (300, ["awk", "BEGIN { while (i < TURNS) i++ }"])}


def command(folder, name, size):
    words = PROGRAMS[name][1]
    file = Path(folder, f"{name}.txt")
    if "TEXT" in words:
        numbers = random.Random(1)
        file.write_text("".join(LINE % (numbers.randrange(10000), numbers.randrange(10000)) for _ in range(size // 50)))
    return [word.replace("TEXT", str(file)).replace("TURNS", str(size)) for word in words]


def run(words, padding):
    """Wall time and CPU time of one run, in ns."""
    environment = dict(os.environ, PADDING="x" * padding)
    nowhere = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
    began = time.monotonic_ns()
    pid = os.posix_spawnp(words[0], words, environment, file_actions=nowhere)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    wall = time.monotonic_ns() - began
    used = os.wait4(pid, 0)[2]
    return wall, round((used.ru_utime + used.ru_stime) * 1e9)


def sized(folder, name):
    """The command, as large as takes its time on this machine."""
    size, wanted = 20000, PROGRAMS[name][0]
    while wanted:
        words = command(folder, name, size)
        took = min(run(words, 0)[1] for _ in range(3)) / 1e6
        if took > wanted * 0.8:
            break
        size = round(size * min(4, max(1.2, wanted / took)))
    return command(folder, name, size)


def chunk(words, bound, same):
    """The runs of one chunk, and the processor that they were bound to."""
    mask = os.sched_getaffinity(0)
    cpu = random.choice(sorted(mask)) if bound else -1
    before = LIBC.personality(0xffffffff)
    padding = random.randrange(4096)
    try:
        if bound:
            os.sched_setaffinity(0, [cpu])
        if same:
            LIBC.personality(before | ADDR_NO_RANDOMIZE)
        return cpu, [run(words, padding if same else random.randrange(4096)) for _ in range(RUNS)]
    finally:
        LIBC.personality(before)
        os.sched_setaffinity(0, mask)


def record(options):
    """Appends chunks to the file."""
    settings = [(bound, same) for bound in (False, True) for same in (False, True)]
    spinner = None
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as folder, open(options.file, "a", encoding="utf-8") as out:
        commands = {name: sized(folder, name) for name in PROGRAMS}
        try:
            if options.busy:
                spinner = subprocess.Popen(["taskset", "-c", str(max(os.sched_getaffinity(0))), "awk",
                                            "BEGIN { while (1) i++ }"])
            for _ in range(options.chunks):
                for name, words in commands.items():
                    for bound, same in random.sample(settings, len(settings)):
                        cpu, runs = chunk(words, bound, same)
                        json.dump({"program": name, "busy": options.busy, "bound": bound, "same": same, "cpu": cpu,
                                   "load": os.getloadavg()[0], "runs": runs}, out)
                        out.write("\n")
                        out.flush()
        finally:
            if spinner:
                spinner.kill()
                spinner.wait()


# ---- Draw ----

NUMBERS = {"mean": statistics.fmean, "least": min, "lower quartile": lambda v: quantile(v, 0.25),
           "median": lambda v: quantile(v, 0.5)}


def quantile(values, share):
    ranked, place = sorted(values), share * (len(values) - 1)
    low = int(place)
    return ranked[low] + (ranked[min(low + 1, len(ranked) - 1)] - ranked[low]) * (place - low)


def ranks_above(values):
    """W+: the sum of the ranks of those above 0, among all by their distance from it."""
    return sum(rank for rank, value in enumerate(sorted(values, key=abs), 1) if value > 0)


def verdict(pairs, tolerance=0.01):
    for count, most in LOOKS.items():
        seen = pairs[:count]
        below = count * (count + 1) // 2 - ranks_above(seen)
        passes = ranks_above([value - math.log1p(tolerance) for value in seen]) <= most
        if below <= most and not passes:
            return "regressed"
        if passes:
            return "pass"
    return "cannot tell"


def pair(runs, count, clock, number):
    """ln(B/A) of a pair within a chunk: in each of its rounds, which run was A is drawn."""
    first, sides = random.randrange(len(runs) - 2 * count + 1), ([], [])
    for i in range(first, first + 2 * count, 2):
        which = random.randrange(2)
        sides[which].append(runs[i][clock])
        sides[1 - which].append(runs[i + 1][clock])
    return math.log(number(sides[1]) / number(sides[0]))


def share_regressed(chunks, count, clock, number, options, slower):
    gates = [[pair(random.choice(chunks), count, clock, number) + math.log1p(slower) for _ in range(max(LOOKS))]
             for _ in range(options.gates)]
    return sum(verdict(gate) == "regressed" for gate in gates) / options.gates


def scatter(chunks, clock):
    """Standard deviation of ln(time) of the runs of a chunk, %: the median over the chunks."""
    return 100 * statistics.median(statistics.stdev(math.log(run[clock]) for run in runs) for runs in chunks)


def draw(options):
    """Prints a table."""
    chunks = defaultdict(list)
    for line in Path(options.file).read_text(encoding="utf-8").splitlines():
        found = json.loads(line)
        kind = ("bound" if found["bound"] else "unbound", "same" if found["same"] else "random")
        chunks[found["program"], "busy" if found["busy"] else "as it is", *kind].append(found["runs"])
    sizes = [1, 4, 8, RUNS // 2]
    print(f"Of {options.gates} gates, how many said `regressed`: +{100 * options.slower:g} % (equal)\n")
    print("| program | machine | processor | addresses | clock | scatter | number |",
          " | ".join(f"{size} run{'s' * (size > 1)} a side" for size in sizes), "|")
    print("|---|---|---|---|---|---|---|" + "---|" * len(sizes))
    for kind, runs in sorted(chunks.items()):
        for clock, clock_name in enumerate(["wall", "CPU"]):
            for name, number in NUMBERS.items():
                cells = [" ".join(f"{100 * share_regressed(runs, size, clock, number, options, slower):.0f}"
                                  for slower in (options.slower, 0)).replace(" ", " (") + ")" for size in sizes]
                words = [*kind, clock_name, f"{scatter(runs, clock):.1f} %", name, *cells]
                print("|", " | ".join(words), "|", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(required=True)
    for function in (record, draw):
        verb = verbs.add_parser(function.__name__)
        verb.set_defaults(function=function)
        verb.add_argument("file")
        if function is record:
            verb.add_argument("--chunks", type=int, default=10, help="of each program and kind")
            verb.add_argument("--busy", action="store_true", help="with a program that computes beside them")
        else:
            verb.add_argument("--gates", type=int, default=100)
            verb.add_argument("--slower", type=float, default=0.02)
    options = parser.parse_args()
    options.function(options)


main()
