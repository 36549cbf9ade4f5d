"""The command line as a user calls it."""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import validate as strict
from tap import BENCH, ROOT, Skip, bench, case, case_of, cells, main, run, validate, wait_for

QUICK = ["--rounds", "1", "--invocations", "1"]


@case
def help_alone():
    """no arguments: help with examples"""
    out, _ = bench()
    assert "./bench --workload resize --mode pool" in out and "Exit status" in out, out


def wrong(arguments, *parts):
    _, err = bench(*arguments, status=2)
    assert parts
    for part in parts:
        assert part in err, err
    assert len(err.strip().splitlines()) == 1, err


def explained(*verb):
    """--help and -h print the page of the verb, wherever they stand, and so does bench help"""
    out, err = bench(*verb, "--help")
    assert "\nExamples:\n  ./bench " in out, out
    assert out.startswith("usage: " + " ".join(["bench", *verb])) and not err, (out, err)
    assert bench(*verb, "a", "-h")[0] == bench(*verb, "--json", "--help")[0] == bench("help", *verb)[0] == out


for words in ["list", "machine", "report", "compare", "gate", "history add", "history show", "export", "experiment grain",
              "experiment transports", "help", "test"]:
    case_of(f"{words} --help: a page of its own", explained, *words.split())


@case
def help_and_values():
    """-h where a value is due is the value; --help is heeded whatever else is missing or wrong"""
    for arguments in [["report", "--no-plots", "--", "-h"], ["gate", "--a", "x", "--b", "-h", "--bogus"],
                      ["history", "show", "--machine", "-h", "--bogus"], ["compare", "--output", "-h", "--bogus", "a"]]:
        out, err = bench(*arguments, status=2)
        assert "usage:" not in out + err and ("-h" if "--" in arguments else "--bogus") in err, (arguments, out, err)
    for arguments in [["--help"], ["--bogus", "--help"], ["--workload", "nosuch", "-h"], ["--output", "--help"]]:
        assert bench(*arguments)[0].startswith("usage: bench --workload"), arguments


@case
def arguments_in_any_order():
    """options stand anywhere among the operands, with = or a blank; after -- all words are operands"""
    for folder in ["a", "-b", "page"]:
        Path(folder).mkdir()
        shutil.copy(ROOT / "results/reference/run.json", folder)
    for arguments in [["--output=page", "a"], ["a", "--output", "page"], ["a", "--output=page", "--", "-b"]]:
        out, err = bench("compare", "--no-plots", *arguments)
        assert out.endswith("\npage\n") and err == "", (out, err)
    out, err = bench("report", "a", "--no-plots")
    assert out.endswith("\na\n") and err == "" and not list(Path("a").glob("*.svg")), (out, err)


for arguments, parts in [
        (["--workload", "resise", "--mode", "pool"], ["'resise'", "'resize'"]),
        (["--workload", "null", "--mode", "pol"], ["'pol'", "'pool'"]),
        (["--workload", "null", "--mod", "pool"], ["'--mod'", "'--mode'"]),
        (["--workload", "null", "--transport", "smh"], ["'smh'", "'shm'"]),
        (["--workload", "null", "--schedule", "dinamic"], ["'dinamic'", "'dynamic'"]),
        (["--workload", "sumsq", "-p", "m=4"], ["'m'", "n"]),
        (["--workload", "sumsq", "-p", "n=-4"], ["'-4'"]),
        (["--workload", "null", "--workers", "0"], ["'0'"]),
        (["--workload", "null", "--budget", "soon"], ["'soon'"]),
        (["--workload", "null", "--bind", "77"], ["77"]),
        (["--workload", "null", "--counters", "nonsense"], ["'nonsense'"]),
        (["--workload", "null", "--topology", "junk", "--dry-run"], ["'junk'"]),
        (["--workload", "null", "--topology", "pu:100000", "--dry-run"], ["'pu:100000'", "more than 1024 processing units"]),
        (["machine", "--topology", "package:2 core:32 pu:32"], ["more than 1024 processing units"]),
        (["--workload", "null", "--counters", "nonsense", "--dry-run"], ["'nonsense'"]),
        (["--workload", "null", "--workers", "1-1024", "--chunk", "1-1024", "--dry-run"], ["more than 10000 cells"]),
        (["--workload", "null", "--topology", "package:2 core:32 pu:2"], ["'--topology'", "'--dry-run'"]),
        (["--workload", "resize,null", "--input", "."], ["'--input'", "'null'"]),
        (["--mode", "pool"], ["--workload"]),
        (["lst"], ["'lst'", "'list'"]),
        (["list", "mods"], ["'mods'", "'modes'"]),
        (["list", "--jsn"], ["'--jsn'", "'--json'", "bench list --help"]),
        (["machine", "--topologie=pu:2"], ["'--topologie'", "'--topology'"]),
        (["report", ".", "--no-plot"], ["'--no-plot'", "'--no-plots'"]),
        (["report", "--no-plots"], ["which run?", "bench report --help"]),
        (["compare", "a", "--outptu=x"], ["'--outptu'", "'--output'"]),
        (["compare", "--output="], ["'--output'", "needs a value"]),
        (["gate", "--basline", "x"], ["'--basline'", "'--baseline'"]),
        (["history", "ad", "a"], ["'ad'", "'add'"]),
        (["history", "add", "--machin", "x", "a"], ["'--machin'", "'--machine'"]),
        (["export", "csv", "a", "b"], ["'b'"]),
        (["experiment", "grian"], ["unknown experiment 'grian'", "'grain'"]),
        (["experiment", "transports", "--sise=1"], ["'--sise'", "'--size'"]),
        (["help", "histroy"], ["'histroy'", "'history'"]),
        (["report", "nowhere"], ["nowhere"]),
        (["--workload", "null", "--mode", "pool", "--transport", "pipe", "--schedule", "steal", *QUICK], [])]:
    if parts:
        case_of("wrong: " + " ".join(arguments), wrong, arguments, *parts)


case_of("wrong: -p with 5000 values", wrong, ["--workload", "sumsq", "-p", "n=" + ",".join(map(str, range(1, 5001))), "--dry-run"],
        "more than 500 combinations")


@case
def given_again():
    """an option that is given again: the last one counts, and that is said; -p and --export add up"""
    out, err = bench("--workload", "null", "--mode", "pool", "--workers", "1", "--mode", "threads", "--dry-run")
    assert err == "bench: option '--mode' is given again: the last one counts (a list has commas)\n", err
    assert "null/threads/" in out and "null/pool/" not in out, out
    _, err = bench("--workload", "null", *["--mode", "pool"] * 4, "--dry-run")
    assert err.count("given again") == 1, err
    _, err = bench("--workload", "resize", "--items", "1", "--mode", "pool", "-p", "size=8x8", "-p", "quality=50", "--quiet",
                   "--quiet", "--dry-run")
    assert err == "", err


@case
def preset_chunk_first():
    """--chunk auto within a small budget: the preset chunk, with which all are compared, is measured before the others"""
    result = run("--workload", "null", "--items", "100000", "--mode", "pool", "--workers", "2", "--chunk", "auto", "--budget", "1s",
                 "--seed", "3")
    first_ns = {cell["id"]: cell["samples"][0]["started_ns"] for cell in cells(result, mode="pool") if cell["samples"]}
    preset = next(cell for cell in cells(result, mode="pool") if cell["chunk"] == cell["preset_chunk"])
    assert not first_ns or min(first_ns, key=first_ns.get) == preset["id"], first_ns


@case
def part_of_a_processor():
    """a quota of half a processor, of an outer group, is shown as that"""
    outer = Path("/sys/fs/cgroup/cpu/bench-test-%d" % os.getpid())
    try:
        (outer / "inner").mkdir(parents=True)
        (outer / "cpu.cfs_quota_us").write_text("50000")
    except OSError as error:
        raise Skip(f"no control group can be made here: {error}")
    try:
        done = subprocess.run(["sh", "-c", 'echo $$ > "$0" && exec "$@"', outer / "inner/cgroup.procs", BENCH, "machine"],
                              capture_output=True, text=True)
        assert re.search(r"^quota +0.5 processors by control groups$", done.stdout, re.M), done
        assert re.search(r"^processors it may use +1$", done.stdout, re.M), done
    finally:
        for group in [outer / "inner", outer]:
            wait_for(lambda: not (group / "cgroup.procs").read_text())
            group.rmdir()


@case
def nothing_available():
    """nothing of what was asked for is available: status 2, and the file says why"""
    bench("--workload", "null", "--mode", "pool", "--transport", "pipe", "--schedule", "steal", *QUICK, "--no-plots", "--output",
          "out", status=2)
    cell = cells(validate("out"), schedule="steal")[0]
    assert cell["status"] == "not available" and "shared" in cell["reason"], cell


@case
def budget_is_kept():
    """the budget is kept to within 10 %, and what was not reached says so"""
    result = run("--workload", "sumsq,wait", "--mode", "all", "--transport", "all", "--schedule", "all", "--workers", "1-4",
                 "--budget", "5s", timeout=60)
    last_ns = max(sample["started_ns"] + sample["wall_ns"] for cell in result["cells"] for sample in cell["samples"])
    assert last_ns < 5e9 * 1.1, last_ns  # by the run's own clock, which leaves out preparing and drawing
    missing = cells(result, status="not measured")
    assert missing and all(cell["reason"].startswith("budget") for cell in missing)
    assert cells(result, status="ok")


@case
def what_fits_the_budget():
    """a small budget: smaller rounds of the same items in all cells; who is left out is said before, with what all need"""
    arguments = ["--workload", "wait", "-p", "ms=100", "--mode", "threads,python_threads", "--workers", "1,2", "--budget", "11s"]
    said = re.compile(r"^(?:bench: )?5 cells need (\d+ s|\d+ min): --budget \d+[sm]; in 11 s: 3 cells; left out: CPython's(; even these get too few rounds for an interval)?\n"
                      r"(?:bench: )?wait: a round executes (\d+) of 64 sleeps\n$", re.M)
    assert said.search(bench(*arguments, "--dry-run")[0])
    out, err = bench(*arguments, "--no-plots", "--output", "out")
    found = said.search(err)
    assert found and f"wait: {found[3]} of 64 items" in out, (out, err)
    result = validate("out")
    for cell in cells(result, mode="python_threads"):
        assert cell["status"] == "not measured" and cell["reason"].startswith("budget: left out; --budget"), cell["reason"]
    kept = cells(result, mode="sequential") + cells(result, mode="threads")
    last_ns = max(sample["started_ns"] + sample["wall_ns"] for cell in kept for sample in cell["samples"])
    for cell in kept:
        assert cell["items"] == int(found[3]) == len(cell["picked"]) and cell["items_of"] == 64, cell["picked"]
        assert cell["picked"] == sorted(set(cell["picked"])) == kept[0]["picked"] and cell["picked"][-1] < 64
        assert {sample["items"] for sample in cell["samples"]} == {cell["items"]}
        assert cell["id"].endswith({1: "dynamic:16/1", 2: "dynamic:8/2"}[cell["workers"]]) or not cell["parallel"], cell["id"]
        assert cell["summary"]["wall_ns"]["low"] or last_ns > 8e9, "no interval, and yet there was time"


@case
def left_out_in_order():
    """of many that are left out those are named that go first: CPython's, as one, whether it was tried or not"""
    out = bench("--workload", "wait,null", "-p", "ms=100", "--mode", "all", "--transport", "all", "--workers", "1-3", "--budget",
                "11s", "--dry-run")[0]
    left = re.search(r"; left out: (.*?)(?:; even|\n)", out)
    assert left and left[1].endswith(", and others"), out
    labels = left[1].split(", ")
    assert labels[0] == "CPython's" and not any("python" in label for label in labels) or labels[0].startswith("python_"), labels


@case
def fewer_shared_items():
    """items that change what they share: fewer are opened, not picked"""
    result = run("--workload", "counter", "-p", "adds=2000000", "-p", "lock=atomic", "--mode", "pool", "--workers", "2", "--budget",
                 "3s")
    if all(cell["items"] == cell["items_of"] for cell in result["cells"]):
        raise Skip("all items have fitted, or no single one")
    for cell in cells(result, status="ok"):
        assert cell["items"] < cell["items_of"] and cell["picked"] is None
        increments = {measure["value"] for sample in cell["samples"] for measure in sample["measures"]
                      if measure["name"] == "increments"}
        assert increments == {2000000 * cell["items"]}, increments


@case
def counts_are_kept():
    """whoever asks for items, rounds or invocations gets rounds of all items"""
    for counts in [["--items", "40"], ["--rounds", "1"], ["--invocations", "1"]]:
        result = run("--workload", "wait", "-p", "ms=10", "--mode", "threads", "--workers", "2", "--budget", "3s", *counts)
        assert all(cell["items"] == cell["items_of"] == (40 if "40" in counts else 64) and cell["picked"] is None
                   for cell in result["cells"])


@case
def payloads_in_pieces():
    """where the kernel's messages are smaller than a payload, the result says so"""
    out, _ = bench("--workload", "payload", "-p", "in=300000", "--items", "8", "--mode", "pool", "--transport",
                   "seqpacket,shm", "--workers", "2", *QUICK, "--no-plots", "--output", "out")
    assert re.search(r"^seqpacket: one message holds at most 196608 bytes.*\[pool/seqpacket/2\]", out, re.M), out
    assert "shm: one message" not in out


@case
def many_cells():
    """a plan of 500 cells: run to its end, the file stays under 20 MB"""
    result = run("--workload", "null", "--items", "1000", "--mode", "pool,thread_pool", "--schedule", "all", "--chunk",
                 ",".join(str(chunk) for chunk in range(1, 33)), "--workers", "1,2", *QUICK, timeout=600)
    assert len(result["cells"]) > 500
    assert all(cell["status"] == "ok" for cell in result["cells"])
    assert Path("out/run.json").stat().st_size < 20e6


@case
def many_cells_in_a_budget():
    """many cells within a budget: no more samples than the file has room for"""
    run("--workload", "null", "--items", "1000", "--mode", "pool,thread_pool", "--schedule", "all", "--chunk",
        ",".join(str(chunk) for chunk in range(1, 33)), "--workers", "1,2", "--budget", "25s", timeout=200)
    assert Path("out/run.json").stat().st_size < 20e6


@case
def many_items():
    """10 million items: executed, and memory does not grow with them but for a byte each"""
    small = run("--workload", "null", "--items", "100000", "--mode", "pool", "--workers", "2", *QUICK)
    large = run("--workload", "null", "--items", "10000000", "--mode", "pool", "--workers", "2", *QUICK)
    grown = [cells(r, mode="pool")[0]["summary"]["rss_bytes"] for r in (small, large)]
    assert cells(large, mode="pool")[0]["status"] == "ok"
    assert grown[1] - grown[0] < 3 * 10000000, grown


@case
def same_seed_same_order():
    """the seed is recorded, and the same one gives the same order, but of cells that are measured alone"""
    def order(seed):
        result = run("--workload", "null", "--items", "100", "--mode", "all", "--rounds", "1", "--invocations", "3", "--seed", seed)
        assert result["seed"] == int(seed)
        starts = [(sample["started_ns"], cell["id"]) for cell in result["cells"] for sample in cell["samples"]
                  if sample["warmup"]]  # one an invocation; disturbed rounds may be repeated
        alone = {cell["id"] for cell in result["cells"] if any(not i["generation"] for i in cell["invocations"])}
        return [identity for _, identity in sorted(starts)], alone
    (one, alone), (other, other_alone) = order("7"), order("7")
    assert len(alone | other_alone) < len(set(one)) / 2, alone | other_alone
    assert [i for i in one if i not in alone | other_alone] == [i for i in other if i not in alone | other_alone]


@case
def ids():
    """ids name what differs from the defaults"""
    result = run("--workload", "sumsq", "-p", "n=1000", "--items", "48", "--mode", "pool", "--workers", "2", "--bind", "none", *QUICK)
    assert [cell["id"] for cell in result["cells"]] == ["sumsq?n=1000/sequential/-/-/1@none", "sumsq?n=1000/pool/shm/dynamic:6/2@none"]
    assert cells(result, mode="sequential")[0]["transport"] is None
    assert "unbound" in [doubt["code"] for doubt in result["cells"][1]["doubts"]]


@case
def binding():
    """workers are bound, and what they were bound to is read back; also within taskset"""
    usable = sorted(os.sched_getaffinity(0))
    result = run("--workload", "null", "--items", "10000", "--mode", "all", "--workers", "1,2", *QUICK)
    for cell in result["cells"]:
        for sample in cell["samples"]:
            for worker in sample["workers"]:
                if cell["mode"].startswith("python_") and worker["items"] == 0:
                    continue  # on a busy machine the other one may have done all before this one came
                assert set(worker["bound_to"]) <= set(usable) and worker["bound_to"], (cell["id"], worker)
    out = subprocess.run(["taskset", "-c", str(usable[-1]), BENCH, "--workload", "null", "--mode", "pool", *QUICK, "--no-plots",
                          "--output", "one"], capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    one = validate("one")
    assert one["machine"]["topology"]["usable_processors"] == 1
    assert max(cell["workers"] for cell in one["cells"]) == 1
    assert one["cells"][1]["samples"][0]["workers"][0]["bound_to"] == [usable[-1]]


@case
def oversubscribed_by_list():
    """two workers bound to one processor are oversubscribed, whatever the machine has"""
    first = str(min(os.sched_getaffinity(0)))
    result = run("--workload", "null", "--mode", "pool", "--workers", "2", "--bind", first, *QUICK)
    assert "oversubscribed" in [doubt["code"] for doubt in cells(result, mode="pool")[0]["doubts"]]


@case
def synthetic_topology():
    """--topology shows where the workers of a machine of 2 packages and 64 cores would go"""
    out, _ = bench("--workload", "null", "--mode", "pool", "--topology", "package:2 core:32 pu:2", "--workers", "64", "--dry-run")
    assert "package 0, core 0, processors 0-1" in out and "package 1, core 63, processors 126-127" in out, out
    out, _ = bench("machine", "--topology", "package:2 core:32 pu:2")
    assert "packages 2" in out and "cores 64" in out and "package 1, core 63" in out
    out, _ = bench("--workload", "null", "--mode", "pool", "--topology", "package:2 core:32 pu:2", "--dry-run")
    assert "null/pool/shm/dynamic:1954/128" in out, out


@case
def machine():
    """machine says which counters really count, and why others do not"""
    description = json.loads(bench("machine", "--json")[0])
    counters = {counter["name"]: counter for counter in description["counters"]}
    assert counters["context_switches_involuntary"]["status"] == "counted"
    assert all(counter["status"] == "counted" or counter["reason"] for counter in counters.values())
    assert description["topology"]["usable_processors"] >= 1 and description["noise"]["coefficient_of_variation"] > 0


@case
def default_output():
    """without --output: a folder below results/runs of the checkout, from any folder, the path printed last"""
    home = Path("home").absolute()
    (home / "results").mkdir(parents=True)
    (home / "plots").symlink_to(ROOT / "plots")
    paths = [bench("--workload", "null", "--items", "100", "--mode", "pool,threads", *QUICK, "--no-plots",
                   env={"BENCH_ROOT": str(home)})[0].splitlines()[-1] for _ in range(2)]
    for path in paths:
        assert path.startswith(str(home / "results/runs/")) and "-null-pool+threads" in path, path
        validate(path)
    assert (home / "results/runs/latest").resolve() == Path(paths[1])


@case
def quiet():
    """--quiet says nothing on stderr, and a pipe never sees progress"""
    for options in [["--quiet"], []]:
        _, err = bench("--workload", "null", "--items", "100", "--mode", "pool", *QUICK, "--no-plots", "--output",
                       "out" + str(len(options)), *options)
        assert err == "", err


@case
def benchmark_environment():
    """variables that Google Benchmark obeys change nothing"""
    run("--workload", "null", "--items", "100", "--mode", "pool", *QUICK,
        env={"BENCHMARK_FILTER": "none", "BENCHMARK_OUT": "stray.json", "BENCHMARK_REPETITIONS": "7"})
    assert not Path("stray.json").exists()


@case
def report_again():
    """report draws the report of a run again: self-contained, with its pictures"""
    run("--workload", "null", "--items", "10000", "--mode", "pool,threads", "--rounds", "2", "--invocations", "3")
    out, _ = bench("report", "out")
    assert out.splitlines()[-1].endswith("out"), out
    for name in ["report.html", "report.md", "speedup.svg", "speedup.png", "ipc_overhead.svg", "ipc_overhead.png"]:
        assert Path("out", name).stat().st_size > 500, name
    page = Path("out/report.html").read_text()
    assert "<svg" in page and "http://" not in page.replace("http://www.w3.org", "") and "<script" not in page


@case
def latencies():
    """how long items took from submit to result: a table by call and transport, a picture, and every sample in csv"""
    out, _ = bench("--workload", "null", "--items", "1200", "--mode", "pool,executor", "--call", "map,imap,apply",
                   "--transport", "shm,pipe", "--workers", "2", *QUICK, "--output", "out")
    lines = re.search(r"\nFrom submit to result\n(.*?)\n\n", out + "\n\n", re.S)[1].splitlines()
    table = {tuple(line.split()[:2]): re.findall(r"([\d.]+)(?: [µum]?s)?(?=  |$)", line)[1:] for line in lines[2:]}
    assert set(table) == {(mode, by) for mode in ["pool:imap", "pool:apply", "executor"] for by in ["shm", "pipe"]}, out
    assert all(len(columns) == 4 for columns in table.values()), table  # p50, p99, p99.9, first result
    assert Path("out/latencies.svg").stat().st_size > 500 and Path("out/latencies.png").exists()
    assert "item_latency_p999_ns" in bench("export", "csv", "out")[0].splitlines()[0]


@case
def named_counters():
    """--counters NAME: only these, and a doubt where one does not count"""
    result = run("--workload", "null", "--items", "1000", "--mode", "pool", "--counters", "cpu_time,page_faults_minor", *QUICK)
    names = [counter["name"] for counter in cells(result, mode="pool")[0]["summary"]["counters"]]
    assert names == ["cpu_time", "page_faults_minor"], names
    result = run("--workload", "null", "--items", "1000", "--mode", "pool", "--counters", "none", *QUICK)
    assert cells(result, mode="pool")[0]["summary"]["counters"] == []


@case
def gates_are_reported_again():
    """report shows a gate by its folder or file, and the samples of the tests are as results/gate.schema.json says"""
    validator = strict.make_validator("gate")
    samples = sorted((ROOT / "tests/data/gate").glob("*.json"))
    assert samples
    for sample in samples:
        assert not strict.flaws(sample, validator), strict.flaws(sample, validator)
    shutil.copytree(samples[0].parent, "gates")
    out, err = bench("report", "--no-plots", "gates/passing.json")
    assert err == "" and "\npass: nothing is slower by 1 % or more" in out and out.endswith("\ngates\n"), (out, err)
    Path("gates/regressed.json").rename("gates/gate.json")
    out, _ = bench("report", "gates")
    assert "\nregressed: resize/pool/shm/dynamic:6/2 is 2 % slower" in out, out
    assert {path.name for path in Path("gates").glob("*.[hmps]*")} >= {"gate.html", "gate.md", "blocks.svg", "slowdowns.png"}


@case
def eighty_columns():
    """on a terminal of 80 columns no line of a machine, a list or a gate is longer, paths apart"""
    pages = [["machine"], ["list"]]
    for file in sorted((ROOT / "tests/data/gate").glob("*.json")):
        Path(file.stem).mkdir()
        shutil.copy(file, Path(file.stem) / "gate.json")
        pages.append(["report", file.stem, "--no-plots"])
    for page in pages:
        out, _ = bench(*page, env={"COLUMNS": "80", "LC_ALL": "C.UTF-8"})
        assert all(len(line) <= 80 for line in out.splitlines() if line[:1] != "/"), (page, out)


main()
