"""The modes python_*: CPython's own pools on the same items, with the same answers, or a reason why not."""
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tap import (FAULTY, LOG, PARTS, ROOT, Skip, arguments_of, case, case_of, cells, main, nothing_left, pids_of,
                 python_with, run, skip_baseline, start, started_by, validate, wait_for)

MODES = ["python_process", "python_pool", "python_executor", "python_threads"]
SMALL = {"sumsq": ["-p", "n=20000", "--items", "30"], "wait": ["-p", "ms=1", "--items", "20"], "null": ["--items", "20000"],
         "hash": ["--items", "12"], "resize": ["--items", "6"]}
ONCE = ["--workers", "2", "--invocations", "1", "--rounds", "1"]
# long enough to be hit in the middle
SLOW = ["--workload", "wait", "-p", "ms=20", "--items", "200", *ONCE, "--bind", "none", "--no-plots", "--output", "out", *LOG]


def python_cells(result):
    return [cell for cell in result["cells"] if cell["mode"] in MODES]


def check_sample(sample, cell):
    assert sum(worker["items"] for worker in sample["workers"]) == cell["items"], sample
    assert sum(sample["account_ns"][part] for part in PARTS) == cell["workers"] * sample["wall_ns"], sample
    assert abs(sample["account_ns"]["unexplained"]) <= 0.01 * cell["workers"] * sample["wall_ns"] + 20000, sample
    busy = [worker for worker in sample["workers"] if worker["items"]]  # CPython may need fewer, and start no more
    assert len({(worker["pid"], worker["tid"]) for worker in busy}) == len(busy) > 0, sample
    for worker in busy:
        assert worker["pid"] and worker["bound_to"], worker


def check(result, answers=True):
    """Every cell is ok, adds up, and has the sequential answers."""
    expected = cells(result, mode="sequential")[0]["samples"][0]["digest"]
    found = [cell for cell in result["cells"] if cell["mode"] != "sequential"]
    assert found
    for cell in found:
        assert cell["status"] == "ok", (cell["id"], cell["failure"], cell["reason"])
        for sample in cell["samples"]:
            check_sample(sample, cell)
            assert not answers or sample["digest"] == expected, cell["id"]
    return found


def equals_sequential(workload):
    result = run("--workload", workload, *SMALL[workload], "--mode", ",".join(MODES + ["pool"]), *ONCE)
    if workload != "resize":
        assert len(check(result)) == len(MODES) + 1, [cell["id"] for cell in result["cells"]]
    elif python_with("PIL"):
        check(result, answers=False)
    else:
        for cell in python_cells(result):
            assert cell["status"] == "not available" and "python3-pil" in cell["reason"], cell
        raise Skip("no python3 here has Pillow: the cells are not available and say so")


for a_workload in SMALL:
    case_of(f"{a_workload}: all have the sequential answers, and accounts that add up", equals_sequential, a_workload)


@case
def resize_in_memory():
    """resize: JPEGs as arguments and results of the pool"""
    if not python_with("PIL"):
        raise Skip("no python3 here has Pillow")
    check(run("--workload", "resize", "-p", "io=memory", "--items", "6", "--mode", ",".join(MODES), *ONCE, timeout=200), answers=False)


@case
def ways_of_calling():
    """python_pool: every call has the sequential answers, and says when the first result was there"""
    result = run("--workload", "sumsq", *SMALL["sumsq"], "--mode", "python_pool", "--call", "all", *ONCE)
    for cell in check(result):
        for sample in cell["samples"]:
            measured = {measure["name"]: measure["value"] for measure in sample["measures"]}
            assert 0 < measured["first_result_ns"] <= measured["last_result_ns"] <= sample["wall_ns"], measured
            assert ("item_latency_p50_ns" in measured) == (cell["call"] not in ["map", "starmap"]), measured
            assert 0 < measured.get("item_latency_p50_ns", 1) <= measured["last_result_ns"], measured
    assert len(result["cells"]) == 7, [cell["id"] for cell in result["cells"]]


@case
def one_an_item():
    """python_process --per item: a process for each item, `workers` at a time"""
    found = check(run("--workload", "sumsq", "-p", "n=1000", "--items", "7", "--mode", "python_process", "--per", "item", *ONCE))
    assert found[0]["id"].startswith("sumsq?n=1000/python_process:item/-/-/2"), found[0]["id"]


@case
def recycled():
    """python_pool --recycle: workers are replaced, the answers stay"""
    check(run("--workload", "sumsq", *SMALL["sumsq"], "--mode", "python_pool", "--recycle", "3", "--chunk", "1", *ONCE))


@case
def one_schedule():
    """--schedule has no say: a mode of Python deals out in its own way"""
    result = run("--workload", "null", "--items", "100", "--mode", ",".join(MODES), "--schedule", "all", *ONCE)
    assert [cell["schedule"] for cell in python_cells(result)] == ["static", "dynamic", "dynamic", "dynamic"]


@case
def placed():
    """workers are bound where bench's own would be, and what they were bound to is read back"""
    result = run("--workload", "sumsq", *SMALL["sumsq"], "--mode", "pool,python_pool,python_threads", *ONCE)
    places = [[worker["bound_to"] for worker in cell["samples"][-1]["workers"]] for cell in cells(result, workers=2)]
    assert len(places) == 3 and places[0] == places[1] == places[2], places


@case
def no_counterpart():
    """a workload that Python's standard library does not have is not available, and says so"""
    result = run("--workload", "faulty", "--mode", ",".join(MODES + ["pool"]), *ONCE, program=FAULTY)
    for cell in python_cells(result):
        assert cell["status"] == "not available" and "no counterpart" in cell["reason"], cell


@case
def no_python():
    """without python3 in PATH the cells are not available"""
    result = run("--workload", "null", "--items", "100", "--mode", "python_pool,pool", *ONCE, env={"PATH": os.getcwd()})
    cell = cells(result, mode="python_pool")[0]
    assert cell["status"] == "not available" and "install python3" in cell["reason"], cell
    assert cells(result, mode="pool")[0]["status"] == "ok"


def fake_python(text):
    """A folder with a python3 of this text."""
    path = Path("fake")
    path.mkdir()
    (path / "python3").write_text(f"#!/bin/sh\n{text}\n")
    (path / "python3").chmod(0o755)
    return str(path.absolute())


@case
def garbage():
    """garbage instead of an answer is shown"""
    path = fake_python('eval "echo garbage >&$3; read -r word <&$3"')  # it stays until bench has read that
    result = run("--workload", "null", "--items", "100", "--mode", "python_pool", *ONCE, status=3, env={"PATH": path})
    failure = cells(result, mode="python_pool")[0]["failure"]
    assert "not understood: 'garbage'" in failure["message"], failure


@case
def broken_python():
    """a python3 that only exits is passed over"""
    path = fake_python("exit 7")
    run_null = ["--workload", "null", "--items", "100", "--mode", "python_pool,pool", *ONCE]
    check(run(*run_null, env={"PATH": f"{path}:{os.environ['PATH']}"}))
    assert cells(run(*run_null, env={"PATH": path}), mode="python_pool")[0]["status"] == "not available"


@case
def recorded():
    """version and start method stand in run.json"""
    result = run("--workload", "null", "--items", "100", "--mode", "python_pool,python_threads,pool", *ONCE)
    for mode, runtime in [("python_pool", "fork"), ("python_threads", None)]:
        found = cells(result, mode=mode)[0]["runtime"]
        assert found["name"] == "CPython" and re.match(r"3\.\d+\.\d+", found["version"]), found
        assert found["start_method"] == runtime, found
    assert cells(result, mode="pool")[0]["runtime"] is None


# Says that it is 3.7, and then is what it is.
OLD = """exec {} -c '
import runpy, sys
sys.version_info, sys.argv = (3, 7, 3, "final", 0), sys.argv[2:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
runpy.run_path(sys.argv[0], run_name="__main__")' "$@"
"""


def unusable(path, *words, **variables):
    """Runs with this PATH; the cell is not available, and its reason has these words."""
    result = run("--workload", "null", "--items", "100", "--mode", "python_pool,pool", *ONCE, env={"PATH": path, **variables})
    cell = cells(result, mode="python_pool")[0]
    assert cell["status"] == "not available" and all(word in cell["reason"] for word in words), cell


@case
def old_python():
    """a Python that is too old is refused, by its version"""
    unusable(fake_python(OLD.format(shutil.which("python3"))), "is Python 3.7, which is older than 3.8")


@case
def misled_python():
    """PYTHONHOME that leads nowhere is named as the cause"""
    unusable(os.environ["PATH"], "python3' exited with status 1", "PYTHONHOME='/nonexistent'", PYTHONHOME="/nonexistent")


@case
def workers_that_cannot_begin():
    """a pool whose workers cannot begin fails at once and says why, instead of making new ones until the time is out"""
    folder = Path("harness/run/python")
    shutil.copytree(ROOT / folder, folder)
    Path("plots").symlink_to(ROOT / "plots")
    with open(folder / "board.py", "a") as file:
        file.write('\n\ndef settle(*_):\n    raise OSError("no way in")\n')
    result = run("--workload", "null", "--items", "20", "--mode", "python_pool", "--timeout", "60s", *ONCE, status=3,
                 env={"BENCH_ROOT": os.getcwd()})
    failure = cells(result, mode="python_pool")[0]["failure"]
    assert failure["kind"] == "error" and "cannot begin: OSError: no way in" in failure["message"], failure


def other_program(mode, workload, text, kind, words):
    """Adds text to a workload's program for Python: the run fails as expected."""
    folder = Path("harness/run/python")
    shutil.copytree(ROOT / folder, folder)
    Path("plots").symlink_to(ROOT / "plots")
    with open(folder / "workloads" / f"{workload}.py", "a") as file:
        file.write(text)
    result = run("--workload", workload, "--items", "20", "--mode", mode, "--timeout", "60s", *ONCE, status=3,
                 env={"BENCH_ROOT": os.getcwd()})
    failure = cells(result, mode=mode)[0]["failure"]
    assert failure["kind"] == kind and failure["item"] == 7 and words in failure["message"], failure


RAISES = """

def work(item):
    if item == 7:
        raise ValueError("seven is wrong")
"""
DIFFERS = """

def output(item, result):
    return bytes(8) if item == 7 else struct.pack("=Q", result)
"""
ENDS_SLOWLY = """

def work(item):
    if item == 7:
        import os, time
        os.closerange(3, 1000)  # the executor takes that for the end, and ends all
        time.sleep(60)
"""
for a_mode in MODES:
    case_of(f"{a_mode}: an exception is named with its item", other_program, a_mode, "null", RAISES, "error", "seven is wrong")
case_of("a wrong answer is found, with its item", other_program, "python_pool", "sumsq", DIFFERS, "wrong_answer", "wrong")
case_of("python_executor: the worker that takes a while to end is named, too", other_program, "python_executor", "null",
        ENDS_SLOWLY, "lost_worker", "at item 7")


def pauses_of(pid):
    """How often a process has waited for something: at work, once an item at least."""
    return int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)[1])


def in_a_round(mode, *options):
    """Starts a slow run and waits until the crew is at work. Returns bench, Python and its workers."""
    process = start("--mode", mode, *SLOW, *options)
    skip_baseline(process)

    def look():
        for cell in started_by(process):
            for python in pids_of(cell):
                found = pids_of(python)
                if "-B" in arguments_of(python) and len(found) == 2:
                    return python, found
        return None
    python, found = wait_for(look)
    wait_for(lambda: all(pauses_of(worker) > 20 for worker in found))
    return process, python, found


def end(process):
    process.communicate(timeout=60)
    assert process.returncode == 3, process.returncode
    nothing_left(process)
    return next(cell for cell in validate("out")["cells"] if cell["mode"] != "sequential")["failure"]


def killed_worker(mode):
    process, _, found = in_a_round(mode)
    from_s = time.monotonic()
    os.kill(found[1], signal.SIGKILL)
    failure = end(process)
    assert time.monotonic() - from_s < 10, "it was not seen at once"
    assert failure["kind"] == "lost_worker" and failure["pid"] == found[1] and 0 <= failure["item"] < 200, failure
    assert failure["signal"] == 9 and "was killed by SIGKILL" in failure["message"], failure


for a_mode in MODES[:3]:
    case_of(f"{a_mode}: a killed worker is named with its item, nothing is left", killed_worker, a_mode)


@case
def stopped_worker():
    """python_pool: a stopped worker is named when the time is out"""
    process, _, found = in_a_round("python_pool", "--timeout", "10s")
    os.kill(found[0], signal.SIGSTOP)
    failure = end(process)
    assert failure["kind"] == "timeout" and failure["pid"] == found[0] and "SIGSTOP" in failure["message"], failure


@case
def stopped_python():
    """python_pool: Python itself is stopped: named when the time is out, and not a worker"""
    process, python, _ = in_a_round("python_pool", "--timeout", "5s")
    os.kill(python, signal.SIGSTOP)
    failure = end(process)
    assert failure["kind"] == "timeout" and failure["pid"] == python and failure["item"] is None, failure
    assert f"'python3' (pid {python}) is stopped (SIGSTOP)" in failure["message"], failure


@case
def killed_python():
    """python_pool: Python itself is killed: named, and its workers go with it"""
    process, python, _ = in_a_round("python_pool")
    os.kill(python, signal.SIGKILL)
    failure = end(process)
    assert failure["kind"] == "signal" and failure["pid"] == python and failure["signal"] == 9, failure


@case
def killed_bench():
    """kill -9 of bench: Python and its workers go with it"""
    for mode in MODES[:3]:
        process, _, _ = in_a_round(mode)
        process.kill()
        process.communicate()
        nothing_left(process, "nowhere")
        subprocess.run(["rm", "-rf", "out", "log"], check=True)


@case
def memory():
    """Workers that end before bench looks count as much as those of a pool"""
    def bytes_of(mode, *options):
        result = run("--workload", "sumsq", *SMALL["sumsq"], "--mode", mode, *ONCE, *options)
        return cells(result, mode=mode)[0]["summary"]["rss_bytes"]
    pool = bytes_of("python_pool")
    for mode, *options in (["python_process"], ["python_process", "--per", "item"], ["python_pool", "--recycle", "3"]):
        assert 0.65 * pool < bytes_of(mode, *options) < 1.35 * pool, (mode, options, pool)


main()
