"""All of `bench gate` that does not depend on times: what is refused, unchanged, failed, interrupted, counted."""
import json
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from gating import (CELL, FEW, QUICK, SLOW, ask, command, gate, load, other_build, quick_object, refused, slow_object,
                    tool, workload)
from tap import (BENCH, ROOT, Skip, arguments_of, bench, case, case_of, main, nothing_left, pids_of,
                 processes_of, small_disk, start, started_by, wait_for)

ENDLESS = ["--tolerance", "0.1%", "--max-runs", "400", "--no-plots"]
BRIEF = ["--max-runs", "12", "--budget", "500ms", "--allow", "command", "--on-unclear", "pass", "--no-plots"]  # status 0


# ---- Two commands ----

@case
def allowed_elsewhere():
    """a cell that may be slower and does not exist is named"""
    _, err = bench("gate", "--a", command("exit", 0), "--b", command("exit", 0), "--allow", "nosuch", "--output", "out")
    assert "'nosuch'" in err, err


def unchanged(a, b, *arguments):
    found = gate(a, b, "--no-plots", *arguments)
    assert [cell["verdict"] for cell in found["cells"]] == ["unchanged"] and found["verdict"] == "pass", found
    assert not Path("ran").exists() and not found["cells"][0]["blocks"] and not found["controls"]["aa"]


@case
def the_same_command():
    """the same command: unchanged, and it was not run"""
    unchanged(command("note", "ran"), command("note", "ran"))
    shutil.rmtree("out")
    unchanged("echo >ran", "echo >ran", "--shell")


@case
def the_same_content():
    """another file of the same content: unchanged; of another content: run"""
    shutil.copy(tool(), "copy")
    unchanged(command("note", "ran"), "./copy note ran")
    shutil.rmtree("out")
    gate(command("note", "ran"), f"{tool(1)} note ran", *BRIEF)
    assert set(Path("ran").read_text()) == {"\n"}


def noted(name):
    """What the commands of a side were given, which is the same each time."""
    lines = set(Path(name).read_text().splitlines())
    assert len(lines) == 1, lines
    return lines.pop()


@case
def words():
    """commands are split into words by quotes and backslashes, and no shell sees them"""
    gate(command("note", "of_a", r"""'a b' "c\"d" e\ f '\' $HOME "" * >x"""), command("note", "of_b", '"a\'b"c  d\\t"\\\\\\$e"'),
         *BRIEF)
    assert noted("of_a") == r'[a b][c"d][e f][\][$HOME][][*][>x]' and noted("of_b") == r"""[a'bc][dt\$e]""", noted("of_b")


@case
def shell():
    """with --shell, a shell runs the commands"""
    gate(command("note", "of_a", '"$WORD"; exit'), command("note", "of_b", "$((1 + 1))"), "--shell", *BRIEF,
         env={"WORD": "a b"})
    assert noted("of_a") == "[a b]" and noted("of_b") == "[2]"


# ---- Commands that fail ----

def fails(side, words, kind, number=None, exit_status=None, arguments=()):
    commands = {"a": command("exit", 0), "b": command("exit", "00"), side: words}
    found = gate(commands["a"], commands["b"], "--no-plots", *arguments, status=3)
    cell, failure = found["cells"][0], found["cells"][0]["failure"]
    assert found["verdict"] == "cannot tell" and f"side {side.upper()} failed" in cell["reason"], cell
    assert (failure["side"], failure["kind"], failure["signal"]) == (side, kind, number), failure
    assert failure["exit_status"] == exit_status, failure
    return failure


for a_side in "ab":
    case_of(f"side {a_side} exits with 3: status 3, named", fails, a_side, command("exit", 3), "exit", None, 3)
case_of("killed by a signal: status 3, named", fails, "b", command("raise", 11), "signal", signal.SIGSEGV)
case_of("too late: status 3, named, not left running", fails, "b", command("sleep", 100000), "timeout", None, None,
        ["--timeout", "1s"])
case_of("too late, with a child that outlives it", fails, "b", "sleep 100 & sleep 100; exit", "timeout", None, None,
        ["--timeout", "1s", "--shell"])


@case
def left_in_the_background():
    """what a command leaves in the background is ended with it, also in a session of its own"""
    gate(f"sleep 100 & exec {command('exit', 0)}", f"setsid sleep 100 & sleep 0.02; exec {command('exit', 0)}", "--shell",
         *BRIEF)


@case
def failure_beats_unclear():
    """a failure is status 3 whatever --on-unclear says"""
    gate(command("exit", 3), command("exit", 0), "--on-unclear", "pass", "--no-plots", status=3)


# ---- What commands print ----

def doubts_of(a, b, *arguments):
    found = gate(a, b, "--shell", *BRIEF, "--budget", "20s", *arguments)
    shutil.rmtree("out")
    return found["stdout"], [doubt["code"] for doubt in found["doubts"] if doubt["code"].startswith("output")]


@case
def prints_something_else():
    """B that prints something else than A is a doubt, also in how much, unless A differs from itself"""
    assert doubts_of("echo a", "echo b") == ("null", ["outputs_differ"])
    assert doubts_of("printf a", "printf 'a\n'", "--stdout", "pipe") == ("pipe", ["outputs_differ"])
    assert doubts_of("seq 100000", "seq 100001") == ("null", ["outputs_differ"])
    assert doubts_of("seq 100000", "seq 1 100000", "--stdout", "pipe") == ("pipe", [])
    assert doubts_of("echo $$", "echo b") == ("null", [])


@case
def prints_something_else_counted():
    """so is it where instructions are counted"""
    if not shutil.which("valgrind"):
        raise Skip("no valgrind")
    found = gate(command("print", "a"), command("print", "b"), "--instructions", "--no-plots")
    assert [doubt["code"] for doubt in found["doubts"] if doubt["code"].startswith("output")] == ["outputs_differ"], found


@case
def stops_at_dev_null():
    """a command that does less where nobody reads: a doubt, and --stdout pipe measures what it does"""
    idle = gate(command("unless_null", 30000000), f"{tool(1)} unless_null 30000000", *BRIEF, "--budget", "20s")
    assert idle["stdout"] == "null" and "output_unread" in [doubt["code"] for doubt in idle["doubts"]], idle["doubts"]
    shutil.rmtree("out")
    busy = gate(command("unless_null", 30000000), f"{tool(1)} unless_null 30000000", *BRIEF, "--stdout", "pipe")
    assert busy["stdout"] == "pipe" and "output_unread" not in [doubt["code"] for doubt in busy["doubts"]], busy["doubts"]
    assert "read through a pipe" in Path("out/gate.html").read_text()


@case
def what_a_failed_side_said():
    """stderr does not reach us: the last lines of a side that failed are kept, harmless"""
    flood = r"head -c 3000000 /dev/zero >&2; printf '\none\n\n\033[31mtwo\001\001\r\nthr\303\251e \377' >&2; exit 3"
    process = start("gate", "--shell", "--a", "head -c 3000000 /dev/zero >&2", "--b", flood, "--no-plots", "--output", "out")
    out, err = process.communicate(timeout=300)
    failure = load()["cells"][0]["failure"]
    assert process.returncode == 3 and not err and failure["side"] == "b", (out, err)
    assert failure["said"] == r"one / \x1b[31mtwo\x01 / three \xff".replace("three", "thr\u00e9e"), failure
    assert "\033" not in out and "\0" not in out and r"one / \x1b[31mtwo\x01 /" in " ".join(out.split()), out


# ---- Shared objects ----

def wrong_object(word, *how):
    path = workload("wrong", 1, *how)
    err = refused("--a", quick_object(), "--b", path)
    assert f"'{path}'" in err and word in err, err


case_of("an object without a workload is refused", wrong_object, "no workload", "")
case_of("one with two is refused", wrong_object, "several workloads", "WORKLOAD(one); WORKLOAD(two);")
case_of("one with another ABI is refused", wrong_object, "another version of workload.h", "WORKLOAD(spin);", "77")


@case
def titles():
    """--name-a and --name-b are what the report calls the sides; what is run is said, too"""
    shutil.copy(tool(), "a_tool")
    found = gate("./a_tool exit 0", "./a_tool exit 0", "--name-a", "v1 0a1b2c3", "--name-b", "v2 'faster'")
    assert [found["sides"][side]["title"] for side in "ab"] == ["v1 0a1b2c3", "v2 'faster'"], found["sides"]
    assert found["sides"]["a"]["name"] == "./a_tool exit 0", found["sides"]
    text = Path("out/gate.md").read_text()
    assert "v2 'faster' against v1 0a1b2c3" in text and r"A runs: ./a\_tool exit 0" in text, text


@case
def unlike():
    """an object against a command is refused"""
    err = refused("--a", quick_object(), "--b", command("exit", 0))
    assert "two objects or two commands" in err, err


# ---- Builds ----

@case
def same_build():
    """the folder of this build, or a copy of its program: unchanged, not timed"""
    shutil.copy(BENCH, "copy")
    for baseline, kind in [(Path(BENCH).parent.parent, "folder"), ("copy", "program")]:
        found = ask("--baseline", str(baseline), *CELL, "--no-plots")
        assert [cell["verdict"] for cell in found["cells"]] == ["unchanged"], found["cells"]
        assert found["sides"]["a"]["kind"] == kind and found["sides"]["a"]["name"] == str(baseline), found["sides"]
        shutil.rmtree("out")


@case
def a_checkout():
    """a checkout is built by its own launcher"""
    program = Path("there/build/harness/bench")
    program.parent.mkdir(parents=True)
    Path("there/bench").write_text(f'#!/bin/sh\ncp "{BENCH}" "{program.absolute()}"\n')
    Path("there/bench").chmod(0o755)
    assert ask("--baseline", "there", *CELL, "--no-plots")["cells"][0]["verdict"] == "unchanged"
    shutil.rmtree("out")
    Path("there/bench").write_text('#!/bin/sh\necho no luck; exit 2\n')
    err = bench("gate", "--baseline", "there", *CELL, "--output", "out", status=2)[1]
    assert "build.log" in err and "no luck" in Path("out/build.log").read_text(), err


def old_build():
    """A build of the last commit whose cell processes send their structs as they lie in memory (run/wire/version1.h)."""
    commit = "5b0d582b94f430da723f1f1b80ff94296541c2ec"
    if subprocess.run(["git", "-C", ROOT, "cat-file", "-e", f"{commit}^{{commit}}"], stderr=subprocess.DEVNULL).returncode:
        raise Skip(f"commit {commit} is not in this checkout")
    subprocess.run(f"mkdir old && git -C '{ROOT}' archive {commit} | tar -x -C old", shell=True, check=True)
    for words in [["meson", "setup", "-Dbuildtype=plain", "old/build", "old"], ["ninja", "-C", "old/build", "harness/bench"]]:
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    return "old/build"


@case
def an_old_build():
    """an old build, whose messages have no keys, is understood: what it measured, and what went wrong"""
    build = old_build()
    assert "protocols" not in json.loads(bench("list", "--json", program=f"{build}/harness/bench")[0])
    assert [entry["name"] for entry in json.loads(bench("list", "--json")[0])["protocols"]] == ["frames2"]
    assert json.loads(bench("list", "--json")[0])["protocols"][0]["turns"] == 1
    ids = ["wait?ms=2/sequential/-/-/1", "wait?ms=2/pool/shm/dynamic:1/2"]
    found = ask("--baseline", build, "--workload", "wait", "-p", "ms=2", *FEW, "--workers", "2", "--tolerance", "100%",
                "--mode", "sequential,pool", "--max-runs", "12", "--on-unclear", "pass", "--no-plots",
                *[word for cell in ids for word in ("--allow", cell)])
    assert [(cell["id"], cell["failure"]) for cell in found["cells"]] == [(cell, None) for cell in ids], found["cells"]
    runs = [run for cell in found["cells"] for block in cell["blocks"] for run in block["runs"]]
    assert {run["side"] for run in runs} == {"a", "b", "control"}, runs
    assert all(2e6 <= run["wall_ns"] < 1e9 and 0 < run["cpu_ns"] < run["wall_ns"] for run in runs), runs
    Path("empty").mkdir()
    err = refused("--baseline", build, "--workload", "resize", "--input", "empty", *FEW, "--mode", "sequential")
    assert "on side A: no JPEG file in 'empty'" in err, err


def repository(meson_build="project('scratch')\n"):
    """A project of one commit, the root of this program, which builds a copy of it."""
    folder = Path("project").absolute()
    (folder / "harness/run/python").mkdir(parents=True)
    (folder / "plots").symlink_to(ROOT / "plots")
    (folder / "harness/run/python/a.py").write_text("")
    (folder / "meson.build").write_text(meson_build + "subdir('harness')\n")
    (folder / "harness/meson.build").write_text(
        f"custom_target('bench', output: 'bench', command: ['cp', '{BENCH}', '@OUTPUT@'])\n")
    git("init", "-q")
    commit()
    return {"BENCH_ROOT": str(folder)}


def git(*words):
    return subprocess.run(["git", "-C", "project", "-c", "user.name=a", "-c", "user.email=a@example.org", *words],
                          check=True, capture_output=True, text=True).stdout


def commit():
    git("add", ".")
    git("commit", "-q", "-m", "area: change")


@case
def a_revision():
    """a revision is built: here to the same program, so unchanged"""
    found = ask("--baseline", "HEAD", *CELL, "--no-plots", env=repository())
    assert found["cells"][0]["verdict"] == "unchanged", found["cells"]
    assert found["sides"]["a"]["kind"] == "revision" and found["sides"]["a"]["name"] == "HEAD", found["sides"]
    assert re.match(r"[0-9a-f]{7,} area: change$", found["sides"]["a"]["detail"]), found["sides"]
    assert Path("out/build.log").read_text()


@case
def no_revision():
    """a revision that does not exist is refused; so is one that looks like an option"""
    root = repository()
    assert "'nosuch' is neither a folder nor a revision" in refused("--baseline", "nosuch", *CELL, env=root)
    assert "'--all'" in refused("--baseline", "--all", *CELL, env=root)


@case
def a_shallow_clone():
    """a revision that a shallow clone does not have: it is said how to get it"""
    repository()
    Path("project/harness/run/python/a.py").write_text("1")
    commit()
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{Path('project').absolute()}", "shallow"], check=True)
    err = refused("--baseline", "HEAD~1", *CELL, env={"BENCH_ROOT": str(Path("shallow").absolute())})
    assert "'HEAD~1' is neither" in err and "shallow clone" in err and "fetch-depth: 0" in err, err


@case
def of_another_owner():
    """a repository that git does not trust: its reason is said, with the way out"""
    env = {**repository(), "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
    err = refused("--baseline", "HEAD", *CELL, env=env)
    assert "dubious ownership" in err and "safe.directory" in err, err


@case
def within_a_hook():
    """git's variables of another repository, as its hooks have them, mean nothing to a gate"""
    env = repository()
    subprocess.run(["git", "init", "-q", "other"], check=True)
    other = {"GIT_DIR": str(Path("other/.git").absolute()), "GIT_INDEX_FILE": str(Path("index").absolute())}
    found = ask("--baseline", "HEAD", *CELL, "--no-plots", env={**env, **other})
    assert found["sides"]["a"]["detail"].endswith(" area: change") and not Path("index").exists(), found["sides"]


@case
def a_private_temporary_folder():
    """what lies in the temporary folder is not run by the build of a revision"""
    env = repository("project('scratch')\nimport('python').find_installation('/usr/bin/python3')\n")
    Path("tmp").mkdir()
    Path("tmp/types.py").write_text(f"open({str(Path('ran').absolute())!r}, 'w')\nraise SystemExit(1)\n")
    found = ask("--baseline", "HEAD", *CELL, "--no-plots", env={**env, "TMPDIR": str(Path("tmp").absolute())})
    assert found["cells"][0]["verdict"] == "unchanged" and not Path("ran").exists()


@case
def what_git_does_not_have():
    """submodules and files of Git LFS, which a revision's sources are without, are named"""
    env = repository()
    Path("project/large").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    Path("project/module").mkdir()
    git("update-index", "--add", "--cacheinfo", f"160000,{git('rev-parse', 'HEAD').strip()},module")
    commit()
    found = ask("--baseline", "HEAD", *CELL, "--no-plots", env=env)
    detail = found["sides"]["a"]["detail"]
    assert detail.endswith(" area: change, without its submodules, without its files of Git LFS"), detail


@case
def a_broken_revision():
    """a revision that does not build is named, and what the build said is kept"""
    err = bench("gate", "--baseline", "HEAD", *CELL, "--output", "out", status=2, env=repository("project('scratch'\n"))[1]
    assert "'HEAD' does not build" in err and str(Path("out/build.log").absolute()) in err, err
    assert "ERROR" in Path("out/build.log").read_text()
    assert [path.name for path in Path("out").iterdir()] == ["build.log"], list(Path("out").iterdir())


# ---- In the middle ----

def middle(*arguments, word):
    """Starts a gate that takes long; returns it when it measures."""
    process = start("gate", *arguments, "--output", "out")
    wait_for(lambda: Path("out/gate.json").exists() and any(word in arguments_of(pid) for pid in started_by(process)))
    return process


def long_commands():
    return middle("--a", command("sleep", 20), "--b", command("sleep", 21), *ENDLESS, word="sleep")


def long_cells():
    return middle("--baseline", other_build(), "--workload", "wait", "-p", "ms=5", "--items", "4", "--mode", "sequential,pool",
                  "--workers", "2", *ENDLESS, word="--cell")


def interrupted(begin, number):
    process = begin()
    from_s = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == -number, (process.returncode, out, err)
    assert time.monotonic() - from_s < 5
    nothing_left(process)
    found = load()
    assert found["interrupted"] == number.name and found["verdict"] == "cannot tell", found["conclusion"]
    assert found["ended_after_ns"] > 0 and Path("out/gate.html").exists()


for a_signal in [signal.SIGINT, signal.SIGTERM]:
    case_of(f"{a_signal.name} between commands: saved, ended by it, nothing left", interrupted, long_commands, a_signal)
case_of("SIGINT between cells", interrupted, long_cells, signal.SIGINT)


def killed(begin):
    process = begin()
    process.kill()
    process.communicate()
    nothing_left(process)
    assert load()["ended_after_ns"] is None


case_of("kill -9 between commands: nothing left, and the file tells what there was", killed, long_commands)
case_of("kill -9 between cells", killed, long_cells)


@case
def killed_shells():
    """kill -9 between commands of a shell: their children end, too"""
    sides = [f"{command('sleep', 77000 + side)}; true" for side in range(2)]
    process = start("gate", "--shell", "--a", sides[0], "--b", sides[1], "--timeout", "80s", "--output", "out")
    wait_for(lambda: any({"77000", "77001"} & set(arguments_of(pid)) for shell in started_by(process) for pid in pids_of(shell)))
    process.kill()
    process.communicate()
    nothing_left(process)


# ---- What objects leave behind ----

def leaves(*lines):
    """An object whose open and work each fork a process with a session of its own, which ignores what it can."""
    return workload("leaves", workloads=" ".join([
        "int fork(void); int setsid(void); int pause(void);",
        "static void leave(void) { if (fork() == 0) { setsid(); for (;;) pause(); } }",
        "static int open_it(const struct workload_options *o, struct workload_state *s) { leave(); return spin_open(o, s); }",
        "static int work(const void *d, uint64_t i, struct bytes in, struct buffer *out)",
        "{ leave();", *lines, "return spin_work(d, i, in, out); }",
        'const struct workload workload_spin = { .abi = ABI, .name = "spin", .summary = "leaves processes", .item = "spin",',
        ".open = open_it, .work = work };"]))


def left_by_objects(mode):
    gate(leaves(), quick_object(), *FEW, *BRIEF, "--mode", mode, "--workers", "2")


for a_mode in ["sequential", "threads", "pool", "forkserver"]:
    case_of(f"what open and the workers of an object leave behind is ended with it: {a_mode}", left_by_objects, a_mode)


@case
def killed_among_strays():
    """kill -9 while processes of other sessions run: they end, too"""
    process = start("gate", "--a", leaves("for (;;) pause();"), "--b", quick_object(), *FEW, "--mode", "pool", "--workers", "2",
                    "--output", "out")
    wait_for(lambda: len(processes_of(process.marker)) > 6)  # bench, two aides, a cell process, two workers, and strays
    process.kill()
    process.communicate()
    nothing_left(process)


# ---- Where it cannot tell ----

def unclear(status, *arguments):
    found = gate(command(*QUICK), command(*SLOW), "--budget", "1ms", "--no-plots", *arguments, status=status)
    assert found["verdict"] == "cannot tell" and "--budget" in found["cells"][0]["reason"], found["cells"]
    assert found["cells"][0]["instructions"] is None, found["cells"]  # a remark, for which there is no time


case_of("the budget is over: cannot tell, and why", unclear, 4)
case_of("--on-unclear pass", unclear, 0, "--on-unclear", "pass")
case_of("--on-unclear fail", unclear, 1, "--on-unclear", "fail")


@case
def too_few_runs():
    """--max-runs is reached before it is decided: cannot tell, why, and what would tell"""
    found = gate(command("sleep", 2), command("sleep", "02"), "--tolerance", "0.001%", "--max-runs", "12", "--no-plots",
                 "--on-unclear", "pass", status=0)
    reason = found["cells"][0]["reason"] or ""
    told = "after 12 pairs" in reason and ("--max-runs" in reason or "--tolerance" in reason)
    assert told or found["verdict"] == "pass", found["cells"][0]


# ---- Instructions ----

def by_instructions(a, b, *arguments, **options):
    if not shutil.which("valgrind"):
        raise Skip("no valgrind")
    return gate(a, b, "--instructions", "--no-plots", *arguments, **options)


@case
def more_instructions():
    """five in a hundred more instructions: regressed, without timing"""
    found = by_instructions(command("spin", 1000000), command("spin", 1050000), status=1)
    cell = found["cells"][0]
    assert found["method"] == cell["measure"] == "instructions" and not cell["blocks"], cell
    assert 0.03 < cell["instructions"]["b"] / cell["instructions"]["a"] - 1 < 0.055, cell["instructions"]
    aa, plus = found["controls"]["aa"], found["controls"]["plus"]
    assert abs(aa["theta"]) < 1e-4 and aa["holds"] and aa["verdict"] == "pass", aa
    assert plus["holds"] and plus["verdict"] == "regressed", plus


@case
def as_many_instructions():
    """another program with as many instructions: pass; a tolerated rise, too"""
    found = by_instructions(command("spin", 1000000), f"{tool(1)} spin 1000000")
    assert found["cells"][0]["verdict"] == "pass" and found["cells"][0]["instructions"]["a"] > 1000000, found["cells"]
    shutil.rmtree("out")
    by_instructions(command("spin", 1000000), command("spin", 1050000), "--instructions-tolerance", "6%")


@case
def instructions_of_cells():
    """the instructions of a cell are those of its work; with several workers it cannot tell"""
    found = by_instructions(quick_object(), slow_object(), *FEW, "--mode", "sequential", status=1)
    assert 8 < found["cells"][0]["instructions"]["b"] / found["cells"][0]["instructions"]["a"] < 11, found["cells"]
    shutil.rmtree("out")
    found = by_instructions(quick_object(), slow_object(), *FEW, "--mode", "pool", "--workers", "2", status=4)
    assert found["cells"][0]["verdict"] == "cannot tell" and found["cells"][0]["reason"], found["cells"]


# ---- Results ----

@case
def used_output():
    """an output folder that holds a gate already is refused, and left alone"""
    unchanged(command("note", "ran"), command("note", "ran"))
    before = Path("out/gate.json").read_bytes()
    _, err = bench("gate", "--a", command("exit", 0), "--b", command("exit", 1), "--output", "out", status=2)
    assert "'out' holds a gate already" in err and Path("out/gate.json").read_bytes() == before, err


@case
def full_disk():
    """a full disk: a clear message, status 2, nothing half written"""
    folder = small_disk()
    try:
        (folder / "filler").write_bytes(b"x" * 64000)
        err = bench("gate", "--a", command("exit", 0), "--b", command("exit", "00"), *BRIEF, "--output", str(folder / "out"),
                    status=2)[1]
        assert "No space left on device" in err, err
        assert not list(folder.glob("out/.*")) and not list(folder.glob("out/gate.json"))
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@case
def unwritable_output():
    """an output that cannot be made is named before anything is run"""
    Path("file").write_text("")
    err = bench("gate", "--a", command("note", "ran"), "--b", command("exit", 0), "--output", "file/out", status=2)[1]
    assert "file/out" in err and not Path("ran").exists(), err


# ---- Wrong usage ----

def wrong(arguments, *words):
    err = refused(*arguments)
    for word in words:
        assert word in err, err
    assert not Path("refused").exists(), list(Path("refused").iterdir())


PAIR = ["--a", command("exit", 0), "--b", command("exit", 1)]
for a_name, the_arguments, the_words in [
        ("no sides", [], ["--baseline", "--a"]),
        ("one side", ["--a", "true"], ["'--b'"]),
        ("the other side", ["--b", "true"], ["'--a'"]),
        ("a baseline and a side", ["--baseline", "HEAD", "--a", "true"], ["either --baseline"]),
        ("--shell of builds", ["--baseline", "HEAD", "--shell"], ["'--shell'"]),
        ("a quote that is not closed", ["--a", "true 'x", "--b", "true"], ["quote", "true 'x"]),
        ("a pipe without a shell", ["--a", "true | cat", "--b", "true"], ["'true | cat'", "--shell"]),
        ("a command without a word", ["--a", " ", "--b", "true"], ["' '"]),
        ("a command that does not exist", ["--a", "true", "--b", "nosuch-command x"], ["'nosuch-command'"]),
        ("a file that cannot be run", ["--a", "true", "--b", "/etc/passwd"], ["'/etc/passwd'"]),
        ("an object that does not exist", ["--a", "nosuch.so", "--b", "true"], ["'nosuch.so'"]),
        ("a baseline that is no build", ["--baseline", "/"], ["'/'", "neither a checkout"]),
        ("a baseline that is no program", ["--baseline", "/etc/passwd"], ["'/etc/passwd'"]),
        ("a workload for commands", [*PAIR, "--workload", "sumsq"], ["'--workload'"]),
        ("a workload for objects", ["--a", quick_object(), "--b", slow_object(), "--workload", "sumsq"], ["'--workload'"]),
        ("an unknown workload", ["--baseline", BENCH, "--workload", "nosuch"], ["'nosuch'"]),
        *[(f"a tolerance of {text}", [*PAIR, f"--tolerance={text}"], ["--tolerance", f"'{text}'"])
          for text in ["0", "-1%", "200%", "x", "nan"]],
        *[(f"a tolerance of {text}, which lacks its %", [*PAIR, "--tolerance", text], ["--tolerance", f"is that {text}%?"])
          for text in ["1", "0.6", "2.5"]],
        ("too few runs", [*PAIR, "--max-runs", "11"], ["--max-runs", "12"]),
        ("a word for --on-unclear", [*PAIR, "--on-unclear", "maybe"], ["'maybe'", "pass"]),
        ("an unknown option", [*PAIR, "--basline", "x"], ["'--basline'"]),
        ("an unknown export", [*PAIR, "--export", "nosuch=x"], ["'nosuch'"]),
        *[(f"{words[0]}, which is of a run", [*PAIR, *words], [f"'{words[0]}'", "refused"])
          for words in [["--counters", "papi"], ["--dry-run"], ["--invocations", "3"], ["--topology", "pu:2"], ["--log", "debug"]]]]:
    case_of(f"{a_name}: refused", wrong, the_arguments, *the_words)


main()
