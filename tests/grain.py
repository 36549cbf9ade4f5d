"""`bench experiment grain`: numbers that fit together, and what is said when they cannot be had."""
import json
import signal
from pathlib import Path

from tap import bench, case, cell_process, main, nothing_left, start, wait_for


def rows_of(*arguments, status=0, **options):
    out, _ = bench("experiment", "grain", "--quick", "--json", *arguments, status=status, **options)
    return json.loads(out)["rows"]


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
    out, _ = bench("experiment", "grain", "--quick", "--mode", "pool", "--transport", "shm,pipe", "--call", "map,imap",
                   "--workers", "2")
    begins = [line.split()[:2] for line in out.splitlines() if line.startswith("pool")]
    assert begins == [["pool", "shm"], ["pool", "pipe"], ["pool:imap", "shm"], ["pool:imap", "pipe"]], out
    assert "METG(50)" in out and "stays effective" in out or "No mode" in out, out


@case
def usage():
    """Wrong usage is status 2, and says what is wrong"""
    for wrong, said in ((["--mode", "pol"], "did you mean 'pool'"), (["--grain", "1"], "unknown option '--grain'"),
                        (["--workers", "1,2"], "one number"), (["--chunk", "1,2"], "one number"),
                        (["--workers", "0"], "--workers"), (["--mode", "sequential"], "no parallel mode"),
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
    """Ctrl-C ends it by that signal, and nothing is left"""
    process = start("experiment", "grain", "--mode", "pool", "--transport", "shm", "--workers", "2",
                    env={"TMPDIR": str(Path.cwd())})
    cell_process(process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT, process.returncode
    nothing_left(process, ".")
    wait_for(lambda: not list(Path(".").iterdir()), 5)


main(at_once=1)
