"""Every workload in every mode, transport and schedule: by looping over the registries."""
import json
import os
from pathlib import Path

from tap import PARTS, Skip, bench, case, case_of, cells, long_case, main, opens_queues, run

REGISTRIES = json.loads(bench("list", "--json")[0])
# those of CPython have a test of their own: python.py
MODES = ",".join(entry["name"] for entry in REGISTRIES["modes"] if not entry["name"].startswith("python_"))
WORKLOADS = [entry["name"] for entry in REGISTRIES["workloads"]]
TRANSPORTS = "all"
# a sanitizer takes several times as long and looks at memory: one transport of each kind will do, and those workloads
# that share something or move payloads; the others' own code is in the unit tests
if os.environ.get("BENCH_SANITIZER", "none") != "none":
    WORKLOADS = ["null", "resize", "counter", "manager", "queue", "payload"]
    TRANSPORTS = "shm,pipe,memfd,vm_read"
# small enough to be quick, with several items a worker; the default parameters otherwise
SMALL = {"sumsq": ["-p", "n=20000", "--items", "30"], "wait": ["-p", "ms=1", "--items", "20"],
         "null": ["--items", "20000"], "hash": ["--items", "6"], "resize": ["--items", "4"],
         "encrypt": ["-p", "size=20000", "--items", "40"], "compress": ["--items", "4"],
         "transform": ["--items", "4"],
         "mandelbrot": ["-p", "width=100", "-p", "limit=500", "--items", "60"],
         "array": ["-p", "updates=500", "-p", "elements=50", "--items", "20"],
         "manager": ["-p", "updates=20", "--items", "20"],
         "counter": ["-p", "adds=500", "--items", "20"],
         "triad": ["-p", "size=64000", "--items", "40"],
         "chase": ["-p", "size=64000", "-p", "hops=1000", "--items", "40"],
         "payload": ["-p", "us=5", "--items", "200"],
         "queue": ["-p", "messages=200", "--items", "20"]}


def check_accounts(sample, workers):
    """The parts of each account add up: to workers x wall time, and to the sum over the workers."""
    assert sum(sample["account_ns"][part] for part in PARTS) == workers * sample["wall_ns"], sample
    assert abs(sample["account_ns"]["unexplained"]) <= 0.01 * workers * sample["wall_ns"] + 20000, sample
    for worker in sample["workers"]:
        assert abs(sum(worker["account_ns"].values()) - sample["wall_ns"]) <= 20000, worker


def check_cell(cell, digests):
    if cell["status"] == "not available":
        assert cell["schedule"] == "steal" or "built without OpenMP" in cell["reason"] or \
            "does not permit transport" in cell["reason"], (cell["id"], cell["reason"])
        return
    assert cell["status"] == "ok", (cell["id"], cell["failure"])
    for sample in cell["samples"]:
        if not sample["own_answers"]:
            digests.add(sample["digest"])
        assert sum(worker["items"] for worker in sample["workers"]) == cell["items"], cell["id"]
        check_accounts(sample, cell["workers"])
    assert any(sample["warmup"] for sample in cell["samples"])
    if cell["mode"] != "sequential":
        assert 0 < cell["summary"]["speedup"]["median"]


def equals_sequential(workload, *options):
    result = run("--workload", workload, *SMALL.get(workload, ["--items", "8"]), *options, "--invocations", "1", "--rounds",
                 "1")
    digests = set()
    assert len(result["cells"]) > 1
    for cell in result["cells"]:
        check_cell(cell, digests)
    assert len(digests) == 1, "the answers differ"


for workload in WORKLOADS:
    case_of(f"{workload}: every mode and transport has the answers of the sequential run", equals_sequential, workload,
            "--mode", MODES, "--transport", TRANSPORTS, "--workers", "2")
    case_of(f"{workload}: so has one worker an item", equals_sequential, workload, "--mode", "threads,processes", "--per",
            "item", "--transport", "shm,pipe", "--workers", "3", "--items", "9")
for workload in ["null", "mandelbrot", "payload"]:
    case_of(f"{workload}: so has every schedule", equals_sequential, workload, "--mode", MODES, "--transport",
            "shm,memfd,pipe", "--schedule", "all", "--workers", "3")
for workload in ["resize", "compress", "encrypt", "transform"]:
    case_of(f"{workload}: payloads in memory cross every transport", equals_sequential, workload, "-p", "io=memory",
            "--mode", "pool", "--transport", TRANSPORTS, "--workers", "3")
case_of("payload: inputs and outputs larger than a pipe cross every transport", equals_sequential, "payload", "-p", "in=100000",
        "-p", "out=70000", "--mode", MODES, "--transport", TRANSPORTS, "--workers", "3", "--items", "20")


@long_case
@opens_queues
def calls():
    """every way of calling a pool, with few in flight and with workers that are replaced: each item once"""
    for options in [], ["--in-flight", "5"], ["--recycle", "7"], ["--recycle", "1", "--items", "9", "--chunk", "1"]:
        result = run("--workload", "sumsq", "-p", "n=2000", "--items", "60", "--mode", "pool,executor", "--call", "all",
                     "--transport", TRANSPORTS, "--workers", "3", "--invocations", "1", "--rounds", "2", *options)
        digests = set()
        assert len({cell["call"] for cell in cells(result, mode="pool")}) == 6
        for cell in result["cells"]:
            check_cell(cell, digests)
        assert len(digests) == 1, digests


case_of("payload: what was on its way to a worker that leaves is its successor's", equals_sequential, "payload", "-p",
        "in=100000", "--mode", "pool,executor", "--call", "map,starmap", "--transport", TRANSPORTS, "--workers", "2",
        "--items", "30", "--chunk", "10", "--recycle", "3")


@case
def recycled_workers():
    """--recycle replaces workers, and their results are all there"""
    result = run("--workload", "sumsq", "-p", "n=2000", "--items", "100", "--mode", "pool", "--recycle", "10", "--workers",
                 "2", "--invocations", "1", "--rounds", "3", "--log", "info:workers.log")
    assert cells(result, mode="pool")[0]["status"] == "ok", result
    log = Path("workers.log").read_text()
    assert log.count("leaves after 10 items") >= 3 * 9, log


@long_case
def what_a_call_tells():
    """imap has its first result long before its last one, map holds all of them, apply holds none; latencies of items"""
    result = run("--workload", "wait", "-p", "ms=20", "--items", "30", "--mode", "pool", "--call", "all", "--workers", "2",
                 "--bind", "none", "--invocations", "1", "--rounds", "1", "--initializer", "2ms")
    told = {cell["call"]: {m["name"]: m["value"] for m in cell["summary"].get("measures", [])}
            for cell in cells(result, mode="pool")}
    for call in "imap", "imap_unordered", "apply":
        assert told[call]["first_result_ns"] < 0.5 * told[call]["last_result_ns"], told
    assert told["apply_async"]["results_held"] == 30 and told["apply"]["results_held"] == 0
    for call in "imap", "imap_unordered", "apply", "apply_async":  # from submit to result an item sleeps at least
        assert 20e6 <= told[call]["item_latency_p50_ns"] <= told[call]["last_result_ns"], told
        assert "item_latency_p99_ns" not in told[call], told  # 30 values cannot tell it
    assert told["apply"]["item_latency_p50_ns"] < 0.5 * told["imap"]["item_latency_p50_ns"], told  # no queue
    assert "item_latency_p50_ns" not in told["map"], told
    assert all(i["initializer_ns"] >= 2000000 for c in cells(result, mode="pool") for i in c["invocations"])


@long_case
def time_of_an_item():
    """--item-timeout counts from an item's begin, not from its turn in the queue; in the middle of many nobody is late"""
    result = run("--workload", "wait", "-p", "ms=400", "--items", "20", "--mode", "executor", "--item-timeout", "3s",
                 "--transport", "shm,pipe", "--workers", "2", "--bind", "none", "--invocations", "1", "--rounds", "1")
    for cell in cells(result, mode="executor"):
        told = {m["name"]: m["value"] for m in cell["summary"]["measures"]}
        assert told["items_timed_out"] == 0 and told["last_result_ns"] > 3e9, told


@case
def replaced_workers_count():
    """the CPU time of workers that were replaced is the run's own"""
    result = run("--workload", "sumsq", "--items", "20", "--mode", "pool", "--recycle", "1", "--chunk", "1", "--workers", "2",
                 "--invocations", "1", "--rounds", "1")
    sequential, pool = (cells(result, mode=mode)[0]["samples"][-1]["cpu_ns"] for mode in ("sequential", "pool"))
    assert pool > 0.5 * sequential, (pool, sequential)


@case
def chunks():
    """chunks of 1, of 7 and larger than the number of items: each item executed once"""
    result = run("--workload", "null", "--items", "1000", "--mode", "pool,thread_pool", "--schedule", "all", "--chunk",
                 "1,7,5000", "--workers", "3", "--invocations", "1", "--rounds", "1")
    for cell in result["cells"]:
        assert cell["status"] == "ok", cell["failure"]
    assert {cell["chunk"] for cell in cells(result, mode="pool")} == {1, 7, 5000}


@long_case
@opens_queues
def many_workers():
    """256 workers, far more than processors: measured, and marked as oversubscribed"""
    result = run("--workload", "null", "--items", "100000", "--mode", "pool,threads", "--transport", TRANSPORTS, "--workers",
                 "256", "--invocations", "1", "--rounds", "1", timeout=200)
    for cell in cells(result, workers=256):
        if cell["transport"] == "mqueue" and cell["status"] == "not available":
            continue  # the kernel's limits do not allow so many
        assert cell["status"] == "ok", (cell["id"], cell["failure"])
        assert "oversubscribed" in [doubt["code"] for doubt in cell["doubts"]]
        # a run file holds single workers up to a limit, which repeated rounds may reach
        assert max(len(sample["workers"]) for sample in cell["samples"]) == 256


# rounds of 40 and of 20 ms in which nobody needs a processor: a turn has one of them
TURNS = ["--workload", "wait", "-p", "ms=2", "--items", "20", "--mode", "threads,pool", "--workers", "2", "--bind", "none",
         "--counters", "none"]


def order_of_turns(result, generation):
    """The cells' numbers in the order in which their counted rounds began in this generation."""
    begun = sorted((sample["started_ns"], number) for number, cell in enumerate(result["cells"]) for sample in cell["samples"]
                   if not sample["warmup"] and cell["invocations"][sample["invocation"]]["generation"] == generation)
    return [number for _, number in begun]


@case
def generations():
    """the cells of a workload take turns in an order that the seed draws, and each gets its rounds"""
    orders = {}
    for name, seed in [("one", "1"), ("again", "1"), ("other", "2")]:
        result = run(*TURNS, "--rounds", "4", "--invocations", "2", "--seed", seed, budget=None)
        for cell in result["cells"]:
            assert cell["status"] == "ok" and [i["generation"] for i in cell["invocations"]] == [1, 2], cell["id"]
        first, second = [order_of_turns(result, generation) for generation in (1, 2)]
        passes = [order[place:place + 3] for order in (first, second) for place in (0, 3, 6, 9)]
        assert all(sorted(one) == [0, 1, 2] for one in passes) and any(one != passes[0] for one in passes), (first, second)
        orders[name] = first[:12]
    assert orders["one"] == orders["again"] != orders["other"], orders


@case
def budget_ends_a_generation():
    """the budget ends in the middle of a generation: what its cells have measured side by side is kept"""
    result = run(*TURNS, "--rounds", "1000", "--budget", "6s")
    counts = [len(order_of_turns({"cells": [cell]}, 1)) for cell in result["cells"]]
    # near the end a cell whose last round was long has no more, and others still have
    assert 0 < max(counts) < 1000 and max(counts) - min(counts) <= 1 + max(counts) / 4, counts
    assert all(cell["status"] == "ok" and not cell["invocations"][0]["cut"] for cell in result["cells"]), counts


@long_case
def waiting_is_useful():
    """wait only sleeps: with two workers it is near twice as fast, and its waiting counts as useful"""
    result = run("--workload", "wait", "-p", "ms=50", "--items", "20", "--mode", "thread_pool", "--workers", "2", "--bind",
                 "none", "--chunk", "1", "--invocations", "3", "--rounds", "1")
    summary = cells(result, mode="thread_pool")[0]["summary"]
    account = summary["account_ns"]
    assert summary["speedup"]["median"] > 1.4, summary
    assert account["useful"] > 0.6 * sum(account.values()), account


@case
def memory():
    """64 MiB that the workers share count once, also where workers end before the reading; a server's own count, too"""
    if os.environ.get("BENCH_SANITIZER", "none") != "none":
        raise Skip("a sanitizer needs memory of its own")
    def mib(*options):
        result = run("--workload", "chase", "-p", "hops=1000", "--workers", "2", "--bind", "none", "--counters", "none",
                     "--invocations", "1", "--rounds", "1", *options)
        return {cell["mode"]: cell["summary"]["rss_bytes"] / 2**20 for cell in result["cells"]}
    found = mib("--mode", "threads,processes,pool,forkserver,spawn")
    once = found["pool"]
    assert 64 < found["threads"] < once < 90, found
    assert abs(found["processes"] - once) < 20, found
    assert 1.7 * once < found["forkserver"] < 2.3 * once < 2.6 * once < found["spawn"], found
    assert abs(mib("--mode", "processes", "--per", "item")["processes"] - once) < 20, once
    assert abs(mib("--mode", "pool", "--recycle", "3")["pool"] - once) < 20, once


main()
