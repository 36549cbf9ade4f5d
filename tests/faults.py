"""What becomes of a run when something goes wrong: processes are really killed, stopped, crash and hang, disks fill."""
import fcntl
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from xml.etree import ElementTree

from tap import (BENCH, FAULTY, LOG, ROOT, Skip, WAITING, another_user, at_work, bench, case, case_of, cells, main,
                 nothing_left, pids_of, run, skip_baseline, small_disk, start, validate, wait_for, wait_for_items)

REFERENCE = ROOT / "results/reference/run.json"

# long enough to be hit in the middle: 2 x 1000 items of 5 ms
SLOW = ["--workload", "wait", "-p", "ms=5", "--items", "2000", "--rounds", "1", "--invocations", "1", "--workers", "2",
        "--bind", "none", "--no-plots", "--output", "out", *LOG]


def end(process, seconds=30):
    """Waits for the end; returns (status, stdout, stderr)."""
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err


def start_in_mode(mode, *arguments, **options):
    """Starts the slow run, with a short baseline before it."""
    return start("--mode", mode, *SLOW, *arguments, **options)


def failure_of(mode, index=0):
    failed = cells(validate("out"), mode=mode, status="failed")
    assert failed, validate("out")["cells"]
    return failed[index]["failure"]


def killed_worker(mode, transport, number):
    process = start_in_mode(mode, "--transport", transport)
    skip_baseline(process)
    _, found = at_work(process, mode, 2)
    os.kill(found[1], number)
    status, out, _ = end(process)
    failure = failure_of(mode)
    assert status == 3
    assert failure["kind"] == "lost_worker" and failure["pid"] == found[1] and failure["signal"] == number, failure
    assert 0 <= failure["item"] < 2000 and failure["after_ns"] > 0, failure
    assert str(found[1]) in out and "SIG" in out
    nothing_left(process)


def stopped_worker(mode, transport):
    process = start_in_mode(mode, "--transport", transport, "--timeout", "2s")
    skip_baseline(process)
    _, found = at_work(process, mode, 2)
    os.kill(found[0], signal.SIGSTOP)
    from_s = time.monotonic()
    status, _, _ = end(process)
    assert time.monotonic() - from_s < 4.5
    failure = failure_of(mode)
    assert status == 3
    assert failure["kind"] == "timeout" and failure["pid"] == found[0] and "SIGSTOP" in failure["message"], failure
    nothing_left(process)


for a_mode in ["pool", "processes"]:
    for a_transport in ["shm", "pipe"]:
        for a_signal in [signal.SIGKILL, signal.SIGTERM]:
            case_of(f"{a_mode} over {a_transport}: a worker killed by {a_signal.name} is named", killed_worker, a_mode,
                    a_transport, a_signal)
        case_of(f"{a_mode} over {a_transport}: a stopped worker is reported within its time-out plus 2 s", stopped_worker,
                a_mode, a_transport)


def workload_fault(mode, fault, kind, *options):
    process = start("--workload", "faulty", "--mode", mode, "-p", f"fault={fault}", "-p", "at=11", *options, "--workers", "2",
                    "--rounds", "1", "--invocations", "1", "--timeout", "2s", "--no-plots", "--output", "out", program=FAULTY)
    status, _, _ = end(process)
    assert status == 3, status
    failure = failure_of(mode)
    assert failure["kind"] in kind, failure
    assert failure["item"] == 11, failure
    nothing_left(process)
    return failure


case_of("processes, one an item: a crash is named", workload_fault, "processes", "crash", ["signal"], "--per", "item")


@case
def other_cells_go_on():
    """one cell fails, the others are measured"""
    bench("--workload", "faulty", "--mode", "pool,thread_pool", "-p", "fault=differ", "--workers", "2", "--rounds", "1",
          "--invocations", "2", "--no-plots", "--output", "out", program=FAULTY, status=3)
    result = validate("out")
    assert len(cells(result, status="ok")) == 2 and len(cells(result, status="failed")) == 1


def interrupted(number, in_baseline):
    process = start_in_mode("pool")
    if not in_baseline:
        skip_baseline(process)
        at_work(process, "pool", 2)
    else:
        wait_for_items("sequential")
    from_s = time.monotonic()
    process.send_signal(number)
    status, _, _ = end(process)
    assert time.monotonic() - from_s < 2, "the prompt was not back within 2 s"
    assert status == -number, status
    assert validate("out")["interrupted"] == number.name
    nothing_left(process)


for a_signal in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
    case_of(f"{a_signal.name} in the middle: saved, ended by it within 2 s, nothing left", interrupted, a_signal, False)
case_of("SIGINT in the baseline", interrupted, signal.SIGINT, True)


@case
def killed_while_opening():
    """kill -9 before there is a result: the folder that was made for it goes, too"""
    process = start("--mode", "pool", *SLOW)
    wait_for(lambda: list(Path("out").glob(".*")))
    process.kill()
    process.communicate()
    nothing_left(process)
    wait_for(lambda: not Path("out").exists() or Path("out/run.json").exists())


@case
def killed_supervisor():
    """kill -9 of bench itself: its cell process, workers and scratch folder go with it"""
    process = start_in_mode("pool")
    skip_baseline(process)
    at_work(process, "pool", 2)
    process.kill()
    process.wait()
    nothing_left(process)
    process.communicate()


def goes_on(process, number):
    """Sends a signal that shall be ignored, to a process that has begun so many items; more items follow."""
    begun = len(wait_for_items("sequential", count=1))
    process.send_signal(number)
    wait_for_items("sequential", count=begun + 20)


@case
def ignored_signals():
    """what is ignored when bench begins stays so, as by nohup and in the background of a shell's script"""
    def ignore():
        for number in [signal.SIGHUP, signal.SIGINT]:
            signal.signal(number, signal.SIG_IGN)
    process = start_in_mode("pool", preexec_fn=ignore)
    goes_on(process, signal.SIGHUP)
    goes_on(process, signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    assert end(process)[0] == -signal.SIGTERM
    assert validate("out")["interrupted"] == "SIGTERM"
    nothing_left(process)


@case
def ignored_ends_of_children():
    """a caller that ignores SIGCHLD does not keep bench from seeing how children end"""
    process = start("--workload", "null", "--items", "100", "--mode", "pool,spawn", "--rounds", "1", "--invocations", "1",
                    "--no-plots", "--output", "out", preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    status, _, err = end(process)
    assert status == 0 and all(cell["status"] == "ok" for cell in validate("out")["cells"]), err


LATE_C = """
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The process that wants to die with its parent waits for ./go before it says so. */
int prctl(int option, ...)
{
	va_list list;
	long value;

	va_start(list, option);
	value = va_arg(list, long);
	va_end(list);
	if (option == PR_SET_PDEATHSIG) {
		close(open("late", O_CREAT | O_WRONLY, 0666));
		while (access("go", F_OK))
			usleep(10000);
	}
	return (int)syscall(SYS_prctl, option, value, 0, 0, 0);
}
"""


@case
def killed_while_beginning():
    """experiment transports, killed before the other process dies with it: that is not left stopped"""
    if os.environ.get("BENCH_SANITIZER", "none") != "none":
        raise Skip("a sanitizer must be loaded first")
    subprocess.run([*os.environ["CC"].split(), "-x", "c", "-", "-shared", "-fPIC", "-o", "late.so"], input=LATE_C, text=True,
                   check=True)
    process = start("experiment", "transports", "--transport", "pipe", env={"LD_PRELOAD": f"{Path.cwd()}/late.so"})
    wait_for(Path("late").exists)
    time.sleep(0.1)  # in which it was stopped, once
    process.kill()
    Path("go").touch()
    process.communicate(timeout=30)  # its output ends
    nothing_left(process)


# ---- Pages ----

SHORT = ["--workload", "null", "--items", "100", "--mode", "pool", "--rounds", "1", "--invocations", "1"]
PAGES = {  # each is made of the run in ./run, or anew; and what it writes
    "run": ([*SHORT, "--output", "out"], "report"),
    "report": (["report", "out"], "report"),
    "compare": (["compare", "run", "--output", "out"], "compare"),
    "history": (["history", "show", "--database", "history.db", "--output", "out"], "history"),
    "gate": (["gate", "--a", "true", "--b", "true -", "--max-runs", "12", "--output", "out", "--export",
              "junit=out/junit.xml"], "gate")}


def start_drawing(page):
    """Starts what makes a page; returns it once its pictures are being drawn, which goes on when ./go is there."""
    bench(*SHORT, "--output", "run", "--no-plots", *(["--invocations", "6"] if page == "compare" else []))
    bench("history", "add", "--database", "history.db", "run")
    if page == "report":
        Path("run").rename("out")
    Path("bin").mkdir()
    Path("bin/gnuplot").write_text(f"#!/bin/sh\n>{Path.cwd()}/draws\nuntil [ -e {Path.cwd()}/go ]; do sleep 0.05; done\n"
                                   f'exec {shutil.which("gnuplot")} "$@"\n')
    Path("bin/gnuplot").chmod(0o755)
    process = start(*PAGES[page][0], env={"PATH": f"{Path.cwd()}/bin:{os.environ['PATH']}"})
    wait_for(Path("draws").exists, 200)  # a gate measures before
    return process


def held(page, number):
    process = start_drawing(page)
    process.send_signal(number)
    Path("go").touch()
    status, out, err = end(process)
    assert status == -number, (status, out, err)
    name = PAGES[page][1]
    files = {path.name for path in Path("out").iterdir()}
    assert {f"{name}.md", f"{name}.html"} <= files and any(file.endswith(".svg") for file in files), files
    assert page != "gate" or "junit.xml" in files, files
    nothing_left(process)


def killed_while_drawing(page):
    process = start_drawing(page)
    process.kill()
    process.communicate()
    nothing_left(process)


for a_page in PAGES:
    case_of(f"{a_page}: a signal while pictures are drawn ends it when all is there", held, a_page, signal.SIGINT)
    case_of(f"{a_page}: kill -9 while pictures are drawn: nothing left", killed_while_drawing, a_page)


@case
def limited_pages():
    """a page larger than the limit of file size is an error, not a death"""
    bench(*SHORT, "--output", "out", "--no-plots")
    process = start("report", "out", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)))
    status, _, err = end(process)
    assert status == 2 and "File too large" in err, (status, err)
    nothing_left(process)


# ---- In a container ----

NAMESPACE = ["--pid", "--fork", "--mount-proc"]  # of a container: its process 1 gets no signal without a handler


def needs_namespace():
    if subprocess.run(["unshare", *NAMESPACE, "true"], capture_output=True).returncode:
        raise Skip("cannot make a PID namespace")


def as_process_one(number, begins, *arguments):
    needs_namespace()
    process = start(*NAMESPACE, BENCH, *arguments, program="unshare", env={"TMPDIR": str(Path.cwd())})
    first = wait_for(lambda: pids_of(process.pid))[0]
    wait_for(lambda: begins(first))
    os.kill(first, number)
    status, out, err = end(process)
    assert status == 128 + number, (status, out, err)
    nothing_left(process)
    nothing_left(process, ".")


def is_at_items(first):
    return wait_for_items("sequential")


def has_children(first):
    """Whether the program, the child of process 1, measures already."""
    return any(pids_of(program) for program in pids_of(first))


for a_signal in [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]:
    case_of(f"as process 1 of a container, {a_signal.name}: 128 + n, nothing left", as_process_one, a_signal, is_at_items,
            "--mode", "pool", *SLOW)
for an_experiment, a_signal in [("transports", signal.SIGTERM), ("grain", signal.SIGINT)]:
    case_of(f"as process 1, {a_signal.name} in experiment {an_experiment}", as_process_one, a_signal, has_children,
            "experiment", an_experiment, "--transport", "pipe")


@case
def statuses_of_process_one():
    """as process 1, what ends by itself has its own status and output"""
    needs_namespace()
    assert bench(*NAMESPACE, BENCH, "list", "modes", program="unshare") == bench("list", "modes")
    bench(*NAMESPACE, BENCH, "--mode", "nosuch", program="unshare", status=2)


# ---- Cell processes ----

@case
def killed_cell_process():
    """a cell process killed from outside takes its workers with it"""
    process = start_in_mode("pool")
    skip_baseline(process)
    cell, _ = at_work(process, "pool", 2)
    os.kill(cell, signal.SIGKILL)
    status, _, _ = end(process)
    failure = failure_of("pool")
    assert status == 3 and failure["kind"] == "signal" and failure["signal"] == 9 and failure["pid"] == cell, failure
    nothing_left(process)


@case
def stopped_cell_process():
    """a stopped cell process is reported as such"""
    process = start_in_mode("thread_pool", "--timeout", "2s")
    skip_baseline(process)
    os.kill(wait_for_items("thread_pool")[0], signal.SIGSTOP)
    status, _, _ = end(process)
    failure = failure_of("thread_pool")
    assert status == 3 and failure["kind"] == "timeout" and "SIGSTOP" in failure["message"], failure
    nothing_left(process)


@case
def stopped_cell_process_of_others():
    """a stopped cell process is named itself, not one of its workers, which are well"""
    process = start_in_mode("pool", "--timeout", "2s")
    skip_baseline(process)
    cell, _ = at_work(process, "pool", 2)
    os.kill(cell, signal.SIGSTOP)
    status, _, _ = end(process)
    failure = failure_of("pool")
    assert status == 3 and failure["kind"] == "timeout" and failure["pid"] == cell and failure["item"] is None, failure
    assert f"the cell process (pid {cell}) is stopped (SIGSTOP)" in failure["message"], failure
    nothing_left(process)


@case
def kept_what_was_measured():
    """what was measured before a failure is kept in the run file"""
    process = start("--workload", "wait", "-p", "ms=1", "--items", "40", "--rounds", "60", "--invocations", "1", "--mode",
                    "pool", "--workers", "2", "--no-plots", "--output", "out", *LOG)
    found = wait_for_items("pool", "0", 4)
    os.kill(found[0], signal.SIGKILL)
    assert end(process)[0] == 3
    cell = cells(validate("out"), mode="pool")[0]
    assert cell["status"] == "failed" and len(cell["samples"]) > 1, len(cell["samples"])
    other = cells(validate("out"), mode="sequential")[0]  # the two took turns
    assert other["status"] == "ok" and len(other["samples"]) > 60, len(other["samples"])


@case
def kept_at_interrupt():
    """Ctrl-C in a long generation: the rounds that its cells have measured are kept"""
    process = start("--workload", "wait", "-p", "ms=1", "--items", "40", "--rounds", "1000", "--invocations", "1", "--mode",
                    "pool", "--workers", "2", "--no-plots", "--output", "out", *LOG)
    wait_for_items("sequential", "0", 8)
    process.send_signal(signal.SIGINT)
    assert end(process)[0] == -signal.SIGINT
    for cell in validate("out")["cells"]:
        assert cell["status"] == "ok" and len(cell["samples"]) > 5, (cell["id"], cell["status"], len(cell["samples"]))
    nothing_left(process)


@case
def slower_than_the_budget():
    """work that does not fit the budget is not measured, which is no failure"""
    for budget in ["4s", "0.2s"]:
        result = run("--workload", "wait", "-p", "ms=3000", "--items", "2", "--mode", "pool", "--budget", budget)
        for cell in result["cells"]:
            assert cell["status"] == "not measured" and cell["reason"].startswith("budget"), cell


@case
def large_payloads():
    """payloads far larger than any buffer cross every transport in pieces, both ways at once"""
    for transport in ["shm", "pipe"]:
        result = run("--workload", "faulty", "--mode", "pool,processes", "-p", "in=5000000", "-p", "out=3000000", "--items", "6",
                     "--transport", transport, "--workers", "2", "--chunk", "3", "--rounds", "1", "--invocations", "1",
                     program=FAULTY)
        for cell in cells(result, workers=2):
            assert cell["status"] == "ok", cell["failure"]
            assert cell["samples"][-1]["bytes_moved"] == 6 * 8000000, cell["samples"][-1]["bytes_moved"]


@case
def full_disk():
    """a full disk: a clear message, status 2, the file that was there before is whole"""
    folder = small_disk()
    try:
        (folder / "filler").write_bytes(b"x" * 50000)
        out, err = bench("--workload", "null", "--items", "1000", "--mode", "all", "--rounds", "5", "--invocations", "3",
                         "--no-plots", "--output", str(folder / "out"), status=2)
        assert "No space left on device" in err, err
        for file in folder.glob("out/run.json"):
            json.loads(file.read_text())
        assert not list(folder.glob("out/.*"))
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@case
def limited_file_size():
    """a limit of file size is an error, not a death"""
    process = start("--workload", "null", "--items", "1000", "--mode", "pool", "--rounds", "5", "--invocations", "3",
                    "--no-plots", "--output", "out",
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)))
    status, _, err = end(process)
    assert status == 2 and "File too large" in err, (status, err)
    nothing_left(process)


@case
def limited_memory_file():
    """where the crew's shared memory is too large a file, it is named, and the limit"""
    process = start("--workload", "null", "--items", "1000000", "--mode", "pool", "--rounds", "1", "--invocations", "1",
                    "--no-plots", "--output", "out",
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)))
    status, _, _ = end(process)
    message = failure_of("pool")["message"]
    assert status == 3 and message == "cannot make the memory of mode 'pool': File too large (the limit: ulimit -f)", message
    nothing_left(process)


@case
def no_process_to_be_had():
    """no process to be had: what it was for is named, and the limit; no scratch folder stays"""
    limited = another_user(0o777) if os.geteuid() == 0 else {}  # the number of root's processes is not limited
    limited["preexec_fn"] = lambda: resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
    _, err = end(start("--workload", "null", "--mode", "pool", "--output", "out", **limited))[1:]
    assert "cannot start the process that looks after temporary files" in err and "(the limit: ulimit -u" in err, err
    assert not Path("out").exists()


@case
def without_proc():
    """without /proc: said so, by its name"""
    if subprocess.run(["unshare", "-m", "umount", "-l", "/proc"], capture_output=True).returncode:
        raise Skip("cannot unmount /proc here")
    done = subprocess.run(["unshare", "-m", "sh", "-c", 'umount -l /proc && exec "$@"', "sh", BENCH, "--workload", "null",
                           "--mode", "pool", "--output", "out"], capture_output=True, text=True)
    assert done.returncode == 2 and "cannot read '/proc/self/exe' (is /proc mounted?)" in done.stderr, done
    assert not Path("out").exists()


@case
def unwritable_output():
    """an output that cannot be made: named, status 2, before anything is measured"""
    Path("file").write_text("")
    _, err = bench("--workload", "null", "--mode", "pool", "--output", "file/out", *LOG, status=2)
    assert "file/out" in err and "Not a directory" in err, err
    assert "begins" not in Path("log").read_text()
    if os.geteuid() != 0:
        os.mkdir("locked", 0o500)
        assert "Permission denied" in bench("--workload", "null", "--mode", "pool", "--output", "locked/out", status=2)[1]


@case
def used_output():
    """an output folder that holds a run already is refused, and left alone"""
    run("--workload", "null", "--items", "100", "--mode", "pool", "--rounds", "1", "--invocations", "1")
    before = Path("out/run.json").read_bytes()
    _, err = bench("--workload", "null", "--mode", "pool", "--output", "out", status=2)
    assert "holds a run already" in err and Path("out/run.json").read_bytes() == before


@case
def output_in_use():
    """an output folder that another bench writes to is refused, for a run and for a gate; nothing is written"""
    Path("out").mkdir()
    held = os.open("out", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    for words in [["--workload", "null"], ["gate", "--a", "true", "--b", "false"]]:
        assert "another bench writes to 'out'" in bench(*words, "--output", "out", status=2)[1]
    assert not list(Path("out").iterdir())
    os.close(held)
    run("--workload", "null", "--items", "100", "--mode", "pool", "--rounds", "1", "--invocations", "1")


@case
def closed_stdout():
    """nobody reads the output: the run is saved all the same"""
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = start("--workload", "null", "--items", "100", "--mode", "pool", "--rounds", "1", "--invocations", "1", "--no-plots",
                    "--output", "out", stdout=write_end)
    os.close(write_end)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2 and "Broken pipe" in err and "out" in err, err
    validate("out")


def other_user(path):
    """Gives a link to another user; not everybody may."""
    if os.geteuid():
        raise Skip("needs root")
    os.lchown(path, 65534, 65534)


@case
def prepared_links():
    """links that somebody has prepared are not followed: what they lead to stays as it is"""
    Path("out").mkdir()
    Path("target").write_text("mine")
    for name in [".run.json.new", "run.json", ".report.md.new", ".report.html.new", "report.md", "report.html"]:
        Path("out", name).symlink_to("../target" if name[0] == "." or name[:3] == "rep" else "../missing")
    bench("--workload", "null", "--items", "100", "--mode", "pool", "--workers", "1", "--rounds", "1", "--invocations", "1",
          "--no-plots", "--output", "out")
    assert Path("target").read_text() == "mine" and not Path("missing").exists()
    assert sorted(os.listdir("out")) == ["report.html", "report.md", "run.json"]
    assert not any(path.is_symlink() for path in Path("out").iterdir())


@case
def links_of_others():
    """what the user names is not written through a link of another user, but through one of his own"""
    Path("target").write_text("mine")
    Path("folder").mkdir()
    for name, target in [("own", "target"), ("file", "target"), ("link", "folder")]:
        Path(name).symlink_to(target)
    other_user("file")
    other_user("link")
    bench("export", "csv", str(REFERENCE), "--output", "own")
    written = Path("target").read_text()
    assert written != "mine" and Path("own").is_symlink()
    tiny = ["--workload", "null", "--items", "100", "--mode", "pool", "--rounds", "1", "--invocations", "1", "--no-plots"]
    for command in [["export", "csv", str(REFERENCE), "--output", "file"], [*tiny, "--export", "csv=file"],
                    [*tiny, "--log", "debug:file"], [*tiny, "--output", "link"],
                    ["history", "add", "--database", "file", str(REFERENCE)],
                    ["compare", str(REFERENCE), "--output", "link"],
                    ["history", "show", "--database", "h.db", "--output", "link"]]:
        if "h.db" in command:
            bench("history", "add", "--database", "h.db", str(REFERENCE))
        _, err = bench(*command, status=2)
        assert "'file'" in err or "'link'" in err, (command, err)
    assert Path("target").read_text() == written and not os.listdir("folder")


# In a picture's legend there is room for 34 characters.
NAMES = "é中 5%d% \"3\" \\n {a}_1^2 @b<&>'`id`"
ESCAPES = "\x1b[2J\x9b1m\x07"
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")


def hostile(path, text, to):
    """Copies a result with this text in every name of its cells, and in what else is shown."""
    document = json.loads(Path(path).read_text())
    for i, cell in enumerate(document["cells"]):
        cell["id"] = f"{cell['id'].split('/')[0]}{text}/{i}"
        if "mode" in cell:
            cell["mode"] = text if cell["mode"] != "sequential" else "sequential"
        for account in [cell["summary"].get("account_ns") or {}] if "summary" in cell else []:
            account[text[:12]] = max(account.values(), default=0)
        for sample in cell.get("samples", []):
            sample["measures"] = [{"name": f"item_latency_{rank}_ns", "unit": "ns", "value": 5e6} for rank in ("p50", "p99")]
    document["machine"]["cpu_model"] = "CPU " + text
    folder = Path(to)
    folder.mkdir()
    (folder / Path(path).name.replace("regressed", "gate")).write_text(json.dumps(document))
    return to


def hostile_history(database, text):
    """Puts this text into when the runs were started, which in a result is a date, or it is refused."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE run SET started = '20%d' || ?", [text])


def texts_of(picture):
    return ["".join(element.itertext()) for element in ElementTree.parse(picture).iter()
            if element.tag == "{http://www.w3.org/2000/svg}text"]


@case
def names_in_pictures():
    """pictures show names as they are, whatever gnuplot would make of them"""
    run_folder, gate = hostile(REFERENCE, NAMES, "run"), hostile(ROOT / "tests/data/gate/regressed.json", NAMES, "gate")
    bench("report", run_folder, gate)
    bench("compare", run_folder)
    bench("history", "add", "--database", "h.db", run_folder, "--machine", NAMES)
    hostile_history("h.db", NAMES)
    bench("history", "show", "--database", "h.db", "--output", "page")
    for picture, name in [("run/account.svg", NAMES[:8]), ("run/account.svg", NAMES + "/2"), ("run/speedup.svg", NAMES),
                          ("run/ipc_overhead.svg", NAMES), ("run/ratios.svg", NAMES + "/2"), ("run/latencies.svg", NAMES + "/2"),
                          ("gate/slowdowns.svg", "resize" + NAMES), ("gate/blocks.svg", "resize" + NAMES),
                          ("page/series.svg", "resize" + NAMES), ("page/series.svg", "20%dé中")]:
        texts = texts_of(picture)
        assert any(name in text for text in texts), (picture, name, texts)
        assert picture.startswith("gate") or picture.startswith("page") or any("CPU " + NAMES in text for text in texts)


def gnuplot_that(does):
    folder = Path("bin")
    folder.mkdir()
    (folder / "gnuplot").write_text(f"#!/bin/sh\n{does}\n")
    (folder / "gnuplot").chmod(0o755)
    return {"PATH": f"{folder.absolute()}:{os.environ['PATH']}"}


def draw_all(env, status):
    """Every verb that draws; returns what each said, and checks that all else is there and the folder is said last."""
    shutil.copytree(REFERENCE.parent, "run", ignore=shutil.ignore_patterns("*.svg", "*.png", "report.*"))
    Path("gate").mkdir()
    shutil.copy(ROOT / "tests/data/gate/regressed.json", "gate/gate.json")
    bench("history", "add", "--database", "h.db", "run")
    said = []
    for command, page in [(["--workload", "null", "--items", "100", "--mode", "pool", "--rounds", "1", "--invocations", "1",
                            "--output", "out"], "out/report"), (["report", "run"], "run/report"),
                          (["report", "gate"], "gate/gate"), (["compare", "run"], "run/compare"),
                          (["history", "show", "--database", "h.db", "--output", "page"], "page/history")]:
        out, err = bench(*command, env=env, status=status)
        assert Path(page + ".md").exists() and Path(page + ".html").exists(), command
        assert out.rstrip().split("\n")[-1].endswith(page.split("/")[0]), out
        said.append(err)
    validate("out")
    return said


@case
def gnuplot_fails():
    """a picture that cannot be drawn: status 2, said, and all else is there"""
    for err in draw_all(gnuplot_that("echo 'no \033[1m such colour' >&2; exit 3"), 2):
        assert "gnuplot failed: no ?[1m such colour (all else is there)" in err, err


@case
def gnuplot_is_missing():
    """without gnuplot there are no pictures, which is said, and is no error"""
    for err in draw_all({"PATH": "/nonexistent"}, 0):
        assert "gnuplot is not installed" in err, err


def harmless(status, *command):
    for text in bench(*command, status=status):
        assert not CONTROLS.search(text), (command, CONTROLS.search(text), text)


@case
def terminal():
    """nothing from outside controls the terminal: names, files of others, options, folders"""
    run_folder = hostile(REFERENCE, ESCAPES, f"run{ESCAPES}")
    gate = hostile(ROOT / "tests/data/gate/regressed.json", ESCAPES, f"gate{ESCAPES}")
    plan = ["--workload", "resize", "--input", f"in{ESCAPES}", "--mode", "pool", "--dry-run"]
    shutil.copytree(ROOT / "tests", f"in{ESCAPES}", ignore=lambda *_: set(os.listdir(ROOT / "tests")) - {"tap.sh"})
    Path(f"in{ESCAPES}/{ESCAPES}.jpg").write_text("no JPEG")
    harmless(0, "history", "add", "--database", f"{ESCAPES}.db", run_folder, "--machine", ESCAPES)
    hostile_history(f"{ESCAPES}.db", ESCAPES)
    for command, status in [(["report", run_folder, gate, "--no-plots"], 0), (["compare", run_folder, "--no-plots"], 0),
                            (["history", "show", "--database", f"{ESCAPES}.db"], 0),
                            (["history", "show", "--database", f"{ESCAPES}.db", "--output", ESCAPES, "--no-plots"], 0),
                            (["history", "show", "--database", f"{ESCAPES}.db", "--machine", ESCAPES + "x"], 2),
                            *[(["export", name, run_folder], 0) for name in ["csv", "openmetrics", "gbench", "pyperf"]],
                            (["export", "junit", gate], 0), (["export", "csv", ESCAPES], 2),
                            (plan, 2), ([*plan[:2], "--mode", "pool", "--dry-run", "--topology", ESCAPES], 2),
                            (["gate", "--a", "true", "--b", "true", "--allow", ESCAPES, "--output", f"out{ESCAPES}"], 0),
                            ([ESCAPES], 2), (["--workload", ESCAPES], 2), (["help", ESCAPES], 2),
                            (["--workload", "null", "-p", f"us={ESCAPES}"], 2)]:
        harmless(status, *command)


main(WAITING)
