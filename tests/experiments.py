"""`bench experiment`: numbers that fit together, what is said when they cannot be had, and what is kept."""
import json
import os
import shutil
import signal
from pathlib import Path

from tap import bench, case, cell_process, main, nothing_left, start, wait_for


def grain(*arguments, **options):
    """Runs the experiment with its result in ./out."""
    shutil.rmtree("out", ignore_errors=True)
    return bench("experiment", "grain", "--quick", "--output", "out", *arguments, **options)


def rows_of(*arguments, status=0, **options):
    out, _ = grain("--json", *arguments, status=status, **options)
    result = json.loads(out)
    assert result == json.loads(Path("out/grain.json").read_text()), out
    return result["rows"]


@case
def numbers_fit():
    """METG and break-even of a pool and of a thread pool, as JSON"""
    rows = rows_of("--mode", "pool,thread_pool", "--transport", "shm", "--workers", "2")
    assert [(row["mode"], row["transport"]) for row in rows] == [("pool", "shm"), ("thread_pool", None)], rows
    for row in rows:
        assert row["status"] == "ok" and row["workload"] == "payload", row
        assert 0 < row["metg50"]["ns"] <= row["metg90"]["ns"], row
        assert row["break_even_item"]["ns"] > 0 and row["break_even_chunk"]["items"] >= 1, row
        assert row["points"] and row["chunks"], row
        for point in row["points"]:
            ratio = point["item_ns"] / point["granularity_ns"]
            assert abs(point["efficiency"] - ratio) < 1e-3 * ratio, row


@case
def table():
    """A row for each transport and call, and a sentence"""
    out, err = grain("--mode", "pool", "--transport", "shm,pipe", "--call", "map,imap", "--workers", "2",
                     env={"COLUMNS": "80"})
    begins = [line.split()[:2] for line in out.splitlines() if line.startswith("pool")]
    assert begins == [["pool", "shm"], ["pool", "pipe"], ["pool:imap", "shm"], ["pool:imap", "pipe"]], out
    assert "METG(50)" in out and "stays effective" in out or "No mode" in out, out
    assert out.endswith(f"{Path('out').resolve()}\n") and all(len(line) <= 80 for line in out.splitlines()[:-1]), out
    assert "bench: [" in err and err.count("\n") < 5, err  # lines of progress, few of them
    _, err = bench("experiment", "grain", "--output", "out", status=2)
    assert "holds a result" in err, err


@case
def usage():
    """Wrong usage is status 2, and says what is wrong"""
    for wrong, said in ((["--mode", "pol"], "did you mean 'pool'"), (["--grain", "1"], "unknown option '--grain'"),
                        (["--workers", "1,2"], "one number"), (["--chunk", "1,2"], "one number"),
                        (["--workers", "0"], "--workers"), (["--mode", "sequential"], "no parallel mode"),
                        (["--mode", "executor", "--chunk", "4"], "no chosen mode takes it"),
                        (["--budget"], "--budget")):
        out, err = bench("experiment", "grain", *wrong, status=2)
        assert said in err and not out, (wrong, out, err)


@case
def failed():
    """A row that failed says why, and the status is 3; one worker breaks even with nobody"""
    rows = rows_of("--mode", "pool", "--transport", "shm", "--timeout", "1ms", status=3)
    assert [row["status"] for row in rows] == ["failed"] and "did not end" in rows[0]["reason"], rows
    assert rows[0]["metg50"] is None and rows[0]["points"] == [], rows
    row, = rows_of("--mode", "thread_pool", "--workers", "1")
    assert row["metg50"] and row["break_even_item"] is None and row["break_even_chunk"] is None, row


@case
def interrupted():
    """Ctrl-C ends it by that signal; what was measured is printed and kept, and nothing else is left"""
    os.mkdir("tmp")
    process = start("experiment", "grain", "--mode", "pool", "--transport", "shm", "--workers", "2", "--output", "out",
                    "--quiet", env={"TMPDIR": str(Path("tmp").resolve())})
    wait_for(lambda: Path("out/grain.json").exists() and json.loads(Path("out/grain.json").read_text())["rows"][0]["points"])
    cell_process(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT and not err, (process.returncode, err)
    kept = json.loads(Path("out/grain.json").read_text())
    assert kept["interrupted"] == "SIGINT" and kept["rows"][0]["points"], kept
    row, = [line.split() for line in out.splitlines() if line.startswith("pool")]
    assert row[:2] == ["pool", "shm"] and row[2] != "not", out
    nothing_left(process, "out")
    wait_for(lambda: not list(Path("tmp").iterdir()) and [path.name for path in Path("out").iterdir()] == ["grain.json"], 5)


@case
def killed():
    """After kill -9 the result is there as far as it has come"""
    process = start("experiment", "grain", "--mode", "thread_pool", "--workers", "2", "--output", "out", "--quiet")
    wait_for(Path("out/grain.json").exists)
    process.kill()
    process.communicate()
    assert json.loads(Path("out/grain.json").read_text())["rows"][0]["mode"] == "thread_pool"
    nothing_left(process)


TRANSPORTS = ["experiment", "transports", "--transport", "shm,pipe", "--output", "out"]


@case
def transports():
    """Round trips and throughput within a budget, as JSON and in the file"""
    out, err = bench(*TRANSPORTS, "--size", "1", "--budget", "3s", "--json")
    result = json.loads(out)
    assert result == json.loads(Path("out/transports.json").read_text()) and result["interrupted"] is None, out
    measured = [row for row in result["rows"] if row["status"] == "ok"]
    assert {row["status"] for row in result["rows"]} <= {"ok", "not measured"} and measured, result
    for row in measured:
        assert row["available"] and row["size_bytes"] == 1, row
        assert 0 < row["round_trip"]["median_ns"] <= row["round_trip"]["p99_ns"] and row["one_way"]["bytes_per_s"] > 0, row
    assert err.startswith("bench: shm, 1 B, one core"), err


@case
def transports_that_hang():
    """A line that does not end in time is a failed one, the others are tried, and the status is 3"""
    out, _ = bench(*TRANSPORTS, "--size", "64", "--timeout", "1ms", "--quiet", status=3, env={"COLUMNS": "80"})
    assert out.count("failed: it did not end in time") >= 4, out
    assert all(len(line) <= 80 for line in out.splitlines()[:-1]), out


@case
def transports_interrupted():
    """Ctrl-C ends it by that signal, prints and keeps what was measured, and leaves no process"""
    process = start(*TRANSPORTS, "--quiet")

    def measured():
        path = Path("out/transports.json")
        return path.exists() and [row["status"] for row in json.loads(path.read_text())["rows"]].count("ok")
    wait_for(measured)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT and not err, (process.returncode, err)
    assert "lines were not measured: ended by SIGINT" in out and "shm" in out, out
    assert measured() and json.loads(Path("out/transports.json").read_text())["interrupted"] == "SIGINT"
    nothing_left(process)


main(at_once=1)
