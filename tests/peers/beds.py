"""The bed of lockstep.py: objects and commands that differ as is known, a machine that is busy as is wanted, gates, and pairs
that are recorded and drawn from."""
import contextlib
import json
import math
import os
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

from turns import HERE, ROOT

BENCH = os.environ.get("BENCH", ROOT / "bench")
DRAWING = ROOT / "build/tests/benchmark-pair_error_rates"
# name: macros of lockstep.c, or the name of a workload
PROGRAMS = {
    "computing": {"LOOPS": 100_000, "ITEMS": 100},
    "hash": "hash",
    "resize": "resize",
    "sorting": {"SORTED": 5000, "ITEMS": 100},
    "sorting, 4 ms": {"SORTED": 45_000, "ITEMS": 20},
    "touching": {"LOOPS": 60_000, "ITEMS": 100, "TOUCHED": 1 << 19},
}


class Stopped(Exception):
    """Something that cannot be measured."""


# ---- The machine ----

def spin(processors, on_s=math.inf, off_s=0):
    """A process that spins on each of the first `processors`, or now and then; no longer than this process lives."""
    pids, parent = [], os.getpid()
    for cpu in sorted(os.sched_getaffinity(0))[:processors]:
        pid = os.fork()
        if pid == 0:
            os.sched_setaffinity(0, {cpu})
            while os.getppid() == parent:
                until = time.monotonic() + on_s
                while time.monotonic() < until and os.getppid() == parent:
                    pass
                time.sleep(off_s)
            os._exit(0)
        pids.append(pid)
    return pids


@contextlib.contextmanager
def busy(*arguments):
    pids = spin(*arguments)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


# ---- What is compared ----

def compile_lockstep(target, macros):
    words = {"LOOPS": 0, "SORTED": 0, "ITEMS": 1, "MORE": 0, "RARE": 0, "SLOW_PART": 0, "TOUCHED": 0,
             **macros}
    flags = [f"-D{name}={value}" for name, value in words.items()]
    if "COMMAND" not in macros:
        flags += ["-shared", "-fPIC"]
    subprocess.run([*shlex.split(os.environ.get("CC", "gcc")), "-O2", "-std=gnu17", f"-I{ROOT}", *flags,
                    HERE / "lockstep.c", "-o", target], check=True)


def compile_workload(target, name, label):
    folder = ROOT / "workloads"
    subprocess.run([*shlex.split(os.environ.get("CC", "gcc")), "-O2", "-std=gnu17", "-D_GNU_SOURCE", "-shared", "-fPIC",
                    "-falign-functions=64", "-falign-loops=64", "-ffp-contract=off", f"-I{ROOT}", folder / f"{name}.c",
                    *sorted(folder.glob("parts/*.c")), "-x", "c", "-", "-o", target, "-ljpeg", "-lm"],
                   input=f'const char label[] = {label};', text=True, check=True)


class Bed:
    """Where everything is built, measured and kept."""

    def __init__(self, folder, options):
        self.folder, self.options, self.seed = Path(folder).resolve(), options, 0

    def side(self, program, side, **more):
        """A build of a program that differs from the other side in a string, and by what is told."""
        what = PROGRAMS.get(program, program)
        target = self.folder / f"{program.split(',')[0]}-{len(list(self.folder.iterdir()))}-{side}.so"
        if isinstance(what, str):
            compile_workload(target, what, f'"{side}"')
        else:
            compile_lockstep(target, {"LABEL": f'"{side}"', **what, **more})
        return target

    def gate(self, a, b, *arguments):
        """One gate: what it wrote, and how many seconds it took."""
        self.seed += 1
        output, start = self.folder / f"gate-{self.seed}", time.monotonic()
        done = subprocess.run([BENCH, "gate", "--a", a, "--b", b, "--seed", str(self.seed), "--no-plots", "--quiet",
                               "--output", output, *arguments], capture_output=True, text=True)
        seconds = time.monotonic() - start
        if done.returncode not in (0, 1, 4):
            raise Stopped(f"bench gate: {done.stderr.strip()}")
        found = json.loads((output / "gate.json").read_text())
        if not self.options.keep:
            shutil.rmtree(output)
        return found, seconds

    def run(self, *arguments):
        """One run: what it wrote, and how many seconds it took."""
        self.seed += 1
        output, start = self.folder / f"run-{self.seed}", time.monotonic()
        done = subprocess.run([BENCH, *arguments, "--no-plots", "--quiet", "--output", output], capture_output=True,
                              text=True)
        if done.returncode not in (0, 3, 4):
            raise Stopped(f"bench {' '.join(arguments)}: {done.stderr.strip()}")
        return json.loads((output / "run.json").read_text()), time.monotonic() - start

    def record(self, a, b, *arguments):
        """So many pairs of one cell as are asked for: with hardly a tolerance a gate of the same is not decided."""
        pairs = []
        while len(pairs) < self.options.pairs:
            most = max(12, min(400, self.options.pairs - len(pairs)))
            found, _ = self.gate(a, b, *arguments, "--tolerance", "0.0001%", "--max-runs", str(most), "--budget", "20m")
            pairs += found["cells"][0]["pairs"]
            if not found["cells"][0]["pairs"]:
                raise Stopped(f"no pairs: {found['conclusion']}")
        return pairs

    def draw(self, pairs, slowdown=0, tolerance=0.01, cells=1, labels="drawn"):
        """Shares of the verdicts in gates that are drawn from pairs."""
        self.seed += 1
        path = self.folder / f"pairs-{self.seed}.txt"
        path.write_text("".join(line_of(pair) for pair in pairs))
        out = subprocess.run([DRAWING, path, str(self.options.drawn), str(slowdown), str(tolerance), str(cells), labels],
                             check=True, capture_output=True, text=True).stdout
        passed, regressed, _, unclear, _, _ = map(float, out.split())
        return {name: count / self.options.drawn for name, count in
                [("pass", passed), ("regressed", regressed), ("cannot tell", unclear)]}


def line_of(pair):
    """As pairs_read() of tests/gates/pair_series.h reads it, without the control, which not every pair has."""
    return " ".join(str(pair[side][key]) for side in "ab" for key in ("undisturbed_ns", "mean_ns")) + "\n"


def differences(pairs, key="undisturbed_ns"):
    return [math.log(pair["b"][key] / pair["a"][key]) for pair in pairs]
