"""What the tests of `bench gate` share: commands, objects and builds to compare, and what must be true of every gate."""
import functools
import json
import math
import os
import re
import subprocess
import tempfile
from pathlib import Path

import validate as strict
from tap import FAULTY, ROOT, nothing_left, start

FEW = ["--items", "2", "--rounds", "3"]
VALIDATOR = strict.make_validator("gate")
TOOL_C = """
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const int variant = VARIANT;

int main(int argc, char **argv)
{
	volatile unsigned sum = 0;

	if (strcmp(argv[1], "spin") == 0)
		for (long i = atol(argv[2]); i > 0; i--)
			sum += (unsigned)i;
	if (strcmp(argv[1], "sleep") == 0)
		usleep((useconds_t)atol(argv[2]) * 1000);
	if (strcmp(argv[1], "unless_null") == 0) {
		struct stat out, null;

		if (fstat(1, &out) || stat("/dev/null", &null) || out.st_rdev != null.st_rdev)
			for (long i = atol(argv[2]); i > 0; i--)
				sum += (unsigned)i;
	}
	if (strcmp(argv[1], "print") == 0)
		printf("%s\\n", argv[2]);
	if (strcmp(argv[1], "exit") == 0)
		return atoi(argv[2]);
	if (strcmp(argv[1], "raise") == 0)
		raise(atoi(argv[2]));
	if (strcmp(argv[1], "note") == 0) {
		FILE *file = fopen(argv[2], "a");

		for (int i = 3; i < argc; i++)
			fprintf(file, "[%s]", argv[i]);
		fprintf(file, "\\n");
	}
	return 0;
}
"""
WORKLOAD_C = """
#include <workloads/workload.h>
#include <signal.h>
#include <unistd.h>

static int spin_open(const struct workload_options *options, struct workload_state *state)
{
	state->items = options->items ? options->items : 4;
	state->output_max = sizeof(unsigned);
	return 0;
}

static int spin_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	static _Thread_local unsigned rounds;
	volatile unsigned sum = 0;

	(void)data, (void)in;
	rounds += item == 0;
	BEFORE
	for (long i = 0; i < SPINS; i++)
		sum += (unsigned)i;
	*(unsigned *)out->data = (unsigned)item;
	out->size = sizeof(unsigned);
	return 0;
}

#define WORKLOAD(NAME) const struct workload workload_##NAME = { .abi = ABI, .name = #NAME, .summary = "spins", \\
	.item = "spin", .open = spin_open, .work = spin_work }
WORKLOADS
"""


# ---- What is run ----

made = tempfile.TemporaryDirectory(prefix="bench-gate-")


def compiled(name, source, *flags):
    folder = Path(made.name, str(os.getpid()))  # cases run in several processes
    folder.mkdir(exist_ok=True)
    path = folder / name
    command = [*os.environ["CC"].split(), "-O1", "-x", "c", "-", *flags, "-o", path]
    subprocess.run(command, input=source, text=True, check=True, capture_output=True)
    return path


@functools.cache
def tool(variant=0):
    return compiled(f"tool-{variant}", TOOL_C, f"-DVARIANT={variant}")


def command(*words):
    return " ".join([str(tool()), *map(str, words)])


QUICK, SLOW = ("spin", 2000000), ("spin", 20000000)  # about 6 ms and 60 ms


@functools.cache
def workload(name, spins=30000, workloads="WORKLOAD(spin);", abi="BENCH_WORKLOAD_ABI", before=""):
    """`before`: what an item does first, in C; it knows `item` and `rounds`, how often this thread has begun item 0."""
    return str(compiled(f"{name}.so", WORKLOAD_C, f"-DSPINS={spins}", f"-DWORKLOADS={workloads}", f"-DABI={abi}",
                        f"-DBEFORE={before}", f"-I{ROOT}", "-shared", "-fPIC"))


def quick_object():
    return workload("quick")


def slow_object():
    return workload("slow", 300000)


# ---- The gate ----

def load(folder="out"):
    """The valid gate of a folder."""
    file = Path(folder) / "gate.json"
    found = strict.flaws(file, VALIDATOR)
    assert not found, found
    return json.loads(file.read_text())


def gate(a, b, *arguments, status=0, **options):
    """A gate of two commands or objects; returns what it found."""
    return ask("--a", str(a), "--b", str(b), *arguments, status=status, **options)


def ask(*arguments, status=0, **options):
    """Runs a gate, which leaves nothing behind but its report, and is consistent in itself."""
    process = start("gate", *arguments, "--output", "out", **options)
    out, err = process.communicate(timeout=300)
    assert process.returncode == status, f"status {process.returncode}, not {status}\n{out}\n{err}"
    nothing_left(process)
    found = load()
    assert " ".join(out.split()).endswith(f"{found['conclusion']} {Path('out').absolute()}"), out
    says_what_the_table_says(found["conclusion"])
    assert Path("out/gate.md").exists() and "</html>" in Path("out/gate.html").read_text()
    is_consistent(found)
    return found


def says_what_the_table_says(conclusion):
    """The slow-down and its bounds are rounded alike in the sentence and in the table."""
    said = re.search(r"is ([\d.]+) % slower \(([\d.]+) to ([\d.]+) %\)", conclusion)
    if said:
        theta, low, high = said.groups()
        cells = [cell.strip() for cell in Path("out/gate.md").read_text().split("|")]
        assert f"+{theta} %" in cells and f"+{low} to +{high} %" in cells, (conclusion, cells)


def refused(*arguments, **options):
    """An error in one line; nothing is left of it, not even a folder. Returns what was said."""
    process = start("gate", *arguments, "--output", "refused", **options)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 2 and not out, (process.returncode, out, err)
    assert len(err.splitlines()) == 1 and err.startswith("bench: "), err
    nothing_left(process, "refused")
    return err


# ---- Builds ----

# It sleeps instead of computing, since the same code at other addresses may be twice as slow. It sleeps longer than a
# process waits for its turn where others work.
CELL = ["--workload", "wait", "--mode", "sequential", *FEW]
CELL_ID = "wait/sequential/-/-/1"


def other_build(name="other"):
    """A program that does the same and has another content."""
    Path(name).write_text(f'#!/bin/sh\nexec "{FAULTY}" "$@"\n')
    Path(name).chmod(0o755)
    return f"./{name}"


def timed_build(slower=1, turns=1):
    """A program whose `faulty` sleeps so many times as long; without turns it is as old as those before there were pairs."""
    Path("timed").write_text(f"""#!/bin/sh
export FAULTY_SLOWER={slower}
[ "$1" = list ] || exec "{FAULTY}" "$@"
"{FAULTY}" "$@" | sed 's/"turns": [0-9]*/"turns": {turns}/'
""")
    Path("timed").chmod(0o755)
    return "./timed"


# ---- What must be true of every gate ----

def critical(strata, alpha):
    """The largest c with P(U <= c) <= alpha, in fractions of all orders: van Elteren's test, exact."""
    one = [0] * 17
    for chosen in range(256):
        if chosen.bit_count() == 4:
            one[sum(1 for i in range(8) for k in range(i) if chosen >> i & 1 and not chosen >> k & 1)] += 1
    law = [1]
    for _ in range(strata):
        law = [sum(law[u - v] * one[v] for v in range(17) if 0 <= u - v < len(law)) for u in range(len(law) + 16)]
    c, below = -1, 0
    while below + law[c + 1] <= alpha * sum(law):
        below += law[c + 1]
        c += 1
    return c


def shift(blocks, side, alpha_low, alpha_high):
    """(theta, low, high) of a side against A."""
    logs = [{who: [math.log(run["x_ns"]) for run in block["runs"] if run["side"] == who] for who in ("a", side)}
            for block in blocks]
    d = sorted(b - a for block in logs for b in block[side] for a in block["a"])
    theta = (d[len(d) // 2 - 1] + d[len(d) // 2]) / 2
    return theta, d[critical(len(blocks), alpha_low)], d[-1 - critical(len(blocks), alpha_high)]


def signed_rank(pairs, alpha):
    """The largest c with P(W+ <= c) <= alpha, where all signs are equally likely; -1: there is none."""
    law = [1]
    for rank in range(1, pairs + 1):
        law = [(law[w] if w < len(law) else 0) + (law[w - rank] if w >= rank else 0) for w in range(len(law) + rank)]
    c, below = -1, 0
    while c + 1 < len(law) and below + law[c + 1] <= alpha * 2 ** pairs:
        below += law[c + 1]
        c += 1
    return c


def walsh(d, alpha_low, alpha_high):
    """(theta, low, high) of pairs."""
    averages = sorted((d[i] + d[k]) / 2 for i in range(len(d)) for k in range(i + 1))
    low, high = signed_rank(len(d), alpha_low), signed_rank(len(d), alpha_high)
    theta = (averages[(len(averages) - 1) // 2] + averages[len(averages) // 2]) / 2
    return theta, averages[low] if low >= 0 else -math.inf, averages[-1 - high] if high >= 0 else math.inf


def ratios(pairs, side, which="undisturbed_ns"):
    return [math.log(pair[side][which] / pair["a"][which]) for pair in pairs]


def is_shift(found, expected):
    assert all(math.isclose(found[key], value, abs_tol=1e-8) if math.isfinite(value) else found[key] is None
               for key, value in zip(("theta", "low", "high"), expected)), (found, expected)


def counted(cell, stage):
    return [block for block in cell["blocks"] if block["stage"] == stage and not block["dropped"]]


def verdict_of(low, high, found):
    if high < math.log1p(found["tolerance"]):
        return "pass"
    return "regressed" if low > found["margin"] else "cannot tell"


def is_from_blocks(cell, found):
    """The bounds and the verdict of a cell follow from its times."""
    tested = counted(cell, "test")
    blocks, levels = (tested, (found["level"], 0.0035)) if tested else (counted(cell, "screen"), (0.05, 0.05))
    expected = shift(blocks, "b", *levels)
    is_shift(cell["slowdown"], expected)
    assert cell["runs_a_side"] == 4 * len(blocks), cell
    if tested and cell["runs_a_side"]:
        assert cell["verdict"] == verdict_of(*expected[1:], found), cell


def is_from_pairs(cell, found):
    """The bounds and the verdict of a cell follow from its pairs."""
    pairs, level = cell["pairs"], found["level"]
    d, means = ratios(pairs, "b"), ratios(pairs, "b", "mean_ns")
    reached = 2.0 ** -len(pairs) if len(pairs) >= 5 else 0
    assert math.isclose(cell["levels"]["low"], max(level, reached)), cell["levels"]
    assert math.isclose(cell["levels"]["high"], max(0.0035, reached)), cell["levels"]
    is_shift(cell["slowdown"], walsh(d, *cell["levels"].values()))
    assert cell["runs_a_side"] == len(pairs) and not cell["blocks"] and not cell["screened"], cell
    _, low, high = walsh(d, level, 0.0035)
    mean, mean_low, _ = walsh(means, 0.0005 / len(found["cells"]), 0.0005)
    if cell["verdict"] == "pass":
        assert high < math.log1p(found["tolerance"]), cell
    if cell["verdict"] == "regressed":
        typical = low > found["margin"] and high >= math.log1p(found["tolerance"])
        assert cell["kind"] == ("typical" if typical else "rare"), cell
        assert typical or (mean > math.log1p(found["tolerance"]) and mean_low > 0), cell
    else:
        assert cell["kind"] is None, cell


def carrier_of(found):
    return next(cell for cell in found["cells"] if cell["id"] == found["controls"]["aa"]["cell"])


def controls_are_from_pairs(found):
    """All pairs of the cell that carries the controls count in both."""
    pairs = carrier_of(found)["pairs"]
    assert all(pair["control"] for pair in pairs), carrier_of(found)["id"]
    own = [d - pair["added"] for d, pair in zip(ratios(pairs, "control"), pairs)]
    least = math.log1p(max(0.02, 2 * found["tolerance"]))
    is_shift(found["controls"]["aa"], walsh(own, 0.0035, 0.0035))
    is_shift(found["controls"]["plus"], walsh([d + max(pair["added"], least) for d, pair in zip(own, pairs)], 0.0035,
                                              0.0035))
    assert math.isclose(found["margin"], min(0.005, abs(found["controls"]["aa"]["theta"])), abs_tol=1e-8)
    assert found["controls"]["aa"]["holds"] and found["controls"]["plus"]["holds"], found["controls"]


def controls_are_from_blocks(found):
    carrier = carrier_of(found)
    blocks = counted(carrier, "test") or counted(carrier, "screen")
    theta, low, high = shift(blocks, "control", 0.0035, 0.0035)
    added = math.log1p(max(0.02, 2 * found["tolerance"]))
    is_shift(found["controls"]["aa"], (theta, low, high))
    is_shift(found["controls"]["plus"], (theta + added, low + added, high + added))
    assert math.isclose(found["margin"], min(0.005, abs(theta)), abs_tol=1e-8)
    assert found["controls"]["aa"]["holds"] and found["controls"]["plus"]["holds"], found["controls"]


def is_consistent(found):
    """Pairs and blocks are complete, bounds and verdicts follow from them, and the verdict in all from those of the cells."""
    carrier = next((cell for cell in found["cells"] if not cell["failure"]), None)
    for cell in found["cells"]:
        for block in cell["blocks"]:
            sides = sorted(run["side"] for run in block["runs"])
            assert sides == ["a"] * 4 + ["b"] * 4 + ["control"] * 4 * (cell is carrier), sides
        if cell["slowdown"] and found["method"] == "timing":
            is_from_pairs(cell, found) if cell["pairing"] else is_from_blocks(cell, found)
    if found["controls"]["aa"] and found["method"] == "timing":
        controls_are_from_pairs(found) if carrier_of(found)["pairing"] else controls_are_from_blocks(found)
    verdicts = [cell["verdict"] for cell in found["cells"] if not (cell["allowed"] and cell["verdict"] == "regressed")]
    worst = [verdict for verdict in ("regressed", "cannot tell") if verdict in verdicts] or ["pass"]
    assert found["verdict"] == worst[0], found["conclusion"]
    word = "failed" if any(cell["failure"] for cell in found["cells"]) else worst[0]
    assert found["conclusion"].startswith(f"{word}: "), found["conclusion"]
