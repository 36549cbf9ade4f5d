"""Workers that are killed, leave or hang at other moments and in other ways than those of matrix.py, over every
transport. Never a hang, never a wrong result counted, nothing left; and with --on-death retry nothing is lost."""
import json
import os
import random
import signal
import time

from tap import (FAULTY, WAITING, bench, case, case_of, cells, main, nothing_left, opens_queues, pids_of, start, validate,
                 workers)

TRANSPORTS = [entry["name"] for entry in json.loads(bench("list", "transports", "--json", program=FAULTY)[0])["transports"]]
RETRY = ["--mode", "executor", "--on-death", "retry", "-p", "who=workers"]


def faulty(*arguments, status, **options):
    """Runs the workload that goes wrong, on two workers; returns its run file. Nothing of it is left."""
    process = start("--workload", "faulty", "--workers", "2", "--invocations", "1", "--bind", "none", "--counters",
                    "none", "--no-plots", "--output", "out", *arguments, program=FAULTY, **options)
    out, err = process.communicate(timeout=100)
    assert process.returncode == status, f"status {process.returncode}, not {status}\n{out}\n{err}"
    nothing_left(process)
    return validate("out")


def measure(sample, name):
    return sum(m["value"] for m in sample["measures"] if m["name"] == name)


def all_right(cell, baseline):
    """Every item has its result, and it is the sequential one."""
    assert cell["status"] == "ok", (cell["id"], cell["failure"])
    for sample in cell["samples"]:
        assert sample["digest"] == baseline["samples"][0]["digest"], cell["id"]
        assert sum(worker["items"] for worker in sample["workers"]) == cell["items"], cell["id"]


# ---- A worker ends: the cell has failed, and says how ----

# fault: kind, signal, exit status
ENDS = {"kill": ("lost_worker", signal.SIGKILL, None), "leave": ("exit", None, 0)}


def is_named(cell, kind, number, exit_status):
    failure = cell["failure"]
    assert cell["status"] == "failed" and not cell["samples"], (cell["id"], cell["status"])
    if cell["transport"] is None:  # a thread takes its process along, and perhaps the name of its item
        kind = "signal" if number else "exit"
        assert failure["item"] in (11, None) and "cell process" in failure["message"], (cell["id"], failure)
    else:
        assert failure["item"] == 11 and f"pid {failure['pid']}" in failure["message"], (cell["id"], failure)
    assert failure["kind"] == kind and failure["pid"] > 0, (cell["id"], failure)
    assert failure["signal"] == number and failure["exit_status"] == exit_status, (cell["id"], failure)
    assert failure["after_ns"] < 20e9, failure


@opens_queues
def ends(fault, *options):
    result = faulty("-p", f"fault={fault}", "-p", "at=11", "--transport", "all", "--rounds", "1", *options, status=3)
    for cell in result["cells"]:
        if cell["status"] != "not available":
            is_named(cell, *ENDS[fault])
    return result


for a_fault in ["kill", "leave"]:
    case_of(f"'{a_fault}' of one worker an item", ends, a_fault, "--mode", "threads,processes", "--per", "item")
    case_of(f"'{a_fault}' of a worker that would be replaced after 5 items is no regular end", ends, a_fault, "--mode",
            "pool,executor,spawn,forkserver", "--recycle", "5", "--transport", "shm,pipe")


@opens_queues
def killed_later(after_us, output_bytes, *options):
    """A worker that the kernel kills some time after an item: while it sends, while it waits, at the gate."""
    result = faulty("-p", "fault=alarm", "-p", "at=0", "-p", "times=1", "-p", "who=workers", "-p", f"after={after_us}", "-p",
                    f"out={output_bytes}", "--transport", "all", *options, status=3)
    assert cells(result, mode="sequential")[0]["status"] == "ok"
    for cell in cells(result, status="failed"):
        failure = cell["failure"]
        assert failure["kind"] == "lost_worker" and failure["signal"] == signal.SIGALRM, (cell["id"], failure)
    assert len(cells(result, status="ok")) == 1, [cell["id"] for cell in cells(result, status="ok")]


for an_after in [1, 300, 1500]:
    case_of(f"killed {an_after} us after an item, by chance while writing half a message", killed_later, an_after, 5000000,
            "--mode", "pool", "--items", "8", "--chunk", "1", "--rounds", "30")
case_of("killed while it has nothing to do", killed_later, 20000, 8, "--mode", "pool,executor,forkserver", "--items", "3",
        "--chunk", "1", "-p", "us=50000", "--rounds", "3")


# ---- --on-death retry: another worker does what was lost, and only that ----

@opens_queues
def retried(fault, times, chosen, *options):
    """Each of `chosen` items kills `times` workers."""
    result = faulty("-p", f"fault={fault}", "-p", f"times={times}", "--transport", "all", "--rounds", "3", *RETRY, *options,
                    status=0)
    for cell in cells(result, mode="executor"):
        if cell["status"] == "not available":
            continue
        all_right(cell, result["cells"][0])
        again = sum(measure(sample, "items_again") for sample in cell["samples"])
        # a worker that dies between items may have taken none
        assert again == times * chosen or (fault == "alarm" and again < times * chosen), (cell["id"], again)


for a_fault in ["kill", "crash", "exit", "leave", "robust"]:
    case_of(f"retry: '{a_fault}' once, and its item alone is executed again", retried, a_fault, 1, 1, "-p", "at=11")
case_of("retry: deaths at the first and the last item", retried, "kill", 1, 2, "-p", "at=0", "-p", "every=39")
case_of("retry: several deaths, two at each of those items", retried, "kill", 2, 6, "-p", "at=3", "-p", "every=7")
case_of("retry: deaths among workers that are replaced after some items, with a backlog", retried, "kill", 1, 4, "-p", "at=4",
        "-p", "every=9", "--recycle", "3")
case_of("retry: deaths with few items in flight", retried, "kill", 1, 4, "-p", "at=4", "-p", "every=9", "--in-flight", "3")
case_of("retry: deaths with inputs larger than any channel", retried, "kill", 1, 2, "-p", "at=1", "-p", "every=3", "-p",
        "in=3000000", "--items", "6")
for an_after in [1, 400, 1500]:
    case_of(f"retry: deaths {an_after} us after an item, by chance while writing half a message", retried, "alarm", 1, 2, "-p",
            "at=1", "-p", "every=2", "-p", f"after={an_after}", "-p", "out=2500000", "--items", "4")


def always_fatal(*options):
    result = faulty("-p", "fault=kill", "-p", "at=11", "--transport", "shm,pipe", "--rounds", "1", *RETRY, *options, status=3)
    for cell in cells(result, mode="executor"):
        failure = cell["failure"]
        assert failure["kind"] == "lost_worker" and failure["item"] in (11, 23) and failure["signal"] == 9, failure
        assert "as those before it" in failure["message"], failure


case_of("retry: an item that always kills is given up", always_fatal)
case_of("retry: so are two that kill by turns", always_fatal, "-p", "every=12")


def killed_at_random(transport, seed):
    """Kills workers from outside until the run is over."""
    chance = random.Random(seed)
    process = start("--workload", "faulty", "-p", "us=500", "--items", "100", "--workers", "2", "--rounds", "30", "--invocations",
                    "1", "--bind", "none", "--counters", "none", "--transport", transport, *RETRY, "--no-plots", "--output",
                    "out", program=FAULTY)
    cell, _ = workers(process, 2)
    time.sleep(0.1)
    kills = 0
    while process.poll() is None:
        found = pids_of(cell)
        if found:
            try:
                os.kill(chance.choice(found), signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                pass
        time.sleep(chance.uniform(0.15, 0.25))  # time to notice a death and do its item again: three of one item are fatal
    out, err = process.communicate()
    assert process.returncode == 0, out + err
    nothing_left(process)
    result = validate("out")
    all_right(cells(result, mode="executor")[0], result["cells"][0])
    assert kills > 3, kills


for a_seed, a_transport in enumerate(TRANSPORTS):
    case_of(f"retry over {a_transport}: workers killed from outside at random", killed_at_random, a_transport, a_seed)


# ---- Futures: errors, time-outs, cancelling ----

@case
@opens_queues
def errors():
    """an error of an item is its future's, and harms no other"""
    result = faulty("-p", "fault=error", "-p", "who=workers", "-p", "at=5", "-p", "every=10", "--transport", "all", "--mode",
                    "executor", "--rounds", "2", status=0)
    for cell in cells(result, mode="executor"):
        assert cell["status"] in ("ok", "not available"), cell
        for sample in cell["samples"]:
            assert measure(sample, "items_failed") == 4, (cell["id"], sample["measures"])
            assert sum(worker["items"] for worker in sample["workers"]) == 36, cell["id"]


def late(fault, late_items, *options):
    result = faulty("-p", f"fault={fault}", "-p", "who=workers", "--item-timeout", "60ms", "--mode", "executor", "--rounds", "2",
                    *options, status=0)
    for cell in cells(result, mode="executor"):
        assert cell["status"] in ("ok", "not available"), (cell["id"], cell["failure"])
        for sample in cell["samples"]:
            expired = measure(sample, "items_timed_out")
            assert expired >= late_items, (cell["id"], sample["measures"])
            assert sum(worker["items"] for worker in sample["workers"]) == cell["items"] - expired, cell["id"]


case_of("a future is given up after its time-out, and a worker that hangs is replaced", late, "hang", 1, "--transport", "all",
        "--items", "20")
case_of("so is one that has stopped", late, "stop", 1, "--transport", "shm,pipe", "--items", "20")
case_of("as many that hang as there are workers, and more", late, "hang", 3, "--transport", "shm,pipe", "-p", "at=2", "-p",
        "every=1", "--items", "5")


@case
@opens_queues
def cancelled():
    """after some items the rest is cancelled: what had begun has its result"""
    result = faulty("--cancel-after", "10", "--mode", "executor", "--transport", "all", "--rounds", "2", status=0)
    for cell in cells(result, mode="executor"):
        for sample in cell["samples"]:
            done = sum(worker["items"] for worker in sample["workers"])
            assert done >= 10 and done + measure(sample, "items_cancelled") == 40, (cell["id"], sample["measures"])


main(WAITING)
