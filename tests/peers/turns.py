"""What the scripts here share: contestants measured in turns, so that a slow phase of the machine meets all of them."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DISTRIBUTION = "/usr/bin/python3"  # the Python that packages are for


def module_missing(error, packages):
    """An import has failed: begins again with the distribution's Python; if it is that already, ends with status 77."""
    if sys.executable != DISTRIBUTION and os.access(DISTRIBUTION, os.X_OK):
        os.execv(DISTRIBUTION, [DISTRIBUTION, *sys.argv])
    print(f"skipped: {sys.executable} has no module '{error.name}': install {packages}", file=sys.stderr)
    sys.exit(77)


def build(source, folder, *flags):
    """Compiles a file of this folder; returns the program."""
    program = Path(folder, Path(source).stem)
    subprocess.run([os.environ.get("CC", "gcc"), "-O2", HERE / source, "-o", program, *flags], check=True)
    return program


def package_flags(package):
    """What the compiler needs for a library; None where it is missing."""
    try:
        found = subprocess.run(["pkg-config", "--cflags", "--libs", package], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return found.stdout.split() if found.returncode == 0 else None


def numbers_of(program, *arguments, **environment):
    """The numbers that a program prints, one a line."""
    out = subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, text=True,
                         env={**os.environ, **environment}).stdout
    return [float(line) for line in out.split()]


def bench(folder, *arguments):
    """The cells of a run with 2 workers in one invocation: the sequential baseline, and those that are available."""
    output = tempfile.mkdtemp(dir=folder)
    done = subprocess.run([os.environ.get("BENCH", ROOT / "bench"), *map(str, arguments), "--workers", "2", "--invocations",
                           "1", "--no-plots", "--quiet", "--output", output], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise SystemExit(f"bench {' '.join(map(str, arguments))}: {done.stderr.strip()}")
    run = json.loads(Path(output, "run.json").read_text())
    failed = [cell["id"] for cell in run["cells"] if cell["status"] == "failed"]
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")
    return [cell for cell in run["cells"] if cell["status"] == "ok"]


def wall_ns(cell):
    return cell["summary"]["wall_ns"]["median"]


def take_turns(contestants, turns, limit_s):
    """Calls each of them once a turn; each returns a dict of numbers by name. Returns a dict of lists by name, in turns.
    Ends after the turn in which the time is up."""
    found, start = {}, time.monotonic()
    for turn in range(turns):
        # who comes first in a turn changes, so that nobody always follows the same neighbour
        for measure in contestants if turn % 2 == 0 else reversed(contestants):
            for name, number in measure().items():
                found.setdefault(name, []).append(number)
        if time.monotonic() - start > limit_s:
            break
    return found


def ratio(found, name, other):
    """The median of the ratios of each turn."""
    return statistics.median(one / base for one, base in zip(found[name], found[other]))


def say_target(what, value, limit, unit=""):
    """`value` shall be at most `limit`."""
    shown = f"{value:.2f}" if not unit else f"{value:.0f} {unit}"
    print(f"target: {what}: {shown}: {'met' if value <= limit else 'not met'}")
