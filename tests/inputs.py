"""Input folders: what a user may point --input at, by mistake or with names as they are."""
import os
import subprocess
from pathlib import Path

from tap import BENCH, Skip, bench, case, cells, main, python_with, run, validate

QUICK = ["--mode", "pool", "--workers", "2", "--rounds", "1", "--invocations", "1"]
HOSTILE = ["-rf.jpg", "a b.jpg", "it's.JPG", 'say "hi".jpeg', "$(touch pwned).jpg", "`touch pwned`.jpg", "new\nline.jpg",
           "<script>alert(1)</script>.jpg".replace("/", "_"), "tab\t.jpg", "%s%n.jpg", "ünï.jpg", ";touch pwned.jpg"]


def jpeg():
    """A real picture: one of those that bench makes for itself."""
    bench("--workload", "resize", "--items", "1", *QUICK, "--no-plots", "--output", "first",
          env={"XDG_CACHE_HOME": str(Path("cache").absolute())})
    return sorted(Path("cache/bench").glob("*/*.jpg"))[0].read_bytes()


def pictures(names, content=None):
    content = content or jpeg()
    Path("pics").mkdir()
    for name in names:
        Path("pics", name).write_bytes(content)
    return content


@case
def missing_folder():
    """a folder that is not there is named"""
    _, err = bench("--workload", "resize", *QUICK, "--input", "nowhere", "--output", "out", status=2)
    assert "nowhere" in err and "No such file or directory" in err, err
    assert not Path("out").exists(), "an output folder was left behind"


@case
def empty_folder():
    """an empty folder is named"""
    Path("pics").mkdir()
    _, err = bench("--workload", "resize", *QUICK, "--input", "pics", "--output", "out", status=2)
    assert "pics" in err, err


@case
def not_a_folder():
    """a file instead of a folder is named"""
    Path("pics").write_text("no folder")
    _, err = bench("--workload", "resize", *QUICK, "--input", "pics", "--output", "out", status=2)
    assert "pics" in err and "Not a directory" in err, err


@case
def nothing_usable():
    """files that are not JPEG are left out by name; none left is status 2"""
    Path("pics").mkdir()
    Path("pics/a.jpg").write_text("this is text")
    Path("pics/b.JPEG").write_bytes(b"")
    _, err = bench("--workload", "resize", *QUICK, "--input", "pics", "--output", "out", status=2)
    assert "a.jpg" in err and "b.JPEG" in err, err


@case
def some_unusable():
    """text, a truncated picture and one of absurd dimensions are left out, named, and a doubt"""
    content = pictures(["good.jpg", "other.JPG"])
    Path("pics/text.jpg").write_text("this is text")
    Path("pics/cut.jpg").write_bytes(content[:len(content) // 2])
    at = content.index(b"\xff\xc0") + 5
    Path("pics/huge.jpg").write_bytes(content[:at] + b"\xff\xdc\xff\xdc" + content[at + 4:])
    Path("pics/readme.txt").write_text("not looked at")
    Path("pics/folder.jpg").mkdir()
    _, err = bench("--workload", "resize", *QUICK, "--input", "pics", "--no-plots", "--output", "out")
    for name in ["text.jpg", "cut.jpg", "huge.jpg"]:
        assert name in err, err
    assert "readme" not in err
    result = validate("out")
    for cell in result["cells"]:
        assert cell["items"] == 2 and cell["status"] == "ok", cell["failure"]
        assert "inputs_skipped" in [doubt["code"] for doubt in cell["doubts"]]


LEFT_OUT = {"12-bit": "12", "lossless": "0xc3", "scans": "more than 100 scans", "stray-at-once": "stray bytes"}


def resized(mode, keep):
    """Makes the pictures of every kind smaller; returns the names that are left out, each with its line, and the run."""
    out = f"out-{mode}"
    _, err = bench("--workload", "resize", "-p", "size=32x32", "-p", f"keep={keep}", "--input", "pics", *QUICK[2:], "--mode",
                   mode, "--no-plots", "--output", out)
    return {line.split("'")[1][:-4]: line for line in err.splitlines() if "left out" in line}, validate(out)


@case
def kinds_of_pictures():
    """grey, CMYK, progressive, turned by EXIF: taken; lossless, 12 bits, a thousand scans, stray bytes: left out and named"""
    Path("pics").mkdir()
    subprocess.run([os.environ["BENCH_PICTURES"], "pics"], check=True)
    skipped, result = resized("pool", "ours")
    assert skipped.keys() == LEFT_OUT.keys(), skipped
    for name, words in LEFT_OUT.items():
        assert words in skipped[name], skipped[name]
    for cell in result["cells"]:
        assert cell["status"] == "ok" and cell["items"] == 10, cell
    taken = {path.name for path in Path("pics").iterdir()} - {f"{name}.jpg" for name in LEFT_OUT}
    assert {path.name for path in Path("ours").iterdir()} == taken


SAME_PICTURES = """
import pathlib
from PIL import Image, ImageChops, ImageStat
for path in pathlib.Path("ours").iterdir():
    ours, theirs = Image.open(path), Image.open(pathlib.Path("theirs", path.name))
    assert ours.mode == theirs.mode == "RGB" and ours.size == theirs.size == (32, 32), (path, ours, theirs)
    apart = ImageStat.Stat(ImageChops.difference(ours, theirs)).mean
    assert max(apart) < 4, (path, apart)
    for picture in ours, theirs:
        left, right = (sum(picture.getpixel((x, 16))) for x in (4, 28))
        assert left > 4 * right, (path, left, right)
"""


@case
def same_pictures():
    """CPython takes the same files, and makes the same pictures of them: RGB, upright as the pixels lie"""
    python = python_with("PIL")
    if not python:
        raise Skip("no python3 here has Pillow")
    Path("pics").mkdir()
    subprocess.run([os.environ["BENCH_PICTURES"], "pics"], check=True)
    skipped, _ = resized("pool", "ours")
    same_skipped, result = resized("python_pool", "theirs")
    assert skipped == same_skipped
    for cell in result["cells"]:
        assert cell["status"] == "ok", (cell["id"], cell["failure"], cell["reason"])
    subprocess.run([python, "-c", SAME_PICTURES], check=True)


@case
def hostile_names():
    """names with spaces, quotes, newlines, $() and leading dashes are only names"""
    pictures(HOSTILE)
    bench("--workload", "resize", *QUICK, "--input", "pics", "-p", "keep=kept", "--output", "out")
    kept = sorted(path.name for path in Path("kept").iterdir())
    assert kept == sorted(HOSTILE), set(kept) ^ set(HOSTILE)
    assert not Path("pwned").exists() and not Path("out/pwned").exists()
    validate("out")


@case
def hostile_folder():
    """hostile names of folders are only names, in the report too"""
    name = "<script>alert(1)<&'\"`$(touch pwned)\n-x"
    pictures(["a.jpg"])
    Path("pics").rename(name)
    out = "out<script>'\"$(touch pwned)"
    bench("--workload", "resize", *QUICK, "--input", name, "--output", out)
    assert not list(Path(".").rglob("pwned"))
    for page in Path(".").rglob("report.html"):
        assert "<script" not in page.read_text()
    assert Path(out, "speedup.png").stat().st_size > 500
    validate(out)


@case
def output_into_input():
    """an output folder that is the input folder is refused"""
    pictures(["a.jpg"])
    _, err = bench("--workload", "resize", *QUICK, "--input", "pics", "-p", "keep=pics", "--output", "out", status=2)
    assert "pics" in err, err
    assert [path.name for path in Path("pics").iterdir()] == ["a.jpg"]


@case
def nothing_kept():
    """without keep, no output picture is left"""
    pictures(["a.jpg"])
    bench("--workload", "resize", *QUICK, "--input", "pics", "--no-plots", "--output", "out")
    assert [path.name for path in Path("out").iterdir() if path.suffix != ".html" and path.suffix != ".md"] == ["run.json"]


@case
def unwritable_cache():
    """where the cache cannot be written, the run's own folder serves"""
    Path("file").write_text("")
    result = run("--workload", "hash", "--items", "2", *QUICK, env={"XDG_CACHE_HOME": str(Path("file/cache").absolute())})
    assert all(cell["status"] == "ok" for cell in result["cells"])


@case
def damaged_cache():
    """a damaged input of the cache is made again"""
    cache = {"XDG_CACHE_HOME": str(Path("cache").absolute())}
    before = run("--workload", "hash", "--items", "3", *QUICK, env=cache)
    victim = sorted(path for path in Path("cache").rglob("*") if path.stat().st_size == 1 << 20)[0]
    victim.write_bytes(b"\0" * (1 << 20))
    after = run("--workload", "hash", "--items", "3", *QUICK, env=cache)
    digests = [{sample["digest"] for cell in r["cells"] for sample in cell["samples"]} for r in (before, after)]
    assert digests[0] == digests[1]


@case
def two_at_once():
    """two runs that make the same input at once do not disturb each other"""
    import os
    environment = {**os.environ, "XDG_CACHE_HOME": str(Path("cache").absolute())}
    both = [subprocess.Popen([BENCH, "--workload", "hash", "--items", "2", *QUICK, "--no-plots", "--output", f"out{i}"],
                             env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for i in range(2)]
    for process in both:
        assert process.wait(timeout=120) == 0, process.stderr.read()
    digests = {sample["digest"] for i in range(2) for cell in validate(f"out{i}")["cells"] for sample in cell["samples"]}
    assert len(digests) == 1


main()
