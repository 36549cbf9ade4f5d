"""TAP for the tests in Python, and what they share: running bench as a user does, reading run files."""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import uuid
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import validate as strict

BENCH = os.environ["BENCH"]
FAULTY = os.environ.get("BENCH_FAULTY", BENCH)
ROOT = Path(os.environ["BENCH_ROOT"])
VALIDATOR = strict.make_validator()
PARTS = ["spawn", "dispatch", "lock", "starve", "copy", "useful", "inflation", "run_queue", "blocked", "stolen",
         "idle", "teardown", "unexplained"]

LOG = ["--log", "debug:log"]  # of a run that is hit at a certain moment
QUEUES_BYTES = 256 << 20  # in all message queues of a user: enough for a hundred runs
QUEUE_CASES = 2  # at once: the usual limit of a user has room for their message queues
WAITING = 16  # cases at once where most of the time they only wait

# In a hook of git, or below one, tests that make repositories would write to that of the hook.
if shutil.which("git"):
    for variable in subprocess.check_output(["git", "rev-parse", "--local-env-vars"], text=True).split():
        os.environ.pop(variable, None)

cases = []  # (name, function, arguments)
long_cases = set()  # functions of cases


def case(function):
    """A test case: passes unless it raises; what it returns is printed as a comment. Its name is its doc string."""
    cases.append((function.__doc__, function, ()))
    return function


def case_of(name, function, *arguments):
    cases.append((name, function, arguments))


def long_case(function):
    """A case that takes long: it begins before the others, so that the suite does not wait for it at its end."""
    long_cases.add(function)
    return case(function)


def opens_queues(function):
    """Marks a function whose cases run every transport, message queues among them."""
    function.opens_queues = True
    return function


def needs_queues(function, arguments):
    text = " ".join(map(str, arguments))
    return hasattr(function, "opens_queues") or "--transport all" in text or "mqueue" in text


class Skip(Exception):
    """Raised by a case that cannot be tried here."""


def in_own_folder(number):
    """Runs a case in an empty folder; returns its line of TAP, and what there is to say of a failure."""
    name, function, arguments = cases[number]
    number += 1
    folder = tempfile.mkdtemp(prefix="bench-case-")
    os.chdir(folder)
    try:
        said = function(*arguments)
        return f"ok {number} - {name}" + (f"\n# {said}" if said else ""), ""
    except Skip as why:
        return f"ok {number} - {name} # SKIP {why}", ""
    except Exception:
        return f"not ok {number} - {name}", f"{name}:\n{traceback.format_exc()}"
    finally:
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)


def raise_queue_limit():
    """Raises what all message queues of a user may hold together; false where that is not allowed."""
    try:
        resource.setrlimit(resource.RLIMIT_MSGQUEUE, (QUEUES_BYTES, QUEUES_BYTES))
        return True
    except (OSError, ValueError):
        return False


def main(at_once=2 * len(os.sched_getaffinity(0))):
    """Runs the cases, so many at once, each in a folder of its own and none in this process. Prints them in order."""
    raised = raise_queue_limit()
    print(f"1..{len(cases)}", flush=True)
    with ProcessPoolExecutor(at_once, get_context("fork")) as pool, \
            ProcessPoolExecutor(min(at_once, QUEUE_CASES), get_context("fork")) as queue_pool:
        results = {}
        for number, (_, function, arguments) in sorted(enumerate(cases), key=lambda entry: entry[1][1] not in long_cases):
            chosen = queue_pool if needs_queues(function, arguments) and not raised else pool
            results[number] = chosen.submit(in_own_folder, number)
        for number in range(len(cases)):
            line, trouble = results[number].result()
            print(line, flush=True)
            if trouble:
                print(trouble, file=sys.stderr, flush=True)


def another_user(permissions):
    """What start() needs to run bench as a user with these permissions for this case's folder; skips where none can."""
    if os.geteuid():
        raise Skip("only root can become another user")
    os.chmod(".", permissions)
    other = {"user": 65534, "group": 65534, "extra_groups": []}
    for needed in [[BENCH, "--version"], ["ls", os.getcwd()]]:  # the folders above may be closed to others
        try:
            subprocess.run(needed, check=True, capture_output=True, **other)
        except (OSError, subprocess.SubprocessError) as error:
            raise Skip(f"another user cannot enter the folders here: {error}") from None
    return other


def start(*arguments, program=BENCH, env=None, **options):
    """Starts bench; its output goes to pipes."""
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    marker = f"BENCH_TEST_MARKER={uuid.uuid4()}"
    environment = {**os.environ, "NO_COLOR": "1", "BENCH_TEST_MARKER": marker.split("=")[1], **(env or {})}
    process = subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL, text=True, env=environment, **options)
    process.marker = marker
    return process


def bench(*arguments, status=0, timeout=120, **options):
    """Runs bench to its end. Returns (stdout, stderr)."""
    process = start(*arguments, **options)
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert process.returncode == status, f"status {process.returncode}, not {status}\n{out}\n{err}"
    return out, err


def validate(folder):
    """The run file is as results/schema.json says; returns it."""
    found = strict.flaws(Path(folder) / "run.json", VALIDATOR)
    assert not found, found
    return json.loads((Path(folder) / "run.json").read_text())


def run(*arguments, budget="10m", **options):
    """Runs bench with the output in ./out, without plots; returns its valid run file. Rounds that are counted take as long
    as they take: on a busy machine the preset budget, which None stands for, would cut the run short."""
    shutil.rmtree("out", ignore_errors=True)
    if budget and "--invocations" in arguments and "--rounds" in arguments and "--budget" not in arguments:
        arguments += ("--budget", budget)
    bench(*arguments, "--output", "out", "--no-plots", **options)
    return validate("out")


def cells(run_file, **wanted):
    """The cells whose keys have these values."""
    return [c for c in run_file["cells"] if all(c[key] == value for key, value in wanted.items())]


def pids_of(pid):
    """The children of a process."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found += [int(child) for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()]
    except OSError:
        pass  # it has just ended, or one of its threads
    return found


def started_by(process):
    """The programs that a running bench has started, each below a keeper."""
    return [pid for keeper in pids_of(process.pid) for pid in pids_of(keeper)]


def arguments_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def wait_for(what, seconds=60):
    """Calls `what` until it returns something true; returns that."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"did not come within {seconds} s")


def cell_process(bench_process):
    """The cell process of a running bench."""
    return wait_for(lambda: next((pid for pid in started_by(bench_process) if "--cell" in arguments_of(pid)), None))


def wait_for_items(mode, item=r"\d+", count=1):
    """Waits until a run with LOG has begun so many items (or one item so often) in a mode; returns who did, by pid."""
    pattern = re.compile(rf"/{mode}/.* pid (\d+) tid \d+ item {item} begins")

    def look():
        found = pattern.findall(Path("log").read_text()) if Path("log").exists() else []
        return [int(pid) for pid in found] if len(found) >= count else None
    return wait_for(look)


def skip_baseline(process):
    """The baseline of a slow run with LOG takes too long: it is killed, and fails. Then comes the crew."""
    baseline = wait_for_items("sequential")[0]
    assert baseline in started_by(process), "the baseline is over"
    os.kill(baseline, signal.SIGKILL)


def workers(bench_process, count):
    """Waits for the cell process that has `count` worker processes; returns its pid and theirs."""
    def look():
        for pid in started_by(bench_process):
            found = pids_of(pid) if "--cell" in arguments_of(pid) else []
            if len(found) == count:
                return pid, found
        return None
    return wait_for(look)


def at_work(bench_process, mode, count):
    """As workers(), of a run with LOG, once each worker has begun an item."""
    cell, found = workers(bench_process, count)
    wait_for(lambda: set(found) <= set(wait_for_items(mode)))
    return cell, found


def processes_of(marker):
    """The processes, zombies apart, that were started below the bench with this marker."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            alive = (path / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
            if alive and marker.encode() in (path / "environ").read_bytes():
                found.append(int(path.name))
        except OSError:
            pass
    return found


def orphans():
    """Named objects of the system whose process has ended."""
    found = [path for folder in ["/dev/shm", "/dev/mqueue"] for path in Path(folder).glob("bench-*")]
    return [path for path in found if not Path("/proc", path.name.split("-")[1]).exists()]


def nothing_left(process, output="out"):
    """No process of this bench is left, no named shared memory or queue, no scratch folder or temporary file."""
    wait_for(lambda: not processes_of(process.marker), 20)
    wait_for(lambda: not orphans(), 20)
    wait_for(lambda: not list(Path(output).glob(".*")), 20)


def python_with(module):
    """A python3 of PATH that can import the module; None: there is none."""
    for folder in os.environ["PATH"].split(":"):
        python = f"{folder}/python3"
        if os.access(python, os.X_OK) and not subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode:
            return python
    return None


def small_disk(name="disk"):
    """A file system of 64 KiB, in this folder, which is made; the caller unmounts it."""
    folder = Path(name)
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
        raise Skip("cannot mount a small file system")
    return folder
