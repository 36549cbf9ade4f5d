#!/usr/bin/env python3
"""Gates on this machine, live: how often `bench gate` is right about two commands whose difference is known.

    tests/peers/live_gates.py [--same N] [--slower N] [GATE-OPTION...]

A program that computes for about 100 ms is held against itself (40 times; a word that it ignores keeps the gate from
seeing that both sides are the same), and against itself with 2 % more to compute (20 times). Prints Markdown: shares of
the verdicts, the runs that they took, what the controls said, and each gate that was wrong with its seed. About 4 to 30 s
a gate. Exit status 0, whatever comes out.
"""
import argparse
import json
import math
import os
import shlex
import statistics
import subprocess
import tempfile

from turns import ROOT

PROGRAM = r"""
#include <stdint.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
	uint64_t x = 88172645463325252u;

	for (long i = atol(argv[1]); i > 0; i--) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x == 1;
}
"""
TURNS = 40_000_000  # 100 ms or so


def gate(program, slowdown, seed, folder, options):
    """The file of one gate."""
    sides = [f"{program} {TURNS} a", f"{program} {round(TURNS * (1 + slowdown))} b"]
    subprocess.run([ROOT / "bench", "gate", "--a", sides[0], "--b", sides[1], "--seed", str(seed), "--output", folder,
                    "--no-plots", "--quiet", *options], stdout=subprocess.DEVNULL)
    with open(os.path.join(folder, "gate.json"), encoding="utf-8") as file:
        return json.load(file)


def upper_bound(wrong, count):
    """Of Clopper and Pearson, one-sided 95 %: the share at which so few or fewer come out with 5 %."""
    low, high = 0.0, 1.0
    for _ in range(60):
        p = (low + high) / 2
        tail = sum(math.comb(count, k) * p**k * (1 - p) ** (count - k) for k in range(wrong + 1))
        low, high = (p, high) if tail > 0.05 else (low, p)
    return high


def row(name, gates, wrong):
    cells = [g["cells"][0] for g in gates]
    shares = [sum(g["verdict"] == v for g in gates) for v in ("pass", "regressed", "cannot tell")]
    runs = [c["runs_a_side"] for c in cells]
    estimates = sorted(100 * math.expm1(c["slowdown"]["theta"]) for c in cells)
    bad = sum(g["verdict"] == wrong for g in gates)
    above = sum(c["slowdown"]["low"] > 0 for c in cells)
    control = sum(not (g["controls"]["aa"]["holds"] and g["controls"]["plus"]["holds"]) for g in gates)
    floor = statistics.median(g["noise_floor"] for g in gates)
    return [name, len(gates), *shares, f"{bad} (at most {100 * upper_bound(bad, len(gates)):.1f} %)", above,
            f"{statistics.median(runs):.0f}", f"{statistics.mean(runs):.0f}",
            f"{statistics.median(estimates):+.2f} ({estimates[0]:+.2f} to {estimates[-1]:+.2f})", f"{100 * floor:.2f}",
            control]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--same", type=int, default=40)
    parser.add_argument("--slower", type=int, default=20)
    options, rest = parser.parse_known_args()
    head = ["B is", "gates", "pass", "regressed", "cannot tell", "wrong", "L > 0", "runs a side, median", "mean",
            "slow-down found, %: median (range)", "noise floor, %", "controls failed"]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        source, program = os.path.join(folder, "loop.c"), os.path.join(folder, "loop")
        with open(source, "w", encoding="utf-8") as file:
            file.write(PROGRAM)
        subprocess.run([*shlex.split(os.environ.get("CC", "cc")), "-O1", "-o", program, source], check=True)
        for name, slowdown, count, wrong in (("the same", 0, options.same, "regressed"),
                                             ("2 % slower", 0.02, options.slower, "pass")):
            gates = [gate(program, slowdown, seed, os.path.join(folder, f"{wrong}{seed}"), rest)
                     for seed in range(1, count + 1)]
            print("| " + " | ".join(str(value) for value in row(name, gates, wrong)) + " |", flush=True)
            for g in gates:
                if g["verdict"] == wrong:
                    print(f"\n{name}, seed {g['seed']}: {g['conclusion']}", flush=True)


if __name__ == "__main__":
    main()
