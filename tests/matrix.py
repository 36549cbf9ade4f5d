"""Every fault in every mode and over every transport: what becomes of the cell, by one table. Each case is a fault; its
row says what was seen, mode by mode, in the order of the heading: `ok` where the fault harms nothing there, `-` where
it is not tried."""
import json
import os
import re
import shutil
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tap import (FAULTY, ROOT, WAITING, bench, case, case_of, main, nothing_left, opens_queues, small_disk, start,
                 validate)

MODES = json.loads(bench("list", "modes", "--json", program=FAULTY)[0])["modes"]
NAMES = [mode["name"] for mode in MODES]
TIMEOUT_S = {"python": 10, "": 2}  # of a phase, where a cell must wait for it; CPython takes a second to start

# What a cell tells: the failure's kind, its signal or exit status, its item. By who does the work: the cell process
# itself (its threads included), worker processes, CPython's worker processes, the threads of a CPython. None: not tried.
ITSELF, WORKERS, PYTHON, PYTHON_THREADS = range(4)
SAID = "item 11"
MAYBE = "( item 11)?"  # the thread that was killed could not say where it was
ANY = r"( item \d+)?"  # all threads of a process that is stopped are at some item
TABLE = {
    "kill": [f"signal SIGKILL{MAYBE}", f"lost_worker SIGKILL {SAID}", f"lost_worker( SIGKILL)? {SAID}", f"signal SIGKILL{MAYBE}"],
    "crash": [f"signal SIGSEGV {SAID}", f"signal SIGSEGV {SAID}", rf"(lost_worker|signal)( SIGSEGV)? {SAID}",
              f"signal SIGSEGV{MAYBE}"],
    "exit": [f"exit 7 {SAID}", f"exit 7 {SAID}", f"(lost_worker|exit)( 7)? {SAID}", f"exit 7{MAYBE}"],
    "leave": [f"exit 0 {SAID}", f"exit 0 {SAID}", f"(lost_worker|exit)( 0)? {SAID}", f"exit 0{MAYBE}"],
    "lock": [f"signal SIGKILL{MAYBE}", f"lost_worker SIGKILL {SAID}", None, None],
    "stop": [f"timeout{ANY}", f"timeout {SAID}", f"timeout {SAID}", f"timeout{ANY}"],
    "hang": [f"timeout {SAID}", f"timeout {SAID}", f"timeout {SAID}", f"timeout {SAID}"],
    "error": [f"error {SAID}", f"error {SAID}", f"error {SAID}", f"error {SAID}"],
    "wrong": [f"wrong_answer {SAID}", f"wrong_answer {SAID}", f"wrong_answer {SAID}", f"wrong_answer {SAID}"],
    "refuse": [f"wrong_answer {SAID}", f"wrong_answer {SAID}", None, None],
    "differ": ["ok", f"wrong_answer {SAID}", f"wrong_answer {SAID}", f"wrong_answer {SAID}"],
    "long": [f"error {SAID}", f"error {SAID}", None, None],
    "cell": [f"signal SIGKILL{MAYBE}"] * 4,
    "freeze": [f"timeout{ANY}"] * 4,
    "open": ["error"] * 4,
    "noise": ["error"] * 4,
}
EXCEPT = {("error", "executor"): "ok", ("long", "executor"): "ok"}  # an error is its future's, and harms no other
# CPython's executor ends its other workers at once: which one was the first may not be seen
EXCEPT |= {(fault, "python_executor"): r"(lost_worker|signal|exit)( SIG\w+| \d)?( item \d+)?" for fault in
           ("kill", "crash", "exit", "leave")}
WAITS = ["stop", "hang", "freeze"]
IN_ALL_TRANSPORTS = ["kill", "crash", "exit", "leave", "lock", "cell"]  # the others are found the same way over any
SAYS = {"stop": "(pid {pid}) is stopped (SIGSTOP)", "freeze": "the cell process (pid {pid}) is stopped (SIGSTOP)",
        "open": "it does not open, as it was told", "noise": "another version of the frames", "cell": "the cell process"}
ENDS = ["kill", "crash", "exit", "leave", "lock", "cell"]  # the pid that has ended is named in the message, too


def column(mode):
    if mode.startswith("python_"):
        return PYTHON_THREADS if mode == "python_threads" else PYTHON
    return WORKERS if next(entry for entry in MODES if entry["name"] == mode)["processes"] else ITSELF


def expected(fault, mode):
    return EXCEPT.get((fault, mode), TABLE[fault][column(mode)])


def outcome(cell):
    """What the run file says of a cell, in a few words."""
    failure = cell["failure"]
    if not failure:
        return cell["status"]
    words = [failure["kind"]]
    if failure["signal"]:
        words.append(signal.Signals(failure["signal"]).name)
    if failure["exit_status"] is not None:
        words.append(str(failure["exit_status"]))
    if failure["item"] is not None:
        words.append(f"item {failure['item']}")
    return " ".join(words)


def make_root():
    """A checkout's files in which CPython has a counterpart of the workload `faulty`, in ./root."""
    python = Path("root/harness/run/python")
    shutil.copytree(ROOT / "harness/run/python", python)
    shutil.copy(ROOT / "tests/faulty.py", python / "workloads")
    Path("root/plots").symlink_to(ROOT / "plots")


def cells_of(fault, number, *options):
    """Runs the workload that goes wrong, on two workers; nothing is left of it. Returns the cells with the fault."""
    out = f"out-{number}"
    process = start("--workload", "faulty", "-p", f"fault={fault}", "-p", "at=11", "--workers", "2", "--invocations", "1",
                    "--rounds", "1", "--bind", "none", "--counters", "none", "--no-plots", "--output", out, *options,
                    program=FAULTY, env={"BENCH_ROOT": os.path.abspath("root")})
    text = "".join(process.communicate(timeout=200))
    nothing_left(process, out)
    found = validate(out)["cells"]
    assert process.returncode == (3 if any(cell["status"] == "failed" for cell in found) else 0), (process.returncode, text)
    return found


def all_cells(fault):
    """One run for all modes; where cells must wait for their time-out, one run for each of them, side by side."""
    modes = [mode for mode in NAMES if expected(fault, mode)]
    if fault not in WAITS:
        transports = "all" if fault in IN_ALL_TRANSPORTS else "shm,pipe"
        return cells_of(fault, 0, "--mode", ",".join(modes), "--transport", transports, "-p", "from=2")
    runs = []
    for mode in modes:
        limit = TIMEOUT_S["python" if mode.startswith("python_") else ""]
        transports = {WORKERS: ["shm", "pipe"] + ["mqueue", "vm_read"] * (mode == "pool")}.get(column(mode), [None])
        for transport in transports:
            first = 2 if mode == "sequential" else 3  # else the baseline is right
            over = ["--transport", transport] if transport else []  # refused where no mode takes it
            runs.append((fault, len(runs), "--mode", mode, *over, "-p", f"from={first}", "--timeout", f"{limit}s"))
    with ThreadPoolExecutor(len(runs)) as pool:
        found = [cell for result in pool.map(lambda run: cells_of(*run), runs) for cell in result]
    return [cell for cell in found if cell["mode"] != "sequential" or cell["status"] == "failed"]


def limit_s(fault, mode):
    """Within which time a failure is seen; phases before the one that waits included."""
    if fault not in WAITS:
        return 20
    return 2 * TIMEOUT_S["python"] if mode.startswith("python_") else TIMEOUT_S[""] + 2


def check(fault, cell):
    """The cell is as the table says, and the failure names who it was."""
    failure, what = cell["failure"], (fault, cell["id"], outcome(cell), cell["failure"])
    assert re.fullmatch(expected(fault, cell["mode"]), outcome(cell)), what
    if not failure:
        return
    assert fault == "differ" or failure["pid"] > 0, what
    assert SAYS.get(fault, "").format(**failure) in failure["message"], what
    if fault in ENDS + WAITS:
        assert not cell["samples"], what
    if fault in ENDS:
        assert f"pid {failure['pid']}" in failure["message"], what
        assert column(cell["mode"]) in (WORKERS, PYTHON, PYTHON_THREADS) or "cell process" in failure["message"], what
    assert failure["after_ns"] < limit_s(fault, cell["mode"]) * 1e9, what
    if fault == "differ":
        assert "sequential" in failure["message"], what
    if fault == "hang":
        assert "SIGSTOP" not in failure["message"], what


def row(title, seen):
    """A line of the table: what was seen in each mode, over whichever transports."""
    print_of = {mode: " or ".join(sorted(seen[mode])) if mode in seen else "-" for mode in NAMES}
    return f"{title:9}| " + " | ".join(print_of[mode] for mode in NAMES)


@opens_queues
def fault_in_all(fault):
    make_root()
    seen = {}
    for cell in all_cells(fault):
        if cell["status"] == "not available":
            assert cell["transport"] == "mqueue" or "OpenMP" in cell["reason"] or "install python3" in cell["reason"], cell
        else:
            check(fault, cell)
        seen.setdefault(cell["mode"], set()).add(outcome(cell))
    assert seen.keys() == {mode for mode in NAMES if expected(fault, mode)}
    return row(fault, seen)


for a_fault in TABLE:
    case_of(f"'{a_fault}' in every mode, over every transport", fault_in_all, a_fault)


def on_full_disk(mode):
    """Runs a mode with its output on a disk that gets full; returns what is seen."""
    folder = small_disk(f"disk-{mode}")
    try:
        (folder / "filler").write_bytes(b"x" * 50000)
        process = start("--workload", "null", "--items", "1000", "--mode", mode, "--rounds", "40", "--invocations", "5",
                        "--no-plots", "--output", str(folder / "out"))
        err = process.communicate(timeout=200)[1]
        for file in folder.glob("out/run.json"):
            json.loads(file.read_text())
        assert not list(folder.glob("out/.*"))
        return f"status {process.returncode}" + (" no space left" if "No space left on device" in err else err)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@case
def full_disk():
    """a disk that gets full, in every mode"""
    with ThreadPoolExecutor(len(NAMES)) as pool:
        seen = dict(zip(NAMES, pool.map(on_full_disk, NAMES)))
    assert set(seen.values()) == {"status 2 no space left"}, seen
    return row("full disk", {mode: {words} for mode, words in seen.items()})


print("# fault    | " + " | ".join(NAMES))
main(WAITING)
