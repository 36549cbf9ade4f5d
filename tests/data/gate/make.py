#!/usr/bin/python3
"""Makes the gates that tests/unit/gate_report.c shows: make.py, without arguments, writes them beside itself.

Always the same ones. Times are drawn, bounds and verdicts follow from them as in a real gate."""

import json
import math
import random
from pathlib import Path

HERE = Path(__file__).resolve().parent
CRITICAL = {3: 7, 6: 24, 9: 43, 12: 63}  # of 4 + 4 runs in so many blocks, each bound at 0.0035
SCREEN_CRITICAL = {3: 13}  # at 0.05
SIDE_RUNS = 4
MARGIN = 0.0008
TOLERANCE = 0.01


def shift(blocks, critical, side="b"):
    """The median of all differences of ln(time), with its bounds."""
    found = []
    for block in blocks:
        if not block["dropped"]:
            x = {s: [math.log(run["x_ns"]) for run in block["runs"] if run["side"] == s] for s in ("a", side)}
            found += [b - a for a in x["a"] for b in x[side]]
    found.sort()
    k, half = critical[len(found) // SIDE_RUNS ** 2], len(found) // 2
    return {"theta": (found[half - 1] + found[half]) / 2, "low": found[k], "high": found[len(found) - k - 1]}


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now_ns = 0
        self.drift = 0.0

    def run(self, side, base_ns, slower, spread):
        wall_ns = base_ns * math.exp(self.drift + self.random.gauss(0, spread) + (slower if side == "b" else 0))
        if self.random.random() < 0.02:
            wall_ns *= 1 + self.random.expovariate(5)  # a spike
        self.now_ns += int(wall_ns * 5)
        return {"side": side, "x_ns": round(wall_ns), "wall_ns": round(wall_ns), "cpu_ns": round(wall_ns * 1.9),
                "run_queue_ns": round(wall_ns * 0.0005), "asleep": 0.001}

    def block(self, stage, base_ns, slower, spread, control, dropped=False):
        sides = ["a", "b"] * SIDE_RUNS + ["control"] * (SIDE_RUNS if control else 0)
        self.random.shuffle(sides)
        self.drift += self.random.gauss(0, 0.004)
        started_ns = self.now_ns
        runs = [self.run(side, base_ns * (1.04 if dropped else 1), slower, spread) for side in sides]
        return {"stage": stage, "dropped": dropped, "started_ns": started_ns,
                "disturbance": 0.034 if dropped else 0.0011, "runs": runs}

    def blocks(self, stage, count, drop, *how):
        made = [self.block(stage, *how) for _ in range(count)]
        for i in range(drop):
            made.insert(1 + 2 * i, self.block(stage, *how, dropped=True))
        return made

    def cell(self, identity, base_ns, slower, spread, control=False, screened=False, drop=0):
        cell = unmeasured(identity, None)
        how = (base_ns, slower, spread, control)
        if screened:
            cell["blocks"] = self.blocks("screen", 3, 0, *how)
            first = shift(cell["blocks"], SCREEN_CRITICAL)
            flagged = first["high"] >= math.log1p(TOLERANCE)
            cell["screened"] = {**first, "runs_a_side": 12, "flagged": flagged}
            judge(cell, first, 12, 1)
            if not flagged:
                return cell
        for look, count in enumerate(CRITICAL, 1 + screened):
            have = [b for b in cell["blocks"] if b["stage"] == "test" and not b["dropped"]]
            cell["blocks"] += self.blocks("test", count - len(have), drop if not have else 0, *how)
            tested = [b for b in cell["blocks"] if b["stage"] == "test"]
            judge(cell, shift(tested, CRITICAL), count * SIDE_RUNS, look)
            if cell["verdict"] != "cannot tell":
                break
        if cell["verdict"] == "cannot tell":
            cell["reason"] = f"not after {cell['runs_a_side']} runs a side (--max-runs)"
        cell["dropped"] = sum(b["dropped"] for b in cell["blocks"])
        return cell


# Pairs: the sum of positive ranks up to which so many are a shift, at 0.0035 and, for means, at 0.0005.
PAIR_CRITICAL = {9: 0, 12: 6, 16: 17, 24: 57}
MEAN_CRITICAL = {9: -1, 12: 1, 16: 8, 24: 40}


def walsh(values, critical):
    """The median of the averages of all two values, with its bounds; None is no bound."""
    averages = sorted((a + b) / 2 for i, a in enumerate(values) for b in values[i:])
    half, count = len(averages) // 2, len(averages)
    return {"theta": averages[half] if count % 2 else (averages[half - 1] + averages[half]) / 2,
            "low": averages[critical] if critical >= 0 else None,
            "high": averages[count - critical - 1] if critical >= 0 else None}


class Pairs:
    """Makes cells whose sides took turns."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now_ns = 0

    def side(self, base_ns, rounds, rare):
        times = [base_ns * (1 + self.random.expovariate(200)) for _ in range(rounds)]
        times = [time * (1.5 if self.random.random() < rare else 1) for time in times]
        return {"undisturbed_ns": base_ns, "mean_ns": sum(times) / rounds, "rounds_ns": [round(t) for t in times]}

    def pair(self, base_ns, slower, spread, rounds, slices, rare, control, more):
        added = math.log(1.1) if more else 0.0
        drift = self.random.gauss(0, 0.05)
        at = base_ns * math.exp(drift)
        made = {"started_ns": self.now_ns, "took_ns": int(3 * base_ns * rounds), "rounds": rounds, "slices": slices,
                "added": added, "a": self.side(at, rounds, 0),
                "b": self.side(at * math.exp(slower + self.random.gauss(0, spread)), rounds, rare),
                "control": self.side(at * math.exp(added + self.random.gauss(0, spread)), rounds, 0)
                if control else None}
        self.now_ns += made["took_ns"]
        return made

    def cell(self, identity, base_ns, slower, spread, pairing="slices", rounds=10, rare=0.0, control=False, **more):
        cell = unmeasured(identity, None)
        slices = {"slices": 200, "files": 12}.get(pairing, 1)
        cell.update(pairing=pairing, pairs=[], levels={"low": 0.0035, "high": 0.0035}, kind=None,
                    slice_ns=base_ns / slices if pairing == "slices" else None,
                    footprint=0.0004 if pairing == "slices" else None, same_addresses=True, rounds=None)
        for look, count in enumerate(PAIR_CRITICAL, 1):
            while len(cell["pairs"]) < count:
                cell["pairs"].append(self.pair(base_ns, slower, spread, rounds, slices, rare, control,
                                               len(cell["pairs"]) % 2 and pairing != "runs"))
            values = {key: [math.log(p["b"][key] / p["a"][key]) for p in cell["pairs"]]
                      for key in ("undisturbed_ns", "mean_ns")}
            judge(cell, walsh(values["undisturbed_ns"], PAIR_CRITICAL[count]), count, look)
            cell["mean"] = walsh(values["mean_ns"], MEAN_CRITICAL[count])
            if cell["verdict"] == "regressed":
                cell["kind"] = "typical"
            elif cell["mean"]["theta"] > math.log1p(TOLERANCE):
                decided = (cell["mean"]["low"] or 0) > MARGIN
                cell.update(verdict="regressed" if decided else "cannot tell", kind="rare" if decided else None)
            if cell["verdict"] != "cannot tell":
                break
        if cell["verdict"] == "cannot tell":
            cell["reason"] = "the time of --budget was over after 24 pairs; about 90 would do (--budget 4m and more " \
                             "--max-runs)"
        cell.update(more)
        return cell


def verdict_of(found):
    if found["high"] < math.log1p(TOLERANCE):
        return "pass"
    return "regressed" if found["low"] > MARGIN else "cannot tell"


def judge(cell, found, runs_a_side, looks):
    cell.update(verdict=verdict_of(found), reason=None, slowdown=found, runs_a_side=runs_a_side, looks=looks,
                smallest_shown=math.expm1(found["theta"] - found["low"] + MARGIN),
                smallest_excluded=max(0, math.expm1(found["high"])))


def unmeasured(identity, reason, verdict="cannot tell", measure="wall"):
    return {"id": identity, "verdict": verdict, "allowed": False, "reason": reason, "measure": measure,
            "slowdown": None, "runs_a_side": 0, "looks": 0, "dropped": 0, "rounds": 5, "smallest_shown": None,
            "smallest_excluded": None, "screened": None, "instructions": None, "failure": None, "blocks": []}


def pair_controls_of(cell):
    found = walsh([math.log(p["control"]["undisturbed_ns"] / p["a"]["undisturbed_ns"]) - p["added"]
                   for p in cell["pairs"]], PAIR_CRITICAL[len(cell["pairs"])])
    added = math.log1p(max(0.02, 2 * TOLERANCE))
    plus = {key: value + added for key, value in found.items()}
    return found, {"aa": {"cell": cell["id"], "verdict": verdict_of(found), "holds": True, **found},
                   "plus": {"cell": cell["id"], "verdict": verdict_of(plus), "holds": True, **plus}}


def controls_of(cell):
    aa = shift([b for b in cell["blocks"] if b["stage"] == ("screen" if cell["screened"] else "test")],
               {**CRITICAL}, "control")
    added = math.log1p(max(0.02, 2 * TOLERANCE))
    plus = {key: value + added for key, value in aa.items()}
    return aa, {"aa": {"cell": cell["id"], "verdict": verdict_of(aa), "holds": verdict_of(aa) != "regressed", **aa},
                "plus": {"cell": cell["id"], "verdict": verdict_of(plus), "holds": verdict_of(plus) != "pass",
                         **plus}}


def side(kind, name, detail, text):
    return {"kind": kind, "name": name, "detail": detail, "text": text}


def revisions():
    return {"a": side("revision", "HEAD~1", "1a2b3c4 pool: wake one worker at a time", "build of 1a2b3c4"),
            "b": side("folder", ".", "5d6e7f8 pool: wake all workers, and 2 changed files", "build of the working tree")}


def gate(cells, verdict, conclusion, **more):
    measured = [c for c in cells if c["smallest_shown"] is not None]
    made = {
        "schema": 1, "kind": "gate", "command": ["bench", "gate", "--baseline", "HEAD~1", "--tolerance", "1%"],
        "seed": 1, "started": "2026-01-31T12:00:00Z", "ended_after_ns": 312400000000, "interrupted": None,
        "versions": {"bench": "0.4.0", "compiler": "gcc 12.2.0"},
        "machine": {"cpu_model": "Example Processor", "kernel": "6.1.0", "topology": {"usable_processors": 2}},
        "sides": revisions(), "left_out": None, "build_log": None, "method": "timing", "verdict": verdict,
        "conclusion": f"{verdict}: {conclusion}", "tolerance": TOLERANCE, "margin": MARGIN, "level": 0.0035,
        "on_unclear": None, "cells": cells, "controls": {"aa": None, "plus": None}, "noise_floor": None,
        "smallest_shown": max((c["smallest_shown"] for c in measured), default=None), "doubts": [],
    }
    blocks = cells[0]["blocks"]
    if measured and cells[0]["slowdown"] and blocks and any(r["side"] == "control" for r in blocks[0]["runs"]):
        aa, made["controls"] = controls_of(cells[0])
        made["noise_floor"] = math.expm1((aa["high"] - aa["low"]) / 2)
    if measured and cells[0].get("pairs") and cells[0]["pairs"][0]["control"]:
        aa, made["controls"] = pair_controls_of(cells[0])
        made["noise_floor"] = math.expm1((aa["high"] - aa["low"]) / 2)
    return {**made, **more}


def slower(cell):
    percent = [100 * math.expm1(cell["slowdown"][key]) for key in ("theta", "low", "high")]
    return f"{cell['id']} is {percent[0]:.2g} % slower ({percent[1]:.2g} to {percent[2]:.2g} %)"


def passing():
    cell = Maker(1).cell("resize/pool/shm/dynamic:6/2", 1e8, 0.0, 0.006, control=True, drop=1)
    return gate([cell], "pass", f"nothing is slower by 1 % or more; a slow-down of {100 * cell['smallest_shown']:.2g} % "
                "would have shown")


def regressed():
    maker = Maker(2)
    cells = [maker.cell("null/pool/shm/dynamic:64/2", 2e7, 0.0, 0.002, control=True, screened=True),
             maker.cell("sumsq/threads/dynamic:8/2", 4e7, 0.0, 0.002, screened=True),
             maker.cell("resize/pool/shm/dynamic:6/2", 1e8, 0.021, 0.008, screened=True, drop=2),
             maker.cell("hash/processes:item+in_flight=4/pipe/guided:12/2", 6e7, 0.007, 0.013, screened=True),
             maker.cell("hash/pool/pipe/static/2", 6e7, 0.035, 0.006, screened=True),
             maker.cell("resize/threads/dynamic:6/2", 1e8, -0.012, 0.004, screened=True),
             unmeasured("wait/threads/dynamic:1/2", "the time of --budget was over")]
    cells[4]["allowed"] = True
    return gate(cells, "regressed", slower(cells[2]), doubts=[
        {"code": "budget", "advice": "the time was over before all cells were decided: raise --budget, or choose "
                                     "fewer cells"}])


def cannot_tell():
    cells = [Maker(14).cell("resize/pool/shm/dynamic:6/2", 1e8, 0.006, 0.03, control=True, drop=3)]
    cell = cells[0]
    return gate(cells, "cannot tell", f"{cell['id']} may be up to {100 * cell['smallest_excluded']:.2g} % slower: "
                f"{cell['reason']}", doubts=[
                    {"code": "busy", "advice": "a third or more of the blocks were disturbed by other load or stolen "
                                               "time: quieten the machine"}])


def control_failed():
    cells = [Maker(5).cell("hash/threads/dynamic:2/2", 1e8, 0.0, 0.006, control=True)]
    made = gate(cells, "cannot tell", "hash/threads/dynamic:2/2: a control failed: the baseline came out slower than "
                "itself")
    cells[0].update(verdict="cannot tell", reason="a control failed: the baseline came out slower than itself")
    made["controls"]["aa"].update(theta=0.018, low=0.009, high=0.027, verdict="regressed", holds=False)
    return made


def unchanged():
    return gate([unmeasured(f"{name}/threads/dynamic:2/2", None, "unchanged") for name in ("null", "sumsq", "hash")],
                "pass", "both sides are the same code, so nothing was run", margin=None, level=None,
                left_out="primes/threads/dynamic:2/2, which B alone has")


def failed():
    cells = [Maker(6).cell("resize/pool/shm/dynamic:6/2", 1e8, 0.0, 0.006, control=True),
             unmeasured("hash/pool/shm/dynamic:6/2", "side B failed: worker 1 ended by SIGSEGV")]
    cells[1]["failure"] = {"kind": "lost_worker", "pid": 4711, "signal": 11, "exit_status": None, "item": 17,
                           "after_ns": 1200000000, "message": "worker 1 ended by SIGSEGV",
                           "said": "reading 'big.jpg' / \\x1b[31mout of memory", "side": "b"}
    return gate(cells, "cannot tell", "hash/pool/shm/dynamic:6/2: side B failed: worker 1 ended by SIGSEGV")


def interrupted():
    cells = [unmeasured("resize/pool/shm/dynamic:6/2", "it was not measured")]
    cells[0]["blocks"] = Maker(7).blocks("test", 1, 0, 1e8, 0.0, 0.006, True)
    return gate(cells, "cannot tell", "resize/pool/shm/dynamic:6/2: it was not measured", interrupted="SIGINT")


def instructions():
    cells = [unmeasured(f"{name}/sequential/1", None, verdict, "instructions")
             for name, verdict in (("hash", "regressed"), ("resize", "pass"), ("null", "unchanged"))]
    for cell, a, b in zip(cells, (1234567890, 9876543210), (1249876543, 9876539000)):
        theta = math.log(b / a)
        cell.update(instructions={"a": a, "b": b}, slowdown={"theta": theta, "low": theta, "high": theta},
                    runs_a_side=1, looks=1)
    return gate(cells, "regressed", "hash/sequential/1 executes 1.24 % more instructions", method="instructions",
                tolerance=0.005, margin=None, level=None, smallest_shown=None)


def commands():
    cell = Maker(8).cell("command", 1.2e8, 0.022, 0.008, control=True)
    cell.update(rounds=None, measure="cpu")
    sides = {"a": side("command", "gzip -6 -c big file", None, "gzip -6 -c 'big file'"),
             "b": side("command", "gzip -7 -c big file", None, "gzip -7 -c 'big file'")}
    return gate([cell], "regressed", slower(cell), sides=sides, stdout="pipe", command=[
        "bench", "gate", "--a", "gzip -6 -c 'big file'", "--b", "gzip -7 -c 'big file'"])


def paired():
    pairs = Pairs(9)
    cells = [pairs.cell("sumsq/sequential/-/-/1", 2e7, 0.015, 0.0006, control=True,
                        instructions={"a": 812345678, "b": 812346012}),
             pairs.cell("hash/sequential/-/-/1", 4e7, 0.0004, 0.002, rare=0.1),
             pairs.cell("resize/sequential/-/-/1", 9e7, 0.0002, 0.003, slice_ns=2.1e6, footprint=0.0061),
             pairs.cell("resize/pool/shm/dynamic:6/2", 2.2e7, 0.002, 0.011, pairing="rounds", rounds=12),
             pairs.cell("wait/threads/-/dynamic:2/2", 1.2e7, -0.02, 0.004, pairing="rounds", rounds=12),
             pairs.cell("null/executor/shm/-/2", 3e6, 0.001, 0.06, pairing="rounds", rounds=12)]
    return gate(cells, "regressed", slower(cells[0]) + ", and 1 more", doubts=[
        {"code": "layout_varies", "advice": "this system keeps addresses random (personality is not permitted), so "
                                            "the sides of a pair lay differently in memory: bounds are wider"}])


def paired_files():
    cell = Pairs(11).cell("command", 3.1e8, 0.0002, 0.0011, pairing="files", rounds=3, control=True)
    sides = {"a": side("command", "old/sort {}", None, "old/sort {}"),
             "b": side("command", "new/sort {}", None, "new/sort {}")}
    return gate([cell], "pass", f"nothing is slower by 1 % or more; command by at most "
                f"{100 * cell['smallest_excluded']:.2g} %", sides=sides, stdout="null", command=[
                    "bench", "gate", "--a", "old/sort {}", "--b", "new/sort {}", "--input", "texts"])


def main():
    for make in (passing, regressed, cannot_tell, control_failed, unchanged, failed, interrupted, instructions,
                 commands, paired, paired_files):
        made = make()
        cells = ",\n".join(json.dumps(cell) for cell in made.pop("cells"))
        text = json.dumps(made)[:-1] + f', "cells": [\n{cells}\n]}}\n'
        (HERE / f"{make.__name__}.json").write_text(text, encoding="utf-8")
        print(make.__name__, [(c["verdict"], c["runs_a_side"], c["slowdown"] and round(c["slowdown"]["theta"], 4))
                              for c in json.loads(text)["cells"]])


if __name__ == "__main__":
    main()
