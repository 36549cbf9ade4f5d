"""The history as a user meets it: adding, showing, the commit to blame; many writers, kills, full disks."""
import copy
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from tap import ROOT, Skip, another_user, bench, case, main, start

REFERENCE = json.loads((ROOT / "results/reference/run.json").read_text())
for measured in REFERENCE["cells"]:
    measured["samples"], measured["invocations"] = [], []
CELL = REFERENCE["cells"][2]["id"]


def write_run(number, factor=1.0, cells=None, **changed):
    """A run like the reference run: its time is factor times that, with some noise. Returns its folder."""
    run = copy.deepcopy(REFERENCE) | changed
    noise = random.Random(number)
    run["seed"] = number
    run["started"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1.8e9 + 3600 * number))
    for cell in run["cells"]:
        wall = cell["summary"]["wall_ns"]
        median = wall["median"] * noise.normalvariate(1, 0.005) * (factor if cell["id"] == CELL else 1)
        wall.update(median=median, low=median * 0.99, high=median * 1.01)
    if cells:
        small = run["cells"][2] | {"summary": {"wall_ns": run["cells"][2]["summary"]["wall_ns"]}}
        run["cells"] = [small | {"id": f"resize/pool/shm/dynamic:6/{i}"} for i in range(cells)]
    folder = Path("runs", str(number))
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(run))
    return str(folder)


def add(*arguments, **options):
    database = () if "--database" in arguments else ("--database", "h.db")
    return bench("history", "add", *database, *arguments, **options)


def show(*arguments):
    return json.loads(bench("history", "show", "--database", "h.db", "--json", "-", *arguments)[0])


def rows(query, database="h.db"):
    with sqlite3.connect(database) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def whole(database="h.db"):
    assert rows("PRAGMA integrity_check", database) == [("ok",)]


def git(*arguments):
    env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    if "GIT_COMMITTER_DATE" not in env:
        env["GIT_COMMITTER_DATE"] = env["GIT_AUTHOR_DATE"] = "2020-01-01T00:00:00Z"
    return subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e", *arguments], check=True,
                          capture_output=True, text=True, env=env).stdout.strip()


def repository(commits):
    """Makes the current folder a repository; returns the hashes of its commits."""
    try:
        git("init", "-q")
    except OSError:
        raise Skip("no git") from None
    hashes = []
    for i in range(commits):
        Path("source").write_text(str(i))
        git("add", "source")
        git("commit", "-q", "-m", f"area: change {i}")
        hashes.append(git("rev-parse", "HEAD"))
    return hashes


@case
def imports():
    """many runs at once; adding them twice adds nothing, and says so"""
    folders = [write_run(i) for i in range(5)]
    out, _ = add(*folders, "--commit", "1a2b3c4")
    assert out.count(": added, 5 cells, commit 1a2b3c4 (as --commit says)") == 5, out
    out, _ = add(*folders, write_run(5))
    assert out.count("is in the history already, nothing added") == 5 and out.count(": added") == 1, out
    assert rows("SELECT count(*) FROM run") == [(6,)]
    assert rows("SELECT count(*) FROM value") == [(30,)]
    whole()


@case
def imports_what_it_can():
    """a run that cannot be read: status 2, the others are added"""
    _, err = add(write_run(1), "missing", write_run(2), status=2)
    assert "cannot read 'missing'" in err, err
    assert rows("SELECT count(*) FROM run") == [(2,)]


@case
def preset_database():
    """the history is in the checkout, wherever bench is called from"""
    Path("root/results").mkdir(parents=True)
    out, _ = bench("history", "add", write_run(1), env={"BENCH_ROOT": str(Path("root").absolute())})
    assert out.endswith("root/results/history.db\n"), out
    assert rows("SELECT count(*) FROM run", "root/results/history.db") == [(1,)]


@case
def blames():
    """the commit to blame is the first run's after the change, with the commits that were skipped"""
    hashes = repository(42)
    for i in range(40):
        step = i if i < 22 else i + 2  # two commits were not measured
        add(write_run(i, 1.1 if i >= 22 else 1), "--commit", hashes[step])
    shown = show()
    (change,) = shown["changes"]
    assert change["cell"] == CELL and change["at"] == 22, change
    assert change["commit"] == hashes[24] and change["commit_before"] == hashes[21] and change["commits"] == 3, change
    assert change["subject"] == "area: change 24", change
    assert abs(change["size"] - 0.1) < 0.005 and change["after"] > change["before"], change
    assert change["p"] <= 0.001 and change["also_changed"] == [] and change["dirty"] is False, change
    out, _ = bench("history", "show", "--database", "h.db")
    text = " ".join(out.split())
    assert f"one of the 3 commits {hashes[21][:10]}..{hashes[24][:10]}" in text, out
    assert "the last of which is 'area: change 24'" in text, out
    assert "never compares with a stored time" in text, out
    os.chdir("runs")  # in a folder of its own, where git knows no commit, none is made up
    os.environ["GIT_DIR"] = "/nonexistent"
    try:
        (change,) = json.loads(bench("history", "show", "--database", "../h.db", "--json", "-")[0])["changes"]
    finally:
        del os.environ["GIT_DIR"]
    assert change["commit"] == hashes[24] and change["commits"] is None and change["subject"] is None, change


@case
def orders_by_commit():
    """old commits that are measured last stand where they belong, and the right commit is blamed"""
    hashes = repository(32)
    for number, i in enumerate([*range(16, 32), *range(3, 16), 0, 2, 1]):  # the slow half first
        name = hashes[i][:9] if i == 20 else hashes[i]
        add(write_run(number, 1.1 if i >= 16 else 1, versions={"commit": name}))
    add(write_run(40, 1.1, versions={"commit": "0123456789"}))  # unknown: as new as it is young
    shown = show()
    (change,) = shown["changes"]
    assert change["at"] == 16 and change["commit"] == hashes[16] and change["commit_before"] == hashes[15], change
    assert change["commits"] == 1 and change["size"] > 0.09 and change["subject"] == "area: change 16", change
    runs = next(s for s in shown["series"] if s["cell"] == CELL)["runs"]
    assert [run["commit"][:9] for run in runs] == [name[:9] for name in hashes] + ["012345678"], runs
    os.chdir("runs")
    shown = json.loads(bench("history", "show", "--database", "../h.db", "--json", "-", env={"GIT_DIR": "/nonexistent"})[0])
    runs = next(s for s in shown["series"] if s["cell"] == CELL)["runs"]
    assert sorted(run["started"] for run in runs) == [run["started"] for run in runs], runs


@case
def keeps_labels():
    """a known run keeps its commit and machine, and that is said"""
    folder = write_run(1)
    add(folder, "--commit", "1234567", "--machine", "rack 7")
    out, _ = add(folder, "--commit", "7654321-dirty", "--machine", "rack 8")
    assert "nothing added; it stays of commit 1234567, whatever --commit says; its machine stays 'rack 7'" in out, out
    out, _ = add(folder, "--commit", "1234567", "--machine", "rack 7")
    assert "nothing added\n" in out, out
    assert rows('SELECT "commit", name FROM run JOIN machine') == [("1234567", "rack 7")]


@case
def console_speaks_of_a_report():
    """the console says that the report has all only where one is written"""
    add(write_run(1, cells=30))
    plain, written = (bench("history", "show", "--database", "h.db", "--no-plots", *more)[0]
                      for more in [(), ("--output", "out")])
    assert "(the first 24 of 30; --output DIR writes all)" in plain and "report" not in plain, plain
    assert "(the first 24 of 30; the report has all)" in written, written


@case
def json_keys():
    """JSON: every series with its runs in the order of their start"""
    add(write_run(2), "--commit", "2222222-dirty")
    add(write_run(1), "--commit", "1111111")
    shown = show("--magnitude", "2%")
    assert shown["schema"] == 1 and shown["kind"] == "history" and shown["measure"] == "wall_ns", shown
    assert shown["search"] == {"method": "e-divisive means", "window": 50, "p": 0.001, "magnitude": 0.02}, shown
    assert len(shown["series"]) == 5 and shown["changes"] == [], shown
    series = next(s for s in shown["series"] if s["cell"] == CELL)
    assert set(series) == {"machine", "cell", "work", "last", "changes_at", "runs"}, series
    assert series["work"]["items"] == 48 and "Xeon" in series["machine"], series
    first, second = series["runs"]
    assert (first["commit"], first["dirty"]) == ("1111111", False), first
    assert (second["commit"], second["dirty"]) == ("2222222", True), second
    assert first["started"] < second["started"] and first["low"] < first["value"] < first["high"], series
    only = show("--cell", "resize/pool/*", "--measure", "rss_bytes")
    assert len(only["series"]) == 2 and only["series"][0]["last"] > 1e6, only
    bench("history", "show", "--database", "h.db", "--json", "file.json")
    assert json.loads(Path("file.json").read_text())["series"] == show()["series"]


@case
def commits():
    """the commit: as the run says, else --commit, else what is checked out, if that is older than the run"""
    hashes = repository(3)
    add(write_run(1, versions={"commit": "feedbee"}), "--commit", "1234567")
    add(write_run(2), "--commit", "HEAD~1")
    out, _ = add(write_run(3))
    assert f"commit {hashes[2]} (checked out in this folder)" in out, out
    Path("source").write_text("changed")
    out, _ = add(write_run(4))
    assert "with changes that are not committed" in out, out
    git("commit", "-q", "--allow-empty", "-m", "older")
    os.environ["GIT_COMMITTER_DATE"] = "2099-01-01T00:00:00Z"
    try:
        git("commit", "-q", "--allow-empty", "-m", "younger than the run")
    finally:
        del os.environ["GIT_COMMITTER_DATE"]
    out, _ = add(write_run(5))
    assert "no commit: what is checked out here is younger than the run" in out, out
    out, _ = add(write_run(6), env={"PATH": "/nonexistent"})
    assert "no commit: git knows none here" in out, out
    assert rows('SELECT "commit", dirty FROM run ORDER BY started') == [
        ("feedbee", 0), (hashes[1], 0), (hashes[2], 0), (hashes[2], 1), (None, 0), (None, 0)]


@case
def machines():
    """machines are not mixed; their change is no change; the host's name does not count"""
    for i in range(40):
        machine = copy.deepcopy(REFERENCE["machine"]) | {"host": f"job-{i}"}
        machine["topology"]["usable_processors"] = 2 if i < 20 else 4
        add(write_run(i, 1 if i < 20 else 0.5, machine=machine))
    shown = show()
    assert shown["changes"] == [] and len(shown["series"]) == 10, shown
    assert {len(series["runs"]) for series in shown["series"]} == {20}, shown
    add(write_run(40), "--machine", "rack 7")
    assert len(show("--machine", "rack 7")["series"]) == 5
    _, err = bench("history", "show", "--database", "h.db", "--machine", "rack 8", status=2)
    assert "holds no runs of machine 'rack 8'" in err, err


@case
def also_changed():
    """what else changed with the commit is said: kernel, compiler"""
    for i in range(40):
        versions = {**REFERENCE["versions"], "compiler": "gcc 12" if i < 20 else "gcc 13"}
        add(write_run(i, 1 if i < 20 else 1.2, versions=versions), "--commit", "1234567")
    (change,) = show()["changes"]
    assert change["also_changed"] == [{"what": "compiler", "from": "gcc 12", "to": "gcc 13"}], change
    out, _ = bench("history", "show", "--database", "h.db")
    text = " ".join(out.split())
    assert "so no commit is to blame" in text and "compiler (gcc 12, then gcc 13)" in text, out


@case
def page():
    """a page and a picture, hostile names included"""
    for i in range(30):
        add(write_run(i, 1 if i < 15 else 1.2), "--commit", "`reboot`$(x)'\"", "--machine", "<script>';system \"x\"\n")
    _, err = bench("history", "show", "--database", "h.db", "--output", "out")
    assert not err, err
    html = Path("out/history.html").read_text()
    assert "<script>'" not in html and "&#60;script&#62;" in html and "<svg" in html
    assert Path("out/history.md").read_text().startswith("# History")
    assert Path("out/series.png").stat().st_size > 10000
    assert not list(Path("out").glob(".*"))
    assert "on &lt;script>';system \"x\"?</text>" in Path("out/series.svg").read_text()


@case
def readers():
    """who may not write to the folder can read: an idle history, and beside a writer what that has committed"""
    other = another_user(0o755)
    add(write_run(1))

    def shown(database="h.db", **wanted):
        out, err = bench("history", "show", "--database", database, "--cell", CELL, "--json", "-", **other, **wanted)
        return json.loads(out)["series"][0]["last"] if out else err
    idle = shown()
    assert not list(Path(".").glob("h.db-*"))
    writer = sqlite3.connect("h.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE value SET wall_ns = 1e9")
    assert shown() == idle
    writer.execute("COMMIT")
    assert shown() == 1e9
    for name in ["h.db", "h.db-wal"]:
        shutil.copy(name, name.replace("h", "copy", 1))
    assert "'copy.db-wal' has changes to it" in shown("copy.db", status=2)
    writer.close()
    assert shown() == 1e9
    Path("h.db").rename("50% off?#\".db")
    assert shown("50% off?#\".db") == 1e9


@case
def writers():
    """many writers at once, on a history that none has made yet: nothing is lost, nothing doubled"""
    folders = [write_run(i) for i in range(24)]
    processes = [start("history", "add", "--database", "h.db", folders[i], folders[(i + 1) % 24]) for i in range(24)]
    results = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * 24, results
    assert rows("SELECT count(*), count(DISTINCT seed) FROM run") == [(24, 24)]
    assert rows("SELECT count(*) FROM value") == [(120,)]
    assert sum(out.count(": added") for out, _ in results) == 24, results
    whole()


@case
def killed_in_the_middle():
    """kill -9 in the middle of a transaction: the history is as before, and the next writer does not notice"""
    add(write_run(1))
    folder = write_run(2, cells=20000)  # so large that SQLite writes before it commits
    process = start("history", "add", "--database", "h.db", folder)
    wal = Path("h.db-wal")
    until = time.monotonic() + 60
    while not (wal.exists() and wal.stat().st_size > 100000):
        assert process.poll() is None and time.monotonic() < until, process.communicate()
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert wal.exists() and wal.stat().st_size > 100000
    add(write_run(3))
    assert rows("SELECT seed FROM run ORDER BY seed") == [(1,), (3,)]
    whole()
    add(folder)
    assert rows("SELECT count(*) FROM value") == [(20010,)]
    whole()


@case
def killed_anywhere():
    """kill -9 at any time, other writers beside: a run is there as a whole or not at all"""
    kill = random.Random(1)
    folders = [write_run(i) for i in range(20)]
    for folder in folders:
        process = start("history", "add", "--database", "h.db", folder)
        other = start("history", "add", "--database", "h.db", *folders[:3])
        time.sleep(kill.uniform(0, 0.04))
        process.kill()
        process.communicate()
        _, err = other.communicate(timeout=60)
        assert other.returncode == 0, err
    whole()
    assert set(rows("SELECT count(*) FROM value GROUP BY run")) == {(5,)}
    assert rows("SELECT count(*) FROM run LEFT JOIN value ON run.id = value.run WHERE value.run IS NULL") == [(0,)]
    add(*folders)
    assert rows("SELECT count(*) FROM run") == [(20,)]


@case
def damaged():
    """a damaged history: one line, status 2, and it stays as it is"""
    add(*[write_run(i) for i in range(3)])
    content = bytearray(Path("h.db").read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    Path("h.db").write_bytes(content)
    for command in [("add", "runs/0"), ("show",)]:
        _, err = bench("history", command[0], "--database", "h.db", *command[1:], status=2)
        assert "'h.db': it is damaged" in err and err.count("\n") == 1, err
    assert Path("h.db").read_bytes() == content


def mounted(options):
    folder = Path("disk")
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True).returncode:
        raise Skip("cannot mount a file system")
    return folder


@case
def full_disk():
    """a full disk: one line, status 2, what was there before is whole"""
    folder = mounted("size=400k")
    try:
        add("--database", "disk/h.db", write_run(1))
        _, err = add("--database", "disk/h.db", write_run(2, cells=20000), status=2)
        assert "cannot write 'disk/h.db': No space left on device" in err and err.count("\n") == 1, err
        whole("disk/h.db")
        assert rows("SELECT seed FROM run", "disk/h.db") == [(1,)]
        add("--database", "disk/h.db", write_run(3))
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@case
def read_only_folder():
    """a read-only disk: adding is refused in one line, reading works"""
    folder = mounted("size=4m")
    try:
        add("--database", "disk/h.db", write_run(1))
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        _, err = add("--database", "disk/h.db", write_run(2), status=2)
        assert "'disk/h.db'" in err and "read-only" in err.lower() and err.count("\n") == 1, err
        assert json.loads(bench("history", "show", "--database", "disk/h.db", "--json", "-")[0])["series"]
        _, err = add("--database", "disk/new.db", "runs/2", status=2)
        assert "cannot open 'disk/new.db'" in err and err.count("\n") == 1, err
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@case
def wrong_usage():
    """wrong usage: status 2, with the way out"""
    for arguments, said in [((), "usage: bench history add"), (("ad",), "usage:"),
                            (("add",), "which run? Give a folder such as results/runs/latest"),
                            (("show", "run"), "takes no runs"), (("show", "--commit", "x"), "unknown option '--commit'"),
                            (("add", "--cell", "x", "r"), "unknown option '--cell'"),
                            (("show", "--magnitude", "x"), "such as 1%"), (("show", "--magnitude", "101%"), "or 0 for all"),
                            (("add", "--database", ":memory:", "r"), "no path to SQLite"),
                            (("add", "--database", "file:x?mode=memory", "r"), "no path to SQLite"),
                            (("show", "--database", "file:x"), "no path to SQLite"),
                            (("add", "--database", "/dev/null", "r"), "no regular file"), (("show", "--p", "2"), "probability"),
                            (("show", "--measure", "wall"), "wall_ns"), (("show", "--json"), "needs a value"),
                            (("add", "--commit", "a b", "r"), "needs a commit"),
                            (("show", "--database", "none.db"), "No such file")]:
        _, err = bench("history", *arguments, status=2)
        assert said in err, (arguments, err)
    assert not os.listdir()
    add(write_run(1))
    assert show("--magnitude", "0%")["search"]["magnitude"] == 0


main()
