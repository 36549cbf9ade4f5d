"""Runs compared with each other, as a user does it: `bench compare`."""
import json
import re
import shutil
import subprocess
from pathlib import Path

from tap import FAULTY, ROOT, Skip, bench, case, case_of, main

WORK = ["--workload", "sumsq", "-p", "n=20000", "--items", "64", "--mode", "pool,threads", "--workers", "2"]


def measure(folder, *arguments, **options):
    """A small run in a folder of its own."""
    bench(*(arguments or WORK), "--rounds", "2", "--invocations", "6", "--no-plots", "--output", folder, **options)


def change(source, target, edit):
    """A copy of a run, edited."""
    run = json.loads(Path(source, "run.json").read_text())
    edit(run)
    Path(target).mkdir()
    Path(target, "run.json").write_text(json.dumps(run))


def slower(mode=None, factor=1):
    """Makes every round take 10 ms and a little noise; rounds of the mode take `factor` times as long, by dispatch."""
    def edit(run):
        for cell in run["cells"]:
            for sample in cell["samples"]:
                steady_ns = 10000000 + 1000 * sample["invocation"]
                sample["disturbed"] = False
                sample["wall_ns"] = int(steady_ns * (factor if cell["mode"] == mode else 1))
                sample["account_ns"] = {part: 0 for part in sample["account_ns"]}
                sample["account_ns"]["dispatch"] = (sample["wall_ns"] - steady_ns) * cell["workers"]
    return edit


def rows(out, title):
    """The lines of a section of what was printed."""
    return re.search(rf"^{re.escape(title)}$\n(.*?)(?:\n\n[A-Z]|\Z)", out, re.M | re.S).group(1).splitlines()


@case
def two_runs():
    """two runs: every cell in common has its ratio; the pages stand beside the last run and say that this is no gate"""
    measure("a")
    measure("b")
    out, err = bench("compare", "a", "b")
    assert not err, err
    for mode in ["sequential", "pool", "threads"]:
        assert re.search(rf"^{mode} +\d .* \d\.\d{{3}} +\*?\d+\.\d{{3}}-\d+\.\d{{3}}", out, re.M), out
    assert "bench gate" in out and out.endswith("\nb\n"), out
    assert "Not comparable" not in out, out
    page, text = Path("b/compare.html").read_text(), Path("b/compare.md").read_text()
    assert "</html>" in page and "<svg" in page and "src=" not in page
    assert "## What changed" in text and "](ratios.svg)" in text and "bench gate" in text
    assert {path.name for path in Path("b").iterdir()} >= {"ratios.svg", "ratios.png"}
    assert not list(Path("b").glob(".*"))


@case
def a_slower_cell():
    """a cell that became slower stands first, with the part of the account that did it; the others are not shown"""
    measure("run")
    change("run", "a", slower())
    change("run", "b", slower("pool", 3))
    out, _ = bench("compare", "--no-plots", "a", "b", "--output", "here")
    changes = [line for line in rows(out, "What changed") if re.match(r"(sequential|pool|threads) ", line)]
    assert re.match(r"pool +2 +slower .* 3\.000 .*dispatch \+\d", changes[0]), changes
    assert len(changes) == 3 and all("not shown" in line and " 1.000 " in line for line in changes[1:]), changes
    assert "1 is slower, none is faster; most pool/2, 3.000 times as long" in out, out
    assert {path.name for path in Path("here").iterdir()} == {"compare.html", "compare.md"}
    assert {path.name for path in Path("b").iterdir()} == {"run.json"}


REFERENCE = ROOT / "results/reference"


@case
def one_source():
    """report and compare speak of the same numbers, those of the samples, whatever the file says in its summary"""
    change(REFERENCE, "a", slower("pool", 3))
    shown, _ = bench("report", "--no-plots", "a")
    compared, _ = bench("compare", "--no-plots", "a", "--output", ".")
    assert re.search(r"^pool +2 +30\.0\d ", shown, re.M) and re.search(r"^sequential +1 +10\.0\d ", shown, re.M), shown
    assert re.search(r"^pool +2 +sequential +slower +10\.0\d +30\.0\d +3\.000 ", compared, re.M), compared


def spoilt(edit, words):
    change(REFERENCE, "a", edit)
    for verb in ["compare", "report"]:
        out, err = bench(verb, "--no-plots", "a", status=2)
        assert words in err and "is not a run file" in err and not out, (out, err)


def sample_with(key, value):
    return lambda run: run["cells"][1]["samples"][2].update({key: value})


for name, edit, words in [
        ("a time of 0", sample_with("wall_ns", 0), "not above 0"),
        ("a time below 0", sample_with("wall_ns", -1), "not above 0"),
        ("a text for a time", sample_with("wall_ns", "1"), "has no time"),
        ("CPU time below 0", sample_with("cpu_ns", -1), "below 0"),
        ("a start that is no date", lambda run: run.update({"started": "not a date"}), "no date"),
        ("a start on no day", lambda run: run.update({"started": "2026-02-30T12:00:00Z"}), "no date")]:
    case_of(f"{name}: refused", spoilt, edit, words)


@case
def as_a_file():
    """a run may be named by its file"""
    measure("a")
    shutil.copy("a/run.json", "b.json")
    bench("compare", "--no-plots", "a/run.json", "b.json")
    assert Path("compare.html").exists() and Path("compare.md").exists()


def edited(edit, *words):
    measure("a")
    change("a", "b", edit)
    out, _ = bench("compare", "--no-plots", "a", "b")
    page = Path("b/compare.html").read_text()
    for word in words:
        assert word in out and word.replace("'", "&#39;") in page, (word, out)


def into(outer, key, value):
    return lambda run: run[outer].update({key: value})


for name, edit, words in [
        ("another machine", into("machine", "host", "elsewhere"), ["other machine", "'elsewhere' in b"]),
        ("another processor", into("machine", "cpu_model", "Z80"), ["other processor", "'Z80' in b"]),
        ("another kernel", into("machine", "kernel", "2.4.0"), ["other kernel", "'2.4.0' in b"]),
        ("another compiler", into("versions", "compiler", "tcc 0.9"), ["other compiler", "'tcc 0.9' in b"]),
        ("another bench", into("versions", "bench", "9.9"), ["other bench", "'9.9' in b"]),
        ("interrupted", lambda run: run.update({"interrupted": "SIGINT"}), ["b by SIGINT"]),
        ("other items", lambda run: run["cells"][1].update({"items": 65}), ["items: 64 in a, 65 in b"]),
        ("hostile", into("machine", "kernel", "\x1b[31m<script>"), ["in b"])]:
    case_of(f"{name}: not comparable, and why", edited, edit, "Not comparable", *words)


@case
def hostile_names():
    """what a run file says is text on the console and in the page"""
    measure("a")
    change("a", "b", into("machine", "kernel", "\x1b[31m<script>alert(1)</script>"))
    out, _ = bench("compare", "--no-plots", "a", "b")
    assert "\x1b" not in out
    assert "<script" not in Path("b/compare.html").read_text() + Path("b/compare.md").read_text()


@case
def other_parameters():
    """other parameters: nothing is compared, and the page says which"""
    measure("a")
    measure("b", *[word.replace("n=20000", "n=30000") for word in WORK])
    out, _ = bench("compare", "a", "b")
    assert "n: '20000' in a, '30000' in b" in out and "nothing to compare" in out, out
    assert "[sequential/1, pool/2, threads/2]" in out, out


@case
def other_workloads():
    """runs of different workloads: cells of one side only are listed by their workload"""
    def other(run):
        for cell in run["cells"]:
            cell["workload"] = "hash"
    change(REFERENCE, "a", lambda run: None)
    change(REFERENCE, "b", other)
    out, _ = bench("compare", "--no-plots", "a", "b")
    lines = " ".join(rows(out, "On one side only")).replace("  ", " ")
    assert "only in a: b has no such cell [resize/sequential/1, resize/pool/1+2, " in lines, lines
    assert "only in b: a has no such cell [hash/sequential/1, hash/pool/1+2, " in lines, lines


@case
def on_one_side():
    """cells of one side only are listed"""
    measure("a")
    measure("b", *[word.replace("pool,threads", "pool,thread_pool") for word in WORK])
    out, _ = bench("compare", "--no-plots", "a", "b")
    lines = rows(out, "On one side only")
    assert "only in a: b has no such cell [threads/2]" in lines, lines
    assert "only in b: a has no such cell [thread_pool/2]" in lines, lines


@case
def failed_cells():
    """a cell that failed on one side is named with its reason, the rest is compared"""
    faulty = ["--workload", "faulty", "--mode", "pool", "--workers", "2"]
    measure("a", *faulty, program=FAULTY)
    measure("b", *faulty, "-p", "fault=crash", "-p", "who=workers", program=FAULTY, status=3)
    params = json.loads(Path("a/run.json").read_text())["cells"][0]["params"]
    change("b", "c", lambda run: [cell.update({"params": params}) for cell in run["cells"]])
    out, _ = bench("compare", "--no-plots", "a", "c")
    assert re.search(r"^faulty.*/pool/.*: in b, signal: ", out, re.M), out
    assert re.search(r"^sequential +1 ", out, re.M), out


@case
def too_few_processes():
    """one invocation a cell: nothing is shown, and the page says what it takes"""
    for name in "ab":
        bench(*WORK, "--rounds", "1", "--invocations", "1", "--no-plots", "--output", name)
    out, _ = bench("compare", "--no-plots", "a", "b")
    assert "nothing can be shown" in out and "at least 6" in out, out
    assert not re.search(r"^(sequential|pool|threads) .*(slower|faster)", out, re.M), out


@case
def one_run():
    """one run: its modes, each against the sequential one, or else the first"""
    measure("a")
    out, _ = bench("compare", "a")
    changes = [line.split() for line in rows(out, "What changed") if re.match(r"(sequential|pool|threads) ", line)]
    assert sorted(line[0] for line in changes) == ["pool", "threads"], out
    assert all(line[2] == "sequential" for line in changes), out
    change("a", "b", lambda run: run["cells"].pop(0))
    out, _ = bench("compare", "b")
    assert re.search(r"^threads +2 +pool ", out, re.M), out


@case
def three_runs():
    """three runs: each against the first, told apart by letters"""
    measure("run")
    change("run", "a", slower())
    change("run", "b", slower("pool", 2))
    change("run", "c", slower("threads", 4))
    out, _ = bench("compare", "a", "b", "c")
    assert re.search(r"^pool +2 +b +slower .* 2\.000 ", out, re.M), out
    assert re.search(r"^threads +2 +c +slower .* 4\.000 ", out, re.M), out
    assert "b against a: of 3 cells 1 is slower" in out and "c against a: of 3 cells 1 is slower" in out, out
    assert Path("c/compare.html").exists() and not Path("b/compare.html").exists()


def wrong(arguments, *words):
    Path("text").write_text("no run")
    Path("empty").mkdir()
    out, err = bench("compare", *arguments, status=2)
    assert len(err.strip().splitlines()) == 1 and not out, (out, err)
    for word in words:
        assert word in err, err


for arguments, words in [
        ([], ["bench compare --help"]),
        (["nowhere", "empty"], ["'nowhere'", "No such file"]),
        (["empty"], ["'empty'", "No such file"]),
        (["text"], ["'text' is not a run file"]),
        (["--outptu", "x", "text"], ["'--outptu'"]),
        (["text", "--output"], ["'--output'"])]:
    case_of("wrong: " + " ".join(["compare", *arguments]), wrong, arguments, *words)


@case
def no_output():
    """an output that cannot be made or written: named, status 2"""
    measure("a")
    for output, words in [("a/run.json", "a/run.json"), ("none/such", "none/such")]:
        _, err = bench("compare", "a", "--no-plots", "--output", output, status=2)
        assert words in err and len(err.strip().splitlines()) == 1, err


@case
def full_disk():
    """a full disk: a clear message, status 2, the pages that were there before are whole"""
    measure("a")
    Path("disk").mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "disk"], capture_output=True).returncode:
        raise Skip("cannot mount a small file system")
    try:
        bench("compare", "a", "--no-plots", "--output", "disk")
        before = Path("disk/compare.html").read_text()
        with open("disk/filler", "wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * 4096):
                    pass
            except OSError:
                pass  # full
        for plots in [["--no-plots"], []]:
            _, err = bench("compare", "a", *plots, "--output", "disk", status=2)
            assert "No space left on device" in err, err
            assert Path("disk/compare.html").read_text() == before and not list(Path("disk").glob(".*"))
    finally:
        subprocess.run(["umount", "-l", "disk"], check=True)


@case
def help_of_the_verb():
    """bench compare --help is its own, and says where the pages go"""
    out, _ = bench("compare", "--help")
    assert out.startswith("usage: bench compare") and "beside the last RUN" in out, out


main()
