"""Whether B is slower than A, as a user asks it: `bench gate`, with times. What is timed differs many times over, so that no
noise of the machine can turn a verdict round."""
import functools
import math
import shutil
import signal
from pathlib import Path

from gating import (CELL, CELL_ID, FEW, QUICK, SLOW, ask, command, counted, gate, other_build, quick_object,
                    refused, slow_object, timed_build, workload)
from tap import BENCH, FAULTY, Skip, case, main

# The control that is slowed down by twice the tolerance, and A against itself, hold even where times are doubled. The
# first look, at 12 runs a side, decides what differs many times over; where noise has spoilt some runs, a later one does.
COARSE = ["--tolerance", "100%", "--max-runs", "48", "--no-plots"]


@functools.cache
def once(a, b, *arguments, status=0):
    """A gate that several cases look at: it is measured once."""
    return gate(command(*a), command(*b), *COARSE, *arguments, status=status)


def percent(log):
    """A slowdown as the conclusion writes it."""
    share = math.expm1(log)
    return f"{100 * share:.{2 if abs(share) < 0.1 else 1 if abs(share) < 1 else 0}f}"


def doubts(found):
    return {doubt["code"] for doubt in found["doubts"]}


def times(cell, side):
    """What the runs of a side took."""
    if cell["pairing"]:
        return [pair[side]["undisturbed_ns"] for pair in cell["pairs"] if pair[side]]
    return [run["x_ns"] for block in cell["blocks"] for run in block["runs"] if run["side"] == side]


def is_timed(found):
    assert found["controls"]["aa"] and found["controls"]["plus"] and found["noise_floor"] > 0, found["controls"]


# ---- Two commands ----

@case
def a_slow_command():
    """ten times as slow: regressed, status 1, both bounds above 0, and the controls hold"""
    found = once(QUICK, SLOW, "--seed", "7", status=1)
    cell = found["cells"][0]
    slowdown = cell["slowdown"]
    assert cell["verdict"] == "regressed" and 0 < slowdown["low"] <= slowdown["theta"] <= slowdown["high"], cell
    theta, low, high = (percent(slowdown[key]) for key in ("theta", "low", "high"))
    assert found["conclusion"] == f"regressed: command is {theta} % slower ({low} to {high} %)", found["conclusion"]
    assert [found["sides"][side]["text"] for side in "ab"] == [command(*QUICK), command(*SLOW)]
    is_timed(found)


@case
def a_fast_command():
    """ten times as fast: pass, status 0"""
    found = once(SLOW, QUICK, "--seed", "7")
    assert found["verdict"] == "pass" and found["cells"][0]["slowdown"]["high"] < 0, found["cells"][0]["slowdown"]
    is_timed(found)


@case
def allowed():
    """a cell that may be slower: regressed, but the gate passes"""
    found = once(QUICK, SLOW, "--seed", "8", "--allow", "command")
    assert found["cells"][0]["verdict"] == "regressed" and found["verdict"] == "pass", found["conclusion"]


@case
def asleep():
    """a third more of sleep, which CPU time does not show, is found: wall time is judged"""
    found = gate(command("sleep", 60), command("sleep", 80), "--tolerance", "5%", "--max-runs", "48", "--no-plots", status=1)
    cell = found["cells"][0]
    assert cell["measure"] == "wall" and 0 < cell["slowdown"]["low"] <= cell["slowdown"]["theta"], cell
    slept_ns = {"a": 60e6, "b": 80e6, "control": 60e6}
    assert all(time_ns >= slept_ns[side] for side in slept_ns for time_ns in times(cell, side)), cell


@case
def awake():
    """a command that only computes is judged by its CPU time, however busy the machine is, and that is said"""
    found = gate(command("spin", 1000000), command("spin", 1000001), "--rounds", "3", "--max-runs", "12", "--budget", "60s",
                 "--tolerance", "0.1%", "--allow", "command", "--on-unclear", "pass", "--no-plots")
    assert found["cells"][0]["measure"] == "cpu", found["cells"][0]
    assert "CPU time is judged, since neither side sleeps" in Path("out/gate.md").read_text()


# ---- Shared objects ----

def object_gate(a, b, *arguments, **options):
    return gate(a, b, *FEW, "--mode", "sequential", *arguments, **options)


@case
def objects():
    """shared objects: ten times as slow is regressed, ten times as fast a pass, another copy unchanged"""
    slow = object_gate(quick_object(), slow_object(), *COARSE, status=1)
    assert slow["cells"][0]["verdict"] == "regressed" and slow["sides"]["a"]["kind"] == "object"
    is_timed(slow)
    shutil.rmtree("out")
    object_gate(slow_object(), quick_object(), *COARSE)
    shutil.rmtree("out")
    shutil.copy(quick_object(), "copy.so")
    same = object_gate(quick_object(), "copy.so", "--no-plots")
    assert [cell["verdict"] for cell in same["cells"]] == ["unchanged"], same["cells"]


@case
def asleep_in_one_slice():
    """an item that sleeps, and takes longer than all others together, is found, though the others are judged by CPU time"""
    sleepy = workload("sleepy", before="if (item == 3) usleep(20000);")
    found = object_gate(quick_object(), sleepy, "--items", "30", *COARSE, status=1)
    assert found["cells"][0]["slowdown"]["low"] > 0, found["cells"][0]["slowdown"]


@case
def rounds_are_kept():
    """gate.json has the time of each round of a pair, and their mean is the pair's"""
    found = object_gate(slow_object(), quick_object(), *COARSE)
    for pair in found["cells"][0]["pairs"]:
        for side in "ab":
            rounds = pair[side]["rounds_ns"]
            assert len(rounds) == pair["rounds"] == 3, pair
            assert math.isclose(sum(rounds) / 3, pair[side]["mean_ns"], abs_tol=0.6), pair  # they are whole numbers
            assert pair[side]["undisturbed_ns"] <= pair[side]["mean_ns"] * (1 + 1e-9), pair


@case
def killed_in_its_slice():
    """a side that is killed while it has its turn, in the first pair that counts: status 3, the side and the item named, nothing left"""
    dies = workload("dies", before="if (item == 2 && rounds == 20) raise(SIGKILL);")
    found = gate(quick_object(), dies, "--items", "4", "--rounds", "30", "--mode", "sequential", *COARSE, status=3)
    failure = found["cells"][0]["failure"]
    assert failure["side"] == "b" and failure["signal"] == signal.SIGKILL and failure["item"] == 2, failure


@case
def rare():
    """much longer in one round of five only: that is seen in the mean, never a pass, and named as rare"""
    rehashes = "if (item == 0 && rounds % 5 == 0) for (volatile long i = 0; i < 100000000; i++);"
    found = gate(slow_object(), workload("rehashes", 300000, before=rehashes), "--items", "2", "--rounds", "10", "--mode",
                 "sequential", *COARSE, "--allow", "spin/sequential/-/-/1", "--on-unclear", "pass")
    cell = found["cells"][0]
    for pair in cell["pairs"]:
        assert sum(time_ns > 3 * pair["b"]["undisturbed_ns"] for time_ns in pair["b"]["rounds_ns"]) >= 2, pair
    assert cell["verdict"] != "pass", cell
    if cell["verdict"] == "regressed":
        assert cell["kind"] == "rare" and cell["instructions"] is None, cell
        assert "rounds took over 10 % longer than undisturbed" in Path("out/gate.md").read_text()


@case
def too_many_rounds():
    """more rounds than a turn can number: a pair has fewer, and that is said"""
    found = gate(slow_object(), quick_object(), "--items", "2", "--rounds", "70000", "--mode", "sequential", "--budget", "4s",
                 *COARSE, "--on-unclear", "pass")
    assert "rounds" in doubts(found), found["doubts"]
    assert all(pair["rounds"] == 65535 for pair in found["cells"][0]["pairs"]), found["cells"]


# ---- Builds ----

@case
def crews():
    """cells with workers: crews take turns, a round each, in pairs of which each has all its times"""
    found = ask("--baseline", timed_build(), "--workload", "faulty", "-p", "us=1000", "--items", "4", "--rounds", "3",
                "--mode", "threads,pool", "--workers", "2", "--tolerance", "100%", "--no-plots", program=FAULTY, status=1,
                env={"FAULTY_SLOWER": "10"})
    for cell in found["cells"]:
        assert cell["pairing"] == "rounds" and cell["verdict"] == "regressed" and cell["kind"] == "typical", cell
        assert len(cell["pairs"]) >= 10 and not cell["instructions"], cell
        for pair in cell["pairs"]:
            rounds = pair["b"]["rounds_ns"]
            assert pair["slices"] == 1 and len(rounds) == len(pair["a"]["rounds_ns"]) == pair["rounds"] <= 3, pair
            assert min(rounds) <= pair["b"]["undisturbed_ns"] and min(rounds) > 10e6, pair
    assert [cell["pairs"][0]["control"] is not None for cell in found["cells"]] == [True, False], found["cells"]
    is_timed(found)


@case
def several_cells():
    """several cells share the level; each is decided by its own pairs, and one carries the controls"""
    found = ask("--baseline", timed_build(), "--workload", "wait,faulty", "-p", "us=2000", *FEW, "--mode", "sequential",
                "--tolerance", "100%", program=FAULTY, status=1, env={"FAULTY_SLOWER": "10"})
    wait, faulty = found["cells"]
    assert found["level"] == 0.00125 and not doubts(found) & {"blocks", "budget"}, found["doubts"]
    assert wait["verdict"] == "pass" and faulty["verdict"] == "regressed" and faulty["kind"] == "typical", found
    assert faulty["runs_a_side"] >= 10 and faulty["screened"] is None, faulty  # 9 pairs do not reach half the level
    assert [bool(cell["pairs"][0]["control"]) for cell in found["cells"]] == [True, False], found["cells"]
    is_timed(found)
    assert list(Path("out").glob("*.svg")), list(Path("out").iterdir())


@case
def instructions_beside_time():
    """sleeping longer needs no more instructions: counted beside time, and the report says so; not of what passes"""
    if not shutil.which("valgrind"):
        raise Skip("no valgrind")
    for slower, status in ((1, 0), (10, 1)):
        shutil.rmtree("out", ignore_errors=True)
        found = ask("--baseline", timed_build(), "--workload", "faulty", "-p", "us=500", *FEW, "--mode", "sequential",
                    "--tolerance", "100%", "--no-plots", program=FAULTY, status=status, env={"FAULTY_SLOWER": str(slower)})
        cell, page = found["cells"][0], Path("out/gate.html").read_text() + Path("out/gate.md").read_text()
        assert page.count("both sides execute as many instructions") == 2 * status, page
        assert bool(cell["instructions"]) == bool(status) and cell["measure"] == "wall", cell
    assert abs(cell["instructions"]["b"] / cell["instructions"]["a"] - 1) < 0.0005, cell["instructions"]


# Builds that are too old to take turns are held against each other in blocks of whole processes.
SLEEPY = ["--workload", "faulty", "-p", "us=2000", *FEW, "--mode", "sequential"]


@functools.cache
def in_blocks(slower_a, slower_b, *arguments, status=0):
    shutil.rmtree("out", ignore_errors=True)
    found = ask("--baseline", timed_build(slower_a, turns=0), *SLEEPY, *COARSE, *arguments, program=FAULTY, status=status,
                env={"FAULTY_SLOWER": str(slower_b)})
    assert "blocks" in doubts(found) and not any(cell["pairs"] for cell in found["cells"]), found["doubts"]
    return found


@case
def old_builds():
    """a build that cannot take turns: in blocks, said, and slower is regressed; the seed gives the order of running"""
    slow, fast = in_blocks(1, 10, "--seed", "7", status=1), in_blocks(10, 1, "--seed", "7")
    other = in_blocks(1, 10, "--seed", "8", "--allow", "faulty?us=2000/sequential/-/-/1")
    cell = slow["cells"][0]
    assert cell["verdict"] == "regressed" and cell["measure"] == "wall" and cell["pairing"] is None, cell
    assert fast["verdict"] == "pass" and fast["cells"][0]["slowdown"]["high"] < 0, fast["cells"][0]["slowdown"]
    orders = [[[run["side"] for run in block["runs"]] for block in found["cells"][0]["blocks"][:2]]
              for found in (slow, fast, other)]
    assert orders[0] == orders[1] != orders[2], orders
    assert orders[0][0] != orders[0][1], orders
    is_timed(slow)


@case
def old_builds_of_several_cells():
    """in blocks several cells are screened, and measured again where they may be slower; one carries the controls"""
    two = ["--mode", "sequential,threads", "--workers", "1"]
    first, second = in_blocks(1, 10, *two, status=1)["cells"]
    assert first["screened"]["flagged"] and first["verdict"] == "regressed" and counted(first, "test"), first
    assert second["screened"], second
    first = in_blocks(10, 1, *two, "--on-unclear", "pass")["cells"][0]
    assert not first["screened"]["flagged"] and first["verdict"] == "pass" and first["looks"] == 1, first



@case
def other_program():
    """another build of the same code is timed, and passes"""
    found = ask("--baseline", FAULTY, *CELL, *COARSE)
    assert found["sides"]["a"]["kind"] == "program" and found["cells"][0]["verdict"] == "pass", found
    assert found["cells"][0]["id"] == CELL_ID, found["cells"][0]["id"]
    is_timed(found)


@case
def failing_cell():
    """a cell that fails on one side: status 3, the side named, the others are measured"""
    found = ask("--baseline", other_build(), "--workload", "faulty,wait", "-p", "fault=crash", *FEW, "-p", "at=1",
                "--mode", "sequential", *COARSE, program=FAULTY, status=3)
    faulty, wait = found["cells"]
    assert faulty["failure"]["side"] == "a" and faulty["failure"]["signal"] == signal.SIGSEGV, faulty["failure"]
    assert wait["verdict"] == "pass", wait


@case
def one_sided():
    """a workload that one side does not have is left out, and named"""
    found = ask("--baseline", BENCH, "--workload", "faulty,wait", *FEW, "--mode", "sequential", *COARSE, program=FAULTY)
    assert [cell["id"] for cell in found["cells"]] == [CELL_ID]
    assert "'faulty'" in found["left_out"] and [doubt["code"] for doubt in found["doubts"]].count("one_sided") == 1, found
    err = refused("--baseline", BENCH, "--workload", "faulty", *FEW, program=FAULTY)
    assert "'faulty'" in err, err


main(at_once=1)
