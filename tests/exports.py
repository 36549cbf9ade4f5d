"""Exports: each is read by the tool that it is for, or else compared with the keys that its readers want."""
import collections
import csv
import importlib
import json
import math
import os
import re
import statistics
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

from tap import FAULTY, ROOT, Skip, bench, case, case_of, cells, main, run
from validate import refuse_constant, refuse_twice

STORED = ROOT / "tests/data/run.json"  # four cells measured; one failed, one not available, one not measured
LEFT_OUT = ["failed", "not available", "not measured"]
FORMATS = ["bmf", "csv", "customSmallerIsBetter", "gbench", "hyperfine", "junit", "markdown", "openmetrics", "pyperf"]
MEASURED_ONLY = ["bmf", "customSmallerIsBetter", "gbench", "hyperfine", "pyperf"]
COMPARE = Path("/usr/share/benchmark/compare.py")
NAME_MAX = 1024  # bytes, in Bencher
NUMBER = (int, float)

GATE = {
    "schema": 1, "kind": "gate", "command": ["./bench", "gate"], "seed": 1, "started": "2026-01-31T12:00:00Z",
    "ended_after_ns": 90000000000, "interrupted": None, "versions": {"bench": "0.1.0"}, "machine": {"host": "example"},
    "sides": {"a": {"kind": "revision", "name": "HEAD~1", "detail": None, "text": "HEAD~1"},
              "b": {"kind": "folder", "name": ".", "detail": None, "text": "."}},
    "method": "timing", "verdict": "regressed", "conclusion": "regressed: resize/pool/shm/dynamic:6/2 is 2 % slower",
    "tolerance": 0.01, "margin": 0.0012, "level": 0.0035, "on_unclear": None,
    "cells": [
        {"id": "hash/pool/shm/dynamic:2/2", "verdict": "pass", "reason": None, "measure": "wall", "failure": None,
         "slowdown": {"theta": -0.001, "low": -0.004, "high": 0.003}, "runs_a_side": 12, "looks": 1, "dropped": 0,
         "smallest_shown": 0.004, "smallest_excluded": 0.003, "screened": None, "instructions": None, "blocks": []},
        {"id": "resize/pool/shm/dynamic:6/2", "verdict": "regressed", "reason": None, "measure": "wall", "failure": None,
         "slowdown": {"theta": math.log(1.02), "low": math.log(1.01), "high": math.log(1.03)}, "runs_a_side": 24,
         "looks": 2, "dropped": 1, "smallest_shown": 0.008, "smallest_excluded": 0.03, "screened": None,
         "instructions": None, "blocks": []},
        {"id": "wait/pool/shm/dynamic:8/2", "verdict": "cannot tell", "reason": "the budget | was over", "measure": "wall",
         "failure": None, "slowdown": None, "runs_a_side": 0, "looks": 0, "dropped": 0, "smallest_shown": None,
         "smallest_excluded": None, "screened": None, "instructions": None, "blocks": []},
        {"id": "null/sequential/-/-/1", "verdict": "unchanged", "reason": None, "measure": "wall", "failure": None,
         "slowdown": None, "runs_a_side": 0, "looks": 0, "dropped": 0, "smallest_shown": None, "smallest_excluded": None,
         "screened": None, "instructions": None, "blocks": []}],
    "controls": {"aa": {"cell": "hash/pool/shm/dynamic:2/2", "verdict": "pass", "holds": True, "theta": 0, "low": -0.002,
                        "high": 0.002},
                 "plus": {"cell": "hash/pool/shm/dynamic:2/2", "verdict": "regressed", "holds": True, "theta": 0.02,
                          "low": 0.018, "high": 0.022}},
    "noise_floor": 0.002, "smallest_shown": 0.004, "doubts": []}


def export(name, of=STORED, status=None, **options):
    """What `bench export` prints, with its line ends as they are, and what it says on stderr."""
    wanted = 3 if status is None and of == STORED and name in MEASURED_ONLY else status or 0
    _, err = bench("export", name, str(of), "--output", f"as.{name}", status=wanted, **options)
    return Path(f"as.{name}").read_bytes().decode(), err


def load(name, of=STORED, **options):
    """What `bench export` prints, read as strict JSON: no NaN, no key twice."""
    return json.loads(export(name, of, **options)[0], parse_constant=refuse_constant, object_pairs_hook=refuse_twice)


def stored():
    return json.loads(STORED.read_text())


def measured(of=None):
    return cells(of or stored(), status="ok")


def times_ns(cell):
    """The wall times of the rounds that count; the stored run has no disturbed ones."""
    return [sample["wall_ns"] for sample in cell["samples"] if not sample["warmup"] and not sample["probed"]]


def changed(change):
    """The stored run with a change to it."""
    document = stored()
    change(document)
    Path("run.json").write_text(json.dumps(document))
    return Path("run.json")


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-9)


@case
def all_listed():
    """`bench list exports` names every format, and which of them take gates"""
    listed = json.loads(bench("list", "exports", "--json")[0])["exports"]
    assert [entry["name"] for entry in listed] == FORMATS, listed
    assert [entry["name"] for entry in listed if entry["gates"]] == ["junit", "markdown"], listed
    assert all(entry["suffix"] and entry["summary"] for entry in listed)


# ---- Google Benchmark ----

def compare(*arguments):
    if not COMPARE.exists():
        raise Skip("no compare.py of libbenchmark-tools")
    out = subprocess.run([sys.executable, COMPARE, "--no-color", *arguments], capture_output=True, text=True)
    if "No module named 'scipy'" in out.stderr:
        raise Skip("compare.py needs scipy")
    assert out.returncode == 0, out.stderr
    return out.stdout


def slower(document):
    for cell in cells(document, id="resize?keep=x/pool/shm/dynamic:6/2"):
        for sample in cell["samples"]:
            sample["wall_ns"] = round(sample["wall_ns"] * 1.5)


@case
def gbench_compared():
    """gbench: compare.py of Google Benchmark finds the cell that became slower, by its U test"""
    export("gbench")
    os.rename("as.gbench", "before.json")
    export("gbench", changed(slower), status=3)
    out = compare("benchmarks", "before.json", "as.gbench")
    lines = {line.split()[0]: line.split()[1:] for line in out.splitlines() if "_pvalue" in line}
    assert len(lines) == 4 and "U Test, Repetitions: 6 vs 6" in out, out
    for name, fields in lines.items():
        assert (float(fields[0]) < 0.05) == (name == "resize?keep=x/pool/shm/dynamic:6/2/real_time_pvalue"), out
        assert float(fields[1]) > 0.05, out  # the CPU time is as it was
    rows = [line.split() for line in out.splitlines() if line.startswith("resize?keep=x/pool/shm/dynamic:6/2/real_time ")]
    assert len(rows) == 6 and all(close(float(row[1]), 0.5) for row in rows), out


@case
def gbench_filtered():
    """gbench: compare.py compares two modes of one run, too"""
    export("gbench")
    out = compare("filters", "as.gbench", "/pool/shm/dynamic:12/1", "/sequential/-/-/1")
    assert "[/pool/shm/dynamic:12/1 vs. /sequential/-/-/1]/real_time_pvalue" in out, out


@case
def gbench_keys():
    """gbench: the keys that Bencher, Conbench and github-action-benchmark read, without aggregates"""
    document = load("gbench")
    context, rows = document["context"], document["benchmarks"]
    for key, kind in {"date": str, "host_name": str, "executable": str, "num_cpus": int, "mhz_per_cpu": int,
                      "cpu_scaling_enabled": bool, "caches": list, "load_avg": list, "library_build_type": str}.items():
        assert type(context[key]) is kind, (key, context[key])
    for cache in context["caches"]:
        assert {key: type(value) for key, value in cache.items()} == {"type": str, "level": int, "size": int,
                                                                     "num_sharing": int}, cache
    by_name = {}
    for row in rows:
        assert row["run_type"] == "iteration" and row["time_unit"] == "ns" and row["name"] == row["run_name"], row
        assert all(type(row[key]) in NUMBER for key in ("real_time", "cpu_time", "items_per_second", "speedup")), row
        assert all(type(row[key]) is int for key in ("threads", "iterations", "repetitions", "repetition_index",
                                                     "family_index", "per_family_instance_index")), row
        assert row["real_time"] > 0 and "/real_time" in row["name"], row  # else Conbench takes the CPU time
        by_name.setdefault(row["name"], []).append(row)
    assert list(by_name) == [cell["id"] + "/real_time" for cell in measured()]
    for cell, own in zip(measured(), by_name.values()):
        assert [row["real_time"] for row in own] == times_ns(cell), own
        assert [row["repetition_index"] for row in own] == list(range(len(own)))
        assert all(row["repetitions"] == len(own) and row["threads"] == cell["workers"] for row in own)
        assert all(close(row["items_per_second"], cell["items"] / row["real_time"] * 1e9) for row in own)
    assert [cell["status"] for cell in context["left_out"]] == LEFT_OUT, context


# ---- github-action-benchmark, Bencher ----

@case
def custom_keys():
    """customSmallerIsBetter: name, unit, value, range and extra of the right types, each name once"""
    entries = load("customSmallerIsBetter")
    types = {"name": str, "unit": str, "range": str, "extra": str}
    for entry, cell in zip(entries, measured(), strict=True):
        assert {key: type(value) for key, value in entry.items() if key != "value"} == types, entry
        assert entry["name"] == cell["id"] and entry["unit"] == "ns", entry
        assert close(entry["value"], cell["summary"]["wall_ns"]["median"]), entry
        low, high = (float(end) for end in entry["range"].split(" to "))
        assert low <= entry["value"] <= high, entry
    assert len({entry["name"] for entry in entries}) == len(entries)


@case
def bmf_keys():
    """bmf: benchmark, measure, metric; latency in ns and throughput in operations a second"""
    document = load("bmf")
    assert list(document) == [cell["id"] for cell in measured()]
    for cell in measured():
        measures = document[cell["id"]]
        assert list(measures) == ["latency", "throughput"], measures
        for measure, source in (("latency", "wall_ns"), ("throughput", "items_per_s")):
            metric, summary = measures[measure], cell["summary"][source]
            assert set(metric) == {"value", "lower_value", "upper_value"}, metric
            assert all(type(value) in NUMBER for value in metric.values()), metric
            assert close(metric["value"], summary["median"]), metric
            assert metric["lower_value"] <= metric["value"] <= metric["upper_value"], metric


@case
def long_names():
    """names stay within the 1024 bytes that Bencher takes, and those of different cells stay different"""
    def lengthen(document):
        for index, cell in enumerate(document["cells"]):
            cell["id"] = "é" * 1000 + str(index)
    names = list(load("bmf", changed(lengthen), status=3))
    assert len(set(names)) == 4 and all(500 < len(name.encode()) <= NAME_MAX for name in names), names
    rows = load("gbench", "run.json", status=3)["benchmarks"]
    assert all(len(row["name"].encode()) <= NAME_MAX for row in rows)


# ---- pyperf, hyperfine ----

@case
def pyperf_keys():
    """pyperf: what its loader checks of version, runs, values, warm-ups and metadata"""
    document = load("pyperf")
    assert document["version"] == "1.0" and document["metadata"]["unit"] == "second"
    for benchmark, cell in zip(document["benchmarks"], measured(), strict=True):
        assert {entry["metadata"]["name"] for entry in benchmark["runs"]} == {cell["id"]}
        assert len(benchmark["runs"]) == cell["summary"]["invocations"]
        for entry in benchmark["runs"]:
            assert entry["values"] and all(type(value) is float and value > 0 for value in entry["values"]), entry
            assert all(type(loops) is int and loops >= 1 and value >= 0 for loops, value in entry["warmups"]), entry
            metadata = entry["metadata"]
            assert type(metadata["loops"]) is int and metadata["duration"] > 0 and metadata["mem_max_rss"] >= 1, metadata
            assert metadata["date"].startswith("2026-01-31 12:00:"), metadata
            assert not metadata["cpu_affinity"].strip("0123456789,"), metadata
        values = [round(value * 1e9) for entry in benchmark["runs"] for value in entry["values"]]
        assert values == times_ns(cell), cell["id"]
        warmups = [round(value * 1e9) for entry in benchmark["runs"] for _, value in entry["warmups"]]
        assert warmups == [sample["wall_ns"] for sample in cell["samples"] if sample["warmup"]], cell["id"]
    for metadata in [document["metadata"]] + [entry["metadata"] for b in document["benchmarks"] for entry in b["runs"]]:
        assert all(type(value) in (str, int, float) and value not in ("", None) for value in metadata.values()), metadata


@case
def pyperf_itself():
    """pyperf: pyperf itself reads it, where it is installed"""
    try:
        pyperf = importlib.import_module("pyperf")
    except ImportError:
        raise Skip("no pyperf") from None
    export("pyperf")
    suite = pyperf.BenchmarkSuite.load("as.pyperf")
    assert suite.get_benchmark_names() == [cell["id"] for cell in measured()]
    assert all(close(b.median() * 1e9, statistics.median(times_ns(cell))) for b, cell in zip(suite, measured()))


@case
def hyperfine_keys():
    """hyperfine: its keys, in seconds, as its scripts and Bencher read them"""
    results = load("hyperfine")["results"]
    for result, cell in zip(results, measured(), strict=True):
        assert list(result) == ["command", "mean", "stddev", "median", "user", "system", "min", "max", "times", "exit_codes",
                                "parameters"], result
        times = [ns / 1e9 for ns in times_ns(cell)]
        assert result["command"] == cell["id"] and all(map(close, result["times"], times)), result
        assert result["exit_codes"] == [0] * len(times), result
        for key, of in (("mean", statistics.mean), ("stddev", statistics.stdev),
                        ("median", statistics.median), ("min", min), ("max", max)):
            assert close(result[key], of(times)), (key, result)
        assert 0 < result["user"] < 10 and result["system"] == 0, result
        assert all(type(value) is str for value in result["parameters"].values()), result
        assert result["parameters"]["workers"] == str(cell["workers"]), result


@case
def one_round():
    """hyperfine and bmf of a run with one round: no deviation, and nothing that is no number"""
    result = run("--workload", "null", "--items", "1000", "--mode", "pool", "--workers", "2", "--rounds", "1",
                 "--invocations", "1")
    assert [entry["stddev"] for entry in load("hyperfine", "out")["results"]] == [None, None]
    assert list(load("bmf", "out")) == [cell["id"] for cell in result["cells"]]


# ---- csv ----

def rows_of(of=STORED, **options):
    text = export("csv", of, **options)[0]
    with open("as.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert text.count("\r\n") == len(rows) + 1 and text.endswith("\r\n")  # within fields line ends are plain \n
    return rows


@case
def csv_rows():
    """csv: Python's reader gets a row a round, each with all columns, and the values are those of the run"""
    rows = rows_of()
    samples = [(cell, sample) for cell in stored()["cells"] for sample in cell["samples"] or [None]]
    assert len(rows) == len(samples)
    for row, (cell, sample) in zip(rows, samples):
        assert None not in row and None not in row.values(), row  # no field too many, none too few
        assert row["id"] == cell["id"] and row["status"] == cell["status"] and row["workers"] == str(cell["workers"])
        assert row["param_keep"] == cell["params"]["keep"], row  # it has quotes and line ends
        if sample is None:
            assert row["wall_ns"] == row["counted"] == "", row
            continue
        assert int(row["wall_ns"]) == sample["wall_ns"] and row["warmup"] == str(sample["warmup"]).lower(), row
        assert int(row["account_useful_ns"]) == sample["account_ns"]["useful"], row
        assert float(row["counter_cpu_time_ns"]) == sample["counters"][0]["value"] and row["counter_PAPI_TOT_INS"] == "", row
    for cell in measured():
        own = [int(row["wall_ns"]) for row in rows if row["id"] == cell["id"] and row["counted"] == "true"]
        assert close(statistics.median(own), cell["summary"]["wall_ns"]["median"]), cell["id"]


@case
def csv_disturbed():
    """csv: a disturbed round is there, but is not counted while all processes have others"""
    def disturb(document):
        samples = cells(document, status="ok")[0]["samples"]
        last = samples[-1]
        samples += [{**last, "round": last["round"] + more, "disturbed": True} for more in (1, 2)]
    rows = [row for row in rows_of(changed(disturb)) if row["id"] == measured()[0]["id"]]
    assert [row["counted"] for row in rows if row["disturbed"] == "true"] == ["false", "false"], rows
    assert len([row for row in rows if row["counted"] == "true"]) == 6, rows


@case
def csv_reasons():
    """csv: cells without rounds have a row with the reason"""
    reasons = {row["status"]: row["reason"] for row in rows_of() if row["status"] != "ok"}
    assert list(reasons) == LEFT_OUT and all(reasons.values()) and reasons["not measured"] == "budget", reasons


# ---- junit ----

def suites(name, of):
    """What the library junitparser reads: the test cases with their results, and the suite's totals."""
    export("junit", of)
    try:
        parser = importlib.import_module("junitparser")
    except ImportError:
        raise Skip("no junitparser") from None
    suite, = parser.JUnitXml.fromfile("as.junit")
    tests = {test.name: [(type(result).__name__, result.message, result.type) for result in test.result] for test in suite}
    totals = (suite.tests, suite.failures, suite.errors, suite.skipped)
    assert suite.name == name and len(tests) == suite.tests
    suite.update_statistics()
    assert totals == (suite.tests, suite.failures, suite.errors, suite.skipped), totals
    return tests, suite


@case
def junit_run():
    """junit of a run: a failed cell is a failure; one not available or not measured is skipped"""
    tests, _ = suites("run", STORED)
    results = [tests[cell["id"]] for cell in stored()["cells"]]
    assert results[:4] == [[]] * 4, results
    (kind, message, of), = results[4]
    assert kind == "Failure" and of == "signal" and "a worker crashed on item 17, 'x<script>" in message, results[4]
    assert [kind for result in results[5:] for kind, _, _ in result] == ["Skipped", "Skipped"], results
    root = xml.etree.ElementTree.parse("as.junit").getroot()
    assert root.tag == "testsuites" and root.attrib["failures"] == "1" and root.attrib["skipped"] == "2", root.attrib
    times = [float(test.attrib["time"]) for test in root.iter("testcase") if "time" in test.attrib]
    assert all(abs(time - cell["summary"]["wall_ns"]["median"] / 1e9) < 2e-9 for time, cell in zip(times, measured(), strict=True))


def gate(**changes):
    """Writes a gate file in which these keys are replaced."""
    Path("gate.json").write_text(json.dumps({**GATE, **changes}))
    return Path("gate.json")


@case
def junit_gate():
    """junit of a gate: regressed is a failure with its size; pass and unchanged pass; controls are test cases"""
    tests, suite = suites("gate", gate())
    (kind, message, of), = tests["resize/pool/shm/dynamic:6/2"]
    assert (kind, of) == ("Failure", "regressed") and "+2.00 % (+1.00 to +3.00 %) wall, 24 runs a side" in message, message
    assert tests["hash/pool/shm/dynamic:2/2"] == tests["null/sequential/-/-/1"] == tests["aa"] == tests["plus"] == []
    assert suite.failures == 2 and suite.skipped == 0, suite
    root = xml.etree.ElementTree.parse("as.junit").getroot()
    assert float(root.attrib["time"]) == 90, root.attrib


def unclear(on_unclear, kind):
    tests, _ = suites("gate", gate(on_unclear=on_unclear))
    (found, message, _), = tests["wait/pool/shm/dynamic:8/2"]
    assert found == kind and message == "cannot tell: the budget | was over", (found, message)
    assert tests["resize/pool/shm/dynamic:6/2"][0][0] == "Failure"


for a_rule, a_kind in [(None, "Failure"), ("fail", "Failure"), ("pass", "Skipped")]:
    case_of(f"junit of a gate: cannot tell with --on-unclear {a_rule}: {a_kind}", unclear, a_rule, a_kind)


@case
def junit_gate_special():
    """junit of a gate: what is allowed is skipped, a failed cell and a failed control are failures"""
    own = json.loads(json.dumps(GATE))
    own["cells"][1]["allowed"] = True
    own["cells"][2]["failure"] = {"kind": "lost_worker", "message": "worker 1 ended by SIGSEGV", "side": "b"}
    own["controls"]["plus"]["holds"] = False
    tests, _ = suites("gate", gate(**{**own, "on_unclear": "pass"}))
    assert tests["resize/pool/shm/dynamic:6/2"][0][0] == "Skipped", tests
    assert tests["wait/pool/shm/dynamic:8/2"][0][0] == "Failure", tests
    assert tests["plus"][0][0] == "Skipped" and tests["aa"] == [], tests
    tests, _ = suites("gate", gate(**own))
    assert tests["plus"][0][0] == "Failure", tests


@case
def junit_real():
    """junit of gates as they come: a failure for each regressed or unclear cell that is not allowed"""
    files = sorted((ROOT / "tests/data/gate").glob("*.json"))
    assert files
    for file in files:
        document = json.loads(file.read_text())
        tests, suite = suites("gate", file)
        wanted = [cell for cell in document["cells"] if cell["verdict"] in ("regressed", "cannot tell")]
        broken = [control for control in document["controls"].values() if control and not control["holds"]]
        allowed = [cell for cell in wanted if cell.get("allowed")]
        assert (suite.failures, suite.skipped) == (len(wanted) - len(allowed) + len(broken), len(allowed)), (file, tests)


# ---- markdown ----

def tables(text):
    """The rows of the tables in Markdown, without heads; a bar within a field is written with a backslash."""
    rows = [line.replace("\\|", "¦").split("|")[1:-1] for line in text.split("\n") if line.startswith("|")]
    widths = [len(row) for row in rows]
    assert all(before == after or "cell" in row[0] for before, after, row in zip(widths, widths[1:], rows[1:])), text
    assert all(field.count("`") in (0, 2) for row in rows for field in row), text  # one span of code, or none
    return [[field.strip() for field in row] for row in rows if "cell" not in row[0] and "---" not in row[0]]


@case
def markdown_run():
    """markdown of a run: every cell has a row, those without numbers first, and nothing in it is a tag"""
    text, _ = export("markdown")
    rows = tables(text)
    ids = [row[0].strip("`") for row in rows]
    assert sorted(ids) == sorted(cell["id"] for cell in stored()["cells"]), ids
    assert rows[0][1] == "**`failed`**" and rows[2][2] == "`budget`", rows
    assert rows[3][1] == "609.4 ms (606.9 to 610.7)" and rows[5][2].startswith("1.94 ("), rows
    outside = [part for line in text.splitlines() for part in line.split("`")[::2]]
    assert not any("<script" in part or "@" in part for part in outside), outside


@case
def markdown_gate():
    """markdown of a gate: the verdict, then the cells, the regressed one first"""
    text, _ = export("markdown", gate())
    rows = tables(text)
    assert text.startswith("### bench gate: `regressed`\n"), text
    assert [row[0] for row in rows][:2] == ["`resize/pool/shm/dynamic:6/2`", "`wait/pool/shm/dynamic:8/2`"], rows
    assert rows[0][1:4] == ["**`regressed`**", "+2.00 % (+1.00 to +3.00 %)", "24"], rows
    assert rows[1][5] == "`the budget ¦ was over`" and len(rows) == 4, rows
    assert "noise floor: 0.20 %" in text and "as it must" in text, text


@case
def markdown_fits():
    """markdown: fits into a comment, and says how much did not"""
    def multiply(document):
        document["cells"] = [{**cell, "id": f"{cell['id']}#{n}"} for n in range(300) for cell in document["cells"]]
    text, _ = export("markdown", changed(multiply))
    left_out = [int(line.split()[0]) for line in text.splitlines() if "have no room in a comment" in line]
    assert len(text.encode()) < 65536 and sum(left_out) + len(tables(text)) == 7 * 300, left_out


# ---- openmetrics ----

def families(of=STORED):
    """What prometheus_client's parser of OpenMetrics reads."""
    text, _ = export("openmetrics", of)
    try:
        parser = importlib.import_module("prometheus_client.openmetrics.parser")
    except ImportError:
        raise Skip("no prometheus_client") from None
    return {family.name: family for family in parser.text_string_to_metric_families(text)}


@case
def openmetrics_read():
    """openmetrics: its reference parser takes it; base units, medians of every measured cell, every cell's status"""
    found = families()
    units = {name: family.unit for name, family in found.items()}
    assert units == {"bench_run": "", "bench_cell_status": "", "bench_wall_seconds": "seconds", "bench_cpu_seconds": "seconds",
                     "bench_items_per_second": "", "bench_speedup_ratio": "ratio", "bench_efficiency_ratio": "ratio",
                     "bench_memory_bytes": "bytes", "bench_account_seconds": "seconds", "bench_counter": "", "bench_measure": ""}, units
    medians = {s.labels["cell"]: s.value for s in found["bench_wall_seconds"].samples if s.labels["estimate"] == "median"}
    assert list(medians) == [cell["id"] for cell in measured()], medians
    assert all(close(medians[cell["id"]], cell["summary"]["wall_ns"]["median"] / 1e9) for cell in measured()), medians
    states = {s.labels["cell"]: s.labels["bench_cell_status"] for s in found["bench_cell_status"].samples if s.value == 1}
    assert states == {cell["id"]: cell["status"] for cell in stored()["cells"]}, states
    assert not any("PAPI" in sample.labels["counter"] for sample in found["bench_counter"].samples)
    assert all(math.isfinite(sample.value) for family in found.values() for sample in family.samples)


@case
def openmetrics_measures():
    """openmetrics: what else a round told, such as latencies, with the unit as a label"""
    def tell(document):
        for sample in cells(document, id="resize?keep=x/pool/shm/dynamic:6/2")[0]["samples"]:
            sample["measures"] = [{"name": "item_latency_p99_ns", "unit": "ns", "value": 4567}]
    sample, = families(changed(tell))["bench_measure"].samples
    assert (sample.labels["measure"], sample.labels["unit"], sample.value) == ("item_latency_p99_ns", "ns", 4567), sample


@case
def openmetrics_escapes():
    """openmetrics: quotes, backslashes and line ends in labels come back as they were"""
    nasty = 'a"b\\c\nd'
    def rename(document):
        document["machine"]["host"] = nasty
    sample, = families(changed(rename))["bench_run"].samples
    assert sample.labels["host"] == nasty, sample


# ---- Intervals of too few invocations ----

def few(count):
    """The stored run with so many invocations of each cell."""
    def shorten(document):
        for cell in document["cells"]:
            cell["samples"] = [sample for sample in cell["samples"] if sample["invocation"] < count]
    return changed(shorten)


def not_certain(count, mark):
    """Formats that cannot mark the interval leave it out; the others mark it, or leave out that of a single value."""
    path = few(count)
    for benchmark in load("bmf", path, status=3).values():
        assert all(set(metric) == {"value"} for metric in benchmark.values()), benchmark
    assert not any("range" in entry for entry in load("customSmallerIsBetter", path, status=3))
    text = export("openmetrics", path)[0]
    assert 'estimate="median"' in text and not re.search('wall_seconds.*estimate="(low|high)"', text), text
    for name in ["junit", "markdown"]:
        lines = [line for line in export(name, path)[0].splitlines() if re.search(r"\b6(09|10)\.\d ms", line)]
        assert len(lines) >= 2, lines
        assert all(mark in line if mark else not re.search(r"\(6\d\d.* to ", line) for line in lines), lines


case_of("one invocation: no interval in any export", not_certain, 1, None)
case_of("three invocations: the interval is left out or marked", not_certain, 3, "75 % sure")


@case
def gate_percents_beside_limits():
    """a slow-down below the tolerance is not rounded to it"""
    document = json.loads(json.dumps(GATE))
    document["cells"][0]["slowdown"] = {"theta": 0.001, "low": 0, "high": math.log(1.009999)}
    Path("gate.json").write_text(json.dumps(document))
    for name in ["junit", "markdown"]:
        assert "+0.99 %" in export(name, Path("gate.json"))[0]
        assert "+1.00 %" not in export(name, Path("gate.json"))[0].replace("+1.00 to", "")


# ---- Whatever the format ----

def hostile(name):
    """A run whose strings are hostile and whose numbers are missing."""
    def spoil(document):
        for cell in document["cells"]:
            cell["id"] += " <b>&\"'`|\\,;\n\x1b[31m\u2028€"
            cell["workload"] = None
            cell["failure"] = cell["failure"] and {**cell["failure"], "message": "]]> | \x00 ".replace("\x00", "\x01") + "ü" * 400}
        ok = cells(document, status="ok")
        ok[0]["summary"] = {"wall_ns": {"median": 5}}
        ok[1]["samples"] = []
        ok[2]["summary"]["speedup"] = {"median": 2}
        ok[2]["samples"][1]["started_ns"] = 2 ** 62
        document["machine"] = document["versions"] = {}
        document["started"] = None
    text, err = export(name, changed(spoil), status=3 if name in MEASURED_ONLY else 0)
    assert not re.search(r"\b(nan|inf)\b", text) and "\x1b" not in err, text
    if name in MEASURED_ONLY:
        json.loads(text, parse_constant=refuse_constant, object_pairs_hook=refuse_twice)
    elif name == "junit":
        assert len(xml.etree.ElementTree.fromstring(text).findall(".//testcase")) == 7
    elif name == "openmetrics":
        families("run.json")
    elif name == "csv":
        assert len({row["id"] for row in rows_of("run.json")}) == 7
    else:
        assert len(tables(text)) == 7, text


for a_format in FORMATS:
    case_of(f"{a_format}: stays well-formed whatever strings a run has, and when numbers are missing", hostile, a_format)


def told(name):
    """The export says which cells have no place, and why; a failed one makes the status 3."""
    _, err = export(name)
    lines = err.splitlines()
    assert len(lines) == 3 and all(name in line for line in lines), err
    assert [status for status, line in zip(LEFT_OUT, lines) if f"', {status}" in line] == LEFT_OUT, err
    def mend(document):
        for cell in cells(document, status="failed"):
            cell["status"], cell["failure"] = "not measured", None
    _, err = export(name, changed(mend), status=0)
    assert len(err.splitlines()) == 3, err


for a_format in MEASURED_ONLY:
    case_of(f"{a_format}: says which cells it has no place for; status 3 if one of them failed", told, a_format)


def no_gate(name):
    _, err = bench("export", name, str(gate()), status=2)
    assert err == f"bench: {name} has no place for the verdicts of a gate (those that have: junit, markdown)\n", err


for a_format in [name for name in FORMATS if name not in ("junit", "markdown")]:
    case_of(f"{a_format}: says that it takes no gate", no_gate, a_format)


def refused(arguments, *parts):
    _, err = bench(*arguments, status=2)
    assert all(part in err for part in parts) and len(err.splitlines()) == 1, err


for some_arguments, some_parts in [
        (["export", "cvs", str(STORED)], ["'cvs'", "did you mean 'csv'", *FORMATS]),
        (["export", "csv", "nowhere"], ["nowhere"]),
        (["export", "csv", str(STORED), "more"], ["'more'"]),
        (["export", "csv", str(STORED), "--outptu", "x"], ["'--outptu'"]),
        (["export", "csv", str(STORED), "--output"], ["option '--output' needs a value: --output FILE"]),
        (["export", "csv", str(STORED), "--output", "no/where.csv"], ["'no/where.csv'", "No such file"]),
        (["export", "csv", str(STORED), "--output", "."], ["'.'", "directory"]),
        (["export", "csv", str(STORED), "--output", "/dev/full"], ["/dev/full", "No space left on device"]),
        (["--workload", "null", "--export", "cvs=x"], ["'cvs'", "'csv'"]),
        (["--workload", "null", "--export", "csv=no/where.csv"], ["'no/where.csv'", "No such file"]),
        (["--workload", "null", "--export", "csv=x", "--export", "bmf=x"], ["two formats", "'x'"])]:
    case_of("wrong: " + " ".join(some_arguments).replace(str(ROOT), ""), refused, some_arguments, *some_parts)


@case
def usage():
    """without a run: the usage, with every format"""
    _, err = bench("export", "csv", status=2)
    out, _ = bench("export", "--help")
    assert out == err and all(f"  {name} " in err for name in FORMATS), err


@case
def standard_output():
    """to standard output the same bytes; a full one is an error"""
    text, _ = export("csv")
    out = subprocess.run([os.environ["BENCH"], "export", "csv", STORED], capture_output=True)
    assert out.returncode == 0 and out.stdout.decode() == text
    with open("/dev/full", "w") as full:
        _, err = bench("export", "csv", str(STORED), status=2, stdout=full)
    assert err == "bench: cannot write to standard output: No space left on device\n", err


@case
def whole_or_not():
    """a file is replaced as a whole: after a full disk the old one is as it was, and nothing else is left"""
    folder = Path("disk")
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", folder], capture_output=True).returncode:
        raise Skip("cannot mount a small file system")
    try:
        (folder / "as.csv").write_text("old")
        _, err = bench("export", "csv", str(STORED), "--output", "disk/as.csv", status=2)
        assert "cannot write 'disk/as.csv': No space left on device" in err, err
        assert (folder / "as.csv").read_text() == "old" and os.listdir(folder) == ["as.csv"], os.listdir(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@case
def links_stay():
    """an output that is a link stays one"""
    Path("real.csv").write_text("old")
    Path("link.csv").symlink_to("real.csv")
    bench("export", "csv", str(STORED), "--output", "link.csv")
    assert Path("link.csv").is_symlink() and Path("real.csv").read_text().startswith("id,")


# ---- A run that exports ----

QUICK = ["--workers", "2", "--rounds", "2", "--invocations", "2"]


@case
def run_exports():
    """--export: every format of a run, the same as `bench export` makes of it afterwards"""
    wanted = [argument for name in FORMATS for argument in ("--export", f"{name}=run.{name}")]
    result = run("--workload", "null", "--items", "1000", "--mode", "pool,threads", *QUICK, *wanted)
    assert len(result["cells"]) == 3
    for name in FORMATS:
        assert Path(f"run.{name}").read_bytes().decode() == export(name, "out")[0], name
    invocations = load("gbench", "out")["benchmarks"]
    assert len(invocations) == 3 * 2, invocations
    counted = collections.Counter((row["id"], row["invocation"]) for row in rows_of("out") if row["counted"] == "true")
    assert sorted(row["iterations"] for row in invocations) == sorted(counted.values()), (invocations, counted)
    assert len(rows_of("out")) == sum(len(cell["samples"]) for cell in result["cells"])


@case
def run_failed():
    """--export of a run in which a cell fails: status 3, and the failure is in what has a place for it"""
    run("--workload", "faulty", "-p", "fault=crash", "--items", "20", "--mode", "pool", *QUICK, "--export", "junit=it.xml",
        "--export", "gbench=it.json", program=FAULTY, status=3)
    root = xml.etree.ElementTree.parse("it.xml").getroot()
    assert int(root.attrib["failures"]) >= 1 and root.find(".//failure").attrib["message"].startswith("failed: "), root.attrib
    rows = json.loads(Path("it.json").read_text())
    failed = [cell["name"] for cell in rows["context"]["left_out"]]
    assert failed and not any(row["name"].startswith(tuple(failed)) for row in rows["benchmarks"])


@case
def gate_exports():
    """gate --export: the verdict as junit and markdown, the same as `bench export` makes of it; other formats are refused"""
    bench("gate", "--a", "true", "--b", "true", "--no-plots", "--output", "out", "--export", "junit=it.xml", "--export",
          "markdown=it.md")
    assert Path("it.xml").read_text() == export("junit", "out")[0]
    assert Path("it.md").read_text() == export("markdown", "out")[0]
    assert suites("gate", "out")[0] == {"command": []}
    _, err = bench("gate", "--a", "true", "--b", "true", "--output", "other", "--export", "csv=it.csv", status=2)
    assert "csv has no place for the verdicts of a gate" in err and not Path("other").exists(), err
    _, err = bench("gate", "--a", "true", "--b", "true", "--no-plots", "--output", "other", "--export", "junit=/dev/full",
                   status=2)
    assert "cannot write '/dev/full': No space left on device" in err and Path("other/gate.json").exists(), err


@case
def run_disk():
    """--export to a full disk: a clear error and status 2, and the run is saved all the same"""
    _, err = bench("--workload", "null", "--items", "1000", "--mode", "pool", *QUICK, "--no-plots", "--output", "out",
                   "--export", "csv=/dev/full", "--export", "bmf=it.json", status=2)
    assert "cannot write '/dev/full': No space left on device" in err, err
    assert json.loads(Path("out/run.json").read_text())["cells"] and json.loads(Path("it.json").read_text())


main()
