"""The short version of tests/peers/lockstep.py: live gates of objects whose difference is known, and gates drawn from what
they have recorded. Asserted is what no noise of a machine can turn round."""
import functools
import subprocess
from pathlib import Path

from gating import compiled, gate
from tap import BENCH, ROOT, case, main

DRAWING = Path(BENCH).parents[1] / "tests" / "benchmark-pair_error_rates"
GATES = 1000
FEW = ["--mode", "sequential", "--items", "20", "--no-plots", "--on-unclear", "pass"]
PRESET = {"ITEMS": 20, "LOOPS": 30000, "SORTED": 0, "MORE": 0, "RARE": 0, "SLOW_PART": 0, "TOUCHED": 0}


@functools.cache
def side(label, more=0, touched=0):
    """An object whose items execute so many turns more, and touch so many bytes."""
    macros = {**PRESET, "LABEL": f'"{label}"', "MORE": more, "TOUCHED": touched}
    flags = [f"-D{name}={value}" for name, value in macros.items()]
    source = (ROOT / "tests/peers/lockstep.c").read_text()
    return compiled(f"{label}.so", source, "-O2", f"-I{ROOT}", "-shared", "-fPIC", *flags)


def drawn(pairs, slowdown, labels):
    """How many of the gates drawn from pairs pass, and how many are regressed: sides drawn anew, or kept."""
    lines = [[str(pair[side][key]) for side in "ab" for key in ("undisturbed_ns", "mean_ns")] for pair in pairs]
    path = Path("pairs.txt").absolute()
    path.write_text("".join(" ".join(line) + "\n" for line in lines))
    out = subprocess.run([DRAWING, path, str(GATES), str(slowdown), "0.01", "1", labels], check=True,
                         capture_output=True, text=True).stdout
    return list(map(int, out.split()[:2]))


@case
def five_percent():
    """5 % more to execute never passes; and with the sides drawn anew hardly any gate is regressed, whatever its pairs are"""
    found = gate(side("a"), side("b", 1500), *FEW, "--allow", "lockstep/sequential/-/-/1")
    cell = found["cells"][0]
    assert cell["verdict"] != "pass" and cell["pairing"] == "slices", cell
    assert cell["verdict"] != "regressed" or cell["slowdown"]["low"] > 0, cell["slowdown"]
    assert all(pair["a"]["undisturbed_ns"] > 0 and pair["slices"] > 0 for pair in cell["pairs"]), cell["pairs"]
    assert drawn(cell["pairs"], 0, "drawn")[1] <= 0.02 * GATES
    if cell["verdict"] == "regressed":
        assert drawn(cell["pairs"], 0, "kept")[1] > 0


@case
def footprint():
    """B touches 2 MiB more: what each side leaves in caches is seen and said, slices are whole items, and B never passes"""
    found = gate(side("a", touched=1 << 19), side("b", touched=(1 << 19) + (2 << 20)), *FEW, "--rounds", "5", "--max-runs",
                 "12", "--allow", "lockstep/sequential/-/-/1")
    cell = found["cells"][0]
    assert cell["verdict"] != "pass" and cell["slowdown"]["theta"] > 0, cell["slowdown"]
    assert cell["footprint"] > 0.002 and cell["slice_ns"] > 0, (cell["footprint"], cell["slice_ns"])


@case
def alike():
    """two builds of one source read as equal to 5 %, and are not called slower where so much is tolerated"""
    found = gate(side("a"), side("another"), *FEW, "--tolerance", "5%")
    assert found["verdict"] != "regressed", found["conclusion"]
    assert abs(found["cells"][0]["slowdown"]["theta"]) < 0.05, found["cells"][0]["slowdown"]


main()
