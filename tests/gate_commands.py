"""Commands of `bench gate` with files in place of {}, and with commands around each run."""
import signal
from pathlib import Path

from gating import command, gate, refused, tool
from tap import arguments_of, case, case_of, main, nothing_left, start, started_by, wait_for

# Status 0, whatever comes out: after so many runs, or after so much time.
RUNS = ["--rounds", "1", "--max-runs", "12", "--tolerance", "100%", "--budget", "60s", "--allow", "command",
        "--on-unclear", "pass", "--no-plots"]
BRIEF = ["--max-runs", "12", "--budget", "1s", "--allow", "command", "--on-unclear", "pass", "--no-plots"]
ODD = ["-n", "a  b", "it's $(touch pwned)", '"q" `x` \\', "{}", "\u00e9\n"]


def files(*names):
    Path("in").mkdir()
    for name in names:
        Path("in", name).write_text(name)
    return [f"{Path('in').absolute()}/{name}" for name in sorted(names, key=str.encode)]


def notes(name):
    return Path(name).read_text().splitlines()


# ---- Files ----

@case
def each_file():
    """each file stands for {} as a word of its own, or part of one, whatever its name is"""
    paths = files("b", "A", *ODD[:-1])
    Path("in/folder").mkdir()
    found = gate(command("note", "of_a", "{}"), command("note", "of_b", "x{}", "'{} {}'"), "--input", "in", *RUNS)
    assert {f"[{path}]" for path in paths} == set(notes("of_a")), notes("of_a")
    assert {f"[x{path}][{path} {path}]" for path in paths} == set(notes("of_b")), notes("of_b")
    cell = found["cells"][0]
    assert cell["pairing"] == "files" and cell["files"] == {"used": 7, "found": 7}, cell
    assert not Path("pwned").exists()


@case
def each_file_by_a_shell():
    """a shell gets it as one word, too, in quotes of any kind"""
    paths = files(*ODD)
    inside = '"$(printf %s {})" "{}" \'{}\''
    gate(f'{command("note", "of_a")} {{}}', f'{command("note", "of_b")} {inside}', "--input", "in", "--shell", *RUNS)
    lines = Path("of_b").read_text()
    assert all(f"[{path}]" in Path("of_a").read_text() for path in paths)
    assert all(f"[{path}][{path}]" in lines for path in paths) and not Path("pwned").exists(), lines


@case
def a_sample():
    """of a folder that takes too long a sample is run, and that is said"""
    files(*map(str, range(30)))
    found = gate(command("sleep", 40, "{}"), f"{tool(1)} sleep 40 {{}}", "--input", "in", *BRIEF, "--budget", "3s")
    cell = found["cells"][0]
    assert cell["files"] == {"used": 8, "found": 30}, cell
    assert "sample" in [doubt["code"] for doubt in found["doubts"]], found["doubts"]


@case
def outputs_of_files():
    """if B prints something else for one file, the outputs differ"""
    files("x", "y")
    found = gate("cat {}", "sed s,y,z, {}", "--input", "in", *RUNS)
    assert "outputs_differ" in [doubt["code"] for doubt in found["doubts"]], found["doubts"]


@case
def no_files():
    """{} and --input need each other, on both sides, and a folder with files"""
    Path("empty").mkdir()
    files("x")
    for arguments, words in [
        (["--a", "cat {}", "--b", "cat -- {}"], "give their folder by --input"),
        (["--a", "true", "--b", "true x", "--prepare", "cat {}"], "give their folder by --input"),
        (["--a", "true", "--b", "true x", "--input", "in"], "no {} where its files would stand"),
        (["--a", "cat {}", "--b", "true x", "--input", "in"], "only side A has a {}"),
        (["--a", "true", "--b", "cat {}", "--input", "in"], "only side B has a {}"),
        (["--a", "cat {}", "--b", "cat -- {}", "--input", "empty"], "no file in 'empty'"),
        (["--a", "cat {}", "--b", "cat -- {}", "--input", "gone"], "cannot read 'gone': No such file"),
    ]:
        err = refused(*arguments)
        assert words in err, err


@case
def a_file_that_fails():
    """a side that fails at a file: status 3, and which one"""
    files("good", "it's bad")
    found = gate("true {}", "case {} in *bad) echo oh >&2; exit 3;; esac", "--shell", "--input", "in", "--no-plots",
                 status=3)
    failure = found["cells"][0]["failure"]
    assert failure["side"] == "b" and failure["exit_status"] == 3 and failure["said"] == "oh", failure
    assert failure["message"] == "it exited with status 3, given 'it's bad'", failure


# ---- Around each run ----

def around(word, file=""):
    return command("note", "log", word) + file


@case
def in_order():
    """--prepare, the run, --conclude: each time; given once they are for both sides, given twice for A and then B"""
    gate(around("a"), around("b"), *RUNS, "--prepare", around("before_a"), "--prepare", around("before_b"), "--conclude",
         around("after"))
    lines = notes("log")
    triples = set(zip(lines[::3], lines[1::3], lines[2::3]))
    assert triples == {("[before_a]", "[a]", "[after]"), ("[before_b]", "[b]", "[after]")}, triples


@case
def with_the_file():
    """they get the file of the run"""
    paths = files("x", "y z")
    gate(around("a", " {}"), around("b", " {}"), "--input", "in", *RUNS, "--prepare", around("before", " {}"))
    lines = notes("log")
    pairs = set(zip(lines[::2], lines[1::2]))
    assert pairs == {(f"[before][{path}]", f"[{side}][{path}]") for path in paths for side in "ab"}, pairs


@case
def untimed():
    """what they take does not count"""
    found = gate(command("sleep", 10), command("sleep", 20), *BRIEF, "--budget", "4s", "--prepare", "sleep 0.1",
                 "--conclude", "sleep 0.1")
    cell = found["cells"][0]
    times = [run["x_ns"] for block in cell["blocks"] for run in block["runs"]]
    times += [pair[side]["undisturbed_ns"] for pair in cell["pairs"] for side in "ab"]
    assert times and min(times) < 100e6, times


def fails(option):
    found = gate(command("exit", 0), command("exit", "00"), option, command("exit", 0), option, command("exit", 4),
                 "--no-plots", status=3)
    failure = found["cells"][0]["failure"]
    assert (failure["side"], failure["exit_status"]) == ("b", 4), failure
    assert failure["message"] == f"its {option} exited with status 4", failure


case_of("a --prepare that fails is named, with its side", fails, "--prepare")
case_of("a --conclude, too", fails, "--conclude")


@case
def concluded_after_a_failure():
    """a run that fails is concluded, too, and its own failure is told"""
    found = gate(command("exit", 3), command("exit", 0), "--conclude", command("note", "after", "x"), "--no-plots", status=3)
    assert found["cells"][0]["failure"]["exit_status"] == 3 and notes("after")


@case
def refused_around():
    """--prepare and --conclude are for commands, at most two of each, and must be there"""
    assert "for commands" in refused("--baseline", "HEAD", "--prepare", "true")
    both = ["--a", "true", "--b", "true x"]
    assert "more than twice" in refused(*both, *["--conclude", "true"] * 3)
    assert "cannot run 'no-such-thing'" in refused(*both, "--prepare", "no-such-thing")


@case
def stopped_while_preparing():
    """a signal ends what prepares, and the gate"""
    process = start("gate", "--a", "true", "--b", "true x", "--prepare", "sleep 100", "--no-plots", "--output", "out")
    wait_for(lambda: ["sleep", "100", ""] in map(arguments_of, started_by(process)))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM
    nothing_left(process)


main()
