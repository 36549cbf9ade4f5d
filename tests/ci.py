#!/usr/bin/env python3
"""What ci/ offers to other projects, used as ci/ describes it: gate.sh on a small program, and the steps of the
workflows one after the other. Fakes stand for what is GitHub's (its actions, `gh`). Speaks TAP."""
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import tap
from tap import ROOT, Skip, case, case_of

try:
    import yaml
except ImportError:
    yaml = None

WORKFLOWS = sorted((ROOT / "ci").glob("*.yml"))
REPORT = ["gate.html", "gate.json", "gate.md", "junit.xml"]
PROGRAM = """int main(void)
{
	volatile unsigned sum = 0;

	for (unsigned i = 0; i < %d; i++)
		sum += i;
	return 0;
}
"""
FAST, SLOW = PROGRAM % 1000000, PROGRAM % 3000000
ENVIRONMENT = {
    **os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CEILING_DIRECTORIES": "/tmp",
    **{f"GIT_{who}_{what}": value for who in ["AUTHOR", "COMMITTER"]
       for what, value in [("NAME", "a"), ("EMAIL", "a@example.org")]},
}


def command(*arguments, status=0, env=None):
    """Runs it to its end; returns what it said."""
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, env={**ENVIRONMENT, **(env or {})}, timeout=120)
    assert done.returncode == status, f"status {done.returncode}, not {status}\n{done.stdout}"
    return done.stdout


def executable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)


def commit(source):
    Path("program.c").write_text(source)
    command("git", "add", ".")
    command("git", "commit", "-q", "--allow-empty", "-m", "change")


def repository(base, head):
    """A project in this folder, whose HEAD is the merge of a pull request into the base, as GitHub makes it."""
    command("git", "init", "-q", "-b", "main")
    Path("Makefile").write_text("program: program.c\n\t$(CC) -O1 -o program program.c\n")
    Path(".gitignore").write_text(".bench\n")
    commit(base)
    command("git", "checkout", "-q", "-b", "change")
    commit(head)
    command("git", "checkout", "-q", "main")
    command("git", "merge", "-q", "--no-ff", "-m", "merge", "change")


def reports(folder="gate"):
    return [name for name in REPORT if (Path(folder) / name).exists()]


# ---- The script ----

def settings(**env):
    """What gate.sh is told by the environment."""
    Path("tmp").mkdir(exist_ok=True)
    return {"BENCH": tap.BENCH, "GATE_RUN": "{}/program", "TMPDIR": str(Path("tmp").absolute()), **env}


def left_nothing():
    """Neither a worktree nor a temporary folder."""
    return not list(Path("tmp").iterdir()) and command("git", "worktree", "list").count("\n") == 1


def gate(*options, status, revisions=("HEAD^1", "HEAD"), **env):
    """gate.sh on HEAD, or on other revisions."""
    said = command(ROOT / "ci/gate.sh", *revisions, "--no-plots", "--quiet", *options, status=status, env=settings(**env))
    assert left_nothing(), "there is something left of it"
    return said


def begun(script):
    """Starts gate.sh with a fake bench; returns it when that runs, as it says by a file of the name `runs`."""
    executable(Path("fake"), f"[ $1 = gate ] || exit 0\n{script}\n")
    Path("runs").unlink(missing_ok=True)
    process = tap.start("HEAD^1", "HEAD", program=ROOT / "ci/gate.sh",
                        env={**ENVIRONMENT, **settings(BENCH=str(Path("fake").absolute()))})
    tap.wait_for(Path("runs").exists)
    return process


SLEEPS = "echo $$ >runs.new; mv runs.new runs; exec sleep 1000"


@case
def slower():
    """gate.sh: a head that takes three times as long is regressed; built, run and judged as told, with the report"""
    repository(FAST, SLOW)
    said = gate("--tolerance", "7%", status=1, GATE_BUILD="cc -O1 -o other program.c",
                GATE_RUN="{}/other '&|' {}/program.c %s", GATE_OUTPUT="the report")
    assert "regressed" in said
    assert reports("the report") == REPORT
    written = json.loads(Path("the report/gate.json").read_text())
    assert written["tolerance"] == 0.07
    for letter, side in written["sides"].items():
        program, words = side["name"].split(" ", 1)
        folder = program.removesuffix(f"/{letter}/other")
        assert folder != program and words == f"'&|' {folder}/{letter}/program.c %s", side


@case
def unchanged():
    """gate.sh: a head that is the same passes, in place of an earlier report"""
    repository(FAST, FAST)
    Path("gate").mkdir()
    Path("gate/gate.json").write_text("{}")
    assert "unchanged" in gate(status=0)
    assert json.loads(Path("gate/gate.json").read_text())["verdict"] == "pass"


@case
def does_not_build():
    """gate.sh: a head that does not build is named, with what the compiler said, and no report stays"""
    repository(FAST, "no program")
    Path("gate").mkdir()
    Path("gate/gate.md").write_text("of an earlier gate")
    said = gate(status=2)
    assert "'HEAD' does not build: 'make' failed" in said and "program.c:1" in said, said
    assert not reports()


@case
def fails():
    """gate.sh: a head that fails has status 3"""
    repository(FAST, "int main(void)\n{\n\treturn 1;\n}\n")
    gate(status=3)


@case
def names():
    """gate.sh: the report names revisions, hashes and the head's subject, not only folders that are gone"""
    repository(FAST, FAST)
    first, last = (command("git", "rev-parse", "--short", name).strip() for name in ("HEAD^1", "change"))
    gate(status=0, revisions=(first, "change"))
    title = f"change {last} 'change' against {first}"
    written = json.loads(Path("gate/gate.json").read_text())
    assert f"{written['sides']['b']['title']} against {written['sides']['a']['title']}" == title, written["sides"]
    assert title in Path("gate/gate.md").read_text()


@case
def changed_tree():
    """gate.sh: what is not committed is not gated, which is said"""
    repository(FAST, FAST)
    assert "warning" not in gate(status=0)
    Path("program.c").write_text(SLOW)
    assert "warning: what is not committed here, such as 'program.c'" in gate(status=0)


@case
def odd_folders():
    """gate.sh: a temporary folder with a blank, and git's variables of a hook"""
    repository(FAST, FAST)
    Path("a b").mkdir()
    said = gate(status=0, TMPDIR=str(Path("a b").absolute()), GIT_DIR="nowhere", GIT_INDEX_FILE=str(Path("i").absolute()))
    assert "/tmp instead" in said and not list(Path("a b").iterdir()) and not Path("i").exists(), said


@case
def private_temporary_folder():
    """gate.sh: a build has a temporary folder of its own"""
    repository(FAST, FAST)
    here = Path("tmp").absolute()
    gate(status=0, GATE_BUILD=f'[ "$TMPDIR" != "{here}" ] && [ -z "$(ls -A "$TMPDIR")" ] && make')


@case
def absent_files():
    """gate.sh: submodules are checked out; a file that is only a pointer of Git LFS is named"""
    Path("other").mkdir()
    os.chdir("other")
    command("git", "init", "-q")
    commit(FAST)
    os.chdir("..")
    Path("main").mkdir()
    os.chdir("main")
    repository(FAST, FAST)
    command("git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(Path("../other").absolute()), "part")
    Path("large").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    commit(FAST)
    said = gate(status=0, GATE_BUILD="[ ! -e large ] || cp part/program.c . && make", GIT_ALLOW_PROTOCOL="file",
                PATH=f"{without_lfs()}:{os.environ['PATH']}")
    assert said.count("'large' of 'HEAD' is not its file") == 1 and "'HEAD^1'" not in said.replace("building 'HEAD^1'", "")
    said = gate(status=2, GIT_ALLOW_PROTOCOL="none")
    assert "cannot check out the submodules of 'HEAD'" in said and "not allowed" in said, said


def without_lfs():
    executable(Path("bin/git-lfs"), "exit 1\n")
    return Path("bin").absolute()


@case
def gits_reasons():
    """gate.sh: a shallow clone and a repository that git does not trust: why, and the way out"""
    repository(FAST, FAST)
    command("git", "clone", "-q", "--depth", "1", f"file://{os.getcwd()}", "shallow")
    said = gate(status=2, GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert "dubious ownership" in said and "safe.directory" in said, said
    os.chdir("shallow")
    assert "shallow clone: in CI fetch-depth: 0" in gate(status=2)


def ended_by(number):
    repository(FAST, FAST)
    process = begun(SLEEPS)
    process.send_signal(number)
    assert process.wait(timeout=30) == 128 + number
    assert left_nothing() and not tap.processes_of(process.marker)


for a_signal in [signal.SIGHUP, signal.SIGINT, signal.SIGTERM]:
    case_of(f"gate.sh: {a_signal.name} while it measures: status, and nothing is left", ended_by, a_signal)


@case
def hung_up_while_building():
    """gate.sh: SIGHUP while it builds: nothing is left, no compiler either"""
    repository(FAST, FAST)
    executable(Path("fake"), "")
    process = tap.start("HEAD^1", "HEAD", program=ROOT / "ci/gate.sh",
                        env={**ENVIRONMENT, **settings(BENCH="./fake", GATE_BUILD=f"touch {os.getcwd()}/runs; sleep 1000; true")})
    tap.wait_for(Path("runs").exists)
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=30) == 129
    assert left_nothing()
    tap.wait_for(lambda: not tap.processes_of(process.marker), 20)


@case
def killed():
    """gate.sh: after kill -9 its bench ends, too, and a second start works"""
    repository(FAST, FAST)
    process = begun(SLEEPS)
    process.kill()
    process.wait()
    tap.wait_for(lambda: not tap.processes_of(process.marker), 20)
    command(ROOT / "ci/gate.sh", "HEAD^1", "HEAD", "--no-plots", env=settings())


@case
def two_at_once():
    """gate.sh: a second one into the output folder of one that measures is refused, which goes on"""
    repository(FAST, FAST)
    process = begun(f"echo $$ >runs; exec flock gate sleep 1000")
    said = command(ROOT / "ci/gate.sh", "HEAD^1", "HEAD", status=2, env=settings())
    assert "another gate writes to 'gate'" in said and process.poll() is None, said
    process.terminate()
    process.wait()


@case
def no_verdict():
    """gate.sh: status 0 of a bench that wrote no gate is no verdict"""
    repository(FAST, FAST)
    executable(Path("fake"), "exit 0\n")
    assert "there is no verdict" in gate(status=2, BENCH=str(Path("fake").absolute()))


@case
def wrong_usage():
    """gate.sh: what is missing is named"""
    repository(FAST, FAST)
    script = str(ROOT / "ci/gate.sh")
    assert "usage" in command(script, "HEAD", status=2)
    assert "GATE_RUN" in command(script, "HEAD", "HEAD", status=2)
    env = {"GATE_RUN": "{}/program", "BENCH": tap.BENCH}
    assert "no revision 'nowhere'" in command(script, "nowhere", "HEAD", status=2, env=env)
    assert "BENCH" in command(script, "HEAD", "HEAD", status=2, env={**env, "BENCH": "./none"})


# ---- The workflows ----

def workflow(path):
    """The one job of a workflow."""
    if not yaml:
        raise Skip("no python3-yaml")
    return yaml.safe_load(Path(path).read_text())["jobs"].popitem()[1]


def play(job, status=0, **env):
    """Runs the steps of a job as GitHub's runner does, up to one that fails. Returns what they said."""
    said = ""
    env = {**job.get("env", {}), "GITHUB_STEP_SUMMARY": "summary", "GITHUB_REPOSITORY": "we/project", **env}
    steps = [step for step in job["steps"] if "run" in step]
    for number, step in enumerate(steps, 1):
        last = number == len(steps)
        said += command("bash", "-e", "-c", step["run"], status=status if last else 0, env=env)
    return said


def is_sound(path):
    text = path.read_text()
    job = workflow(path)
    whole = yaml.safe_load(text)
    assert "permissions" in whole and "concurrency" in whole and job["timeout-minutes"] <= 60
    for step in job["steps"]:
        assert set(step) <= {"name", "if", "uses", "with", "env", "run"}, step
        assert ("uses" in step) != ("run" in step), step
        if "uses" in step:
            assert step["uses"].startswith("actions/") and step["uses"].rpartition("@v")[2].isdigit(), step
            if "checkout" in step["uses"]:
                assert step["with"]["persist-credentials"] is False, step
            continue
        assert "${{" not in step["run"], f"what others wrote gets into a shell: {step['name']}"
        Path("step.sh").write_text(step["run"])
        command("bash", "-n", "step.sh")
        if shutil.which("shellcheck"):
            command("shellcheck", "-s", "bash", "step.sh")


for found in WORKFLOWS:
    case_of(f"{found.name}: permissions, limits and shell are sound", is_sound, found)


def launcher(path):
    """Makes a fake launcher of a checkout of bench: it builds nothing and runs the program of this test, also in the place
    of a revision of bench that the gate would have to build."""
    executable(Path(path), f"""
for argument; do
	shift
	case $argument in
	--yes) continue ;;
	HEAD^1) argument={tap.BENCH} ;;
	esac
	set -- "$@" "$argument"
done
exec {tap.BENCH} "$@"
""")


def was_told(said, word):
    """The annotation of the gate's status."""
    assert (f"::{word} title=Gate::" in said) if word else "::" not in said, said


def any_project(base, head, status, word):
    repository(base, head)
    launcher(".bench/bench")
    Path(".bench/ci").symlink_to(ROOT / "ci")
    job = workflow(ROOT / "ci/github.yml")
    said = play(job, status)
    was_told(said, word)
    assert Path("summary").read_text() == Path("gate/gate.md").read_text()
    assert reports(job["steps"][-1]["with"]["path"]) == REPORT


case_of("github.yml: a slower program fails", any_project, FAST, SLOW, 1, "error")
case_of("github.yml: the same program passes", any_project, FAST, FAST, 0, None)


@case
def bench_itself():
    """github-bench.yml: the same build passes, with the report"""
    launcher("bench")
    job = workflow(ROOT / "ci/github-bench.yml")
    was_told(play(job), None)
    assert Path("summary").read_text() == Path("gate/gate.md").read_text()
    assert reports(job["steps"][-1]["with"]["path"]) == REPORT


def bench_status(name, script):
    """Every status of the gate, also without a report: then 0 is no verdict."""
    report = "mkdir -p gate; echo {} >gate/gate.json; "
    for ends_so, status, ends, word in [("", 0, 2, "error"), (report, 0, 0, None), ("", 1, 1, "error"), ("", 2, 2, "error"),
                                        ("", 3, 3, "error"), ("", 4, 0, "warning")]:
        shutil.rmtree("gate", ignore_errors=True)
        executable(Path(script), f'[ "$1" != gate ] && [ "$1" != "HEAD^1" ] || {{ {ends_so}exit {status}; }}\n')
        executable(Path(".bench/bench"), "")
        was_told(play(workflow(ROOT / "ci" / name), ends), word)


case_of("github.yml: each status of the gate has its annotation", bench_status, "github.yml", ".bench/ci/gate.sh")
case_of("github-bench.yml: each status of the gate has its annotation", bench_status, "github-bench.yml", "bench")


# ---- The comment ----

GH = """
echo "$*" >>calls
case "$*" in
"run download "*) [ -e report ] && mkdir -p gate && cp report gate/gate.md ;;
*/pulls*) cat pulls ;;
*--paginate*) cat comments ;;
*) cp comment.md posted ;;
esac
"""
EVENT = {"RUN_ID": "7", "RUN_URL": "https://example.org/7", "HEAD_OWNER": "they", "HEAD_BRANCH": "a'$(b)",
         "HEAD_SHA": "abc", "GH_TOKEN": "t"}


def comment(comments, pulls=({"number": 3, "head": {"sha": "old"}}, {"number": 5, "head": {"sha": "abc"}})):
    """Plays the workflow; returns how `gh` was called and the comment, if one was made."""
    if not shutil.which("jq"):
        raise Skip("no jq")
    for name in ["calls", "posted"]:
        Path(name).unlink(missing_ok=True)
    executable(Path("bin/gh"), GH)
    Path("pulls").write_text(json.dumps(pulls))
    Path("comments").write_text("".join(json.dumps(page) for page in comments))
    play(workflow(ROOT / "ci/github-comment.yml"), PATH=f"{os.getcwd()}/bin:{os.environ['PATH']}", **EVENT)
    return Path("calls").read_text(), Path("posted").read_text() if Path("posted").exists() else None


def by(number, login, body):
    return {"id": number, "user": {"login": login}, "body": body}


@case
def first_comment():
    """github-comment.yml: the first report becomes a comment on the pull request whose head it judges"""
    Path("report").write_text("**pass**\n")
    calls, posted = comment([[by(1, "they", "<!-- bench gate -->")], [by(2, "github-actions[bot]", "other")]])
    assert "--method POST repos/we/project/issues/5/comments" in calls, calls
    assert "head=they:a'$(b)" in calls, calls
    assert posted.startswith("<!-- bench gate -->\n**pass**\n"), posted
    assert "abc" in posted and EVENT["RUN_URL"] in posted


@case
def later_comment():
    """github-comment.yml: later ones update it"""
    Path("report").write_text("**regressed**\n")
    _, first = comment([[]])
    calls, posted = comment([[by(1, "they", "x")], [by(9, "github-actions[bot]", first)]])
    assert "--method PATCH repos/we/project/issues/comments/9" in calls and "POST" not in calls, calls
    assert "**regressed**" in posted


@case
def no_report():
    """github-comment.yml: a gate without a report replaces the comment of an earlier one"""
    calls, posted = comment([[by(9, "github-actions[bot]", "<!-- bench gate -->\n**pass**")]])
    assert "PATCH" in calls and "no verdict" in posted


@case
def link_as_report():
    """github-comment.yml: a link in the place of the report is not followed"""
    Path("secret").write_text("secret")
    Path("gate").mkdir()
    Path("gate/gate.md").symlink_to("../secret")
    _, posted = comment([[]])
    assert "secret" not in posted and "no verdict" in posted


@case
def outdated():
    """github-comment.yml: where no open pull request has that head, nothing is said"""
    calls, posted = comment([[]], pulls=[{"number": 3, "head": {"sha": "old"}}])
    assert posted is None and "issues" not in calls, calls


tap.main()
