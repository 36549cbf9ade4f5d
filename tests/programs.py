#!/usr/bin/env python3
"""Makes the folder that is PATH for the tests: programs.py FOLDER PACKAGES [PROGRAM...].

It has links to those programs of PATH that a machine has which was a minimal Debian, and has got what the file PACKAGES
lists and no more; so a test fails that calls another one, before it fails on such a machine. PROGRAMs, such as the
compiler that was chosen, are linked whatever they belong to, and so are all where there is no dpkg.
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

FIELDS = ["binary:Package", "Package", "db:Status-Status", "Essential", "Priority", "Pre-Depends", "Depends", "Provides"]


def names_in(field):
    """The packages of a field such as Depends, alternatives among them, without versions and architectures."""
    return [re.split(r"[ :(]", word.strip())[0] for word in re.split(r"[,|]", field) if word.strip()]


def installed_packages():
    """Each a dict of its fields; None: there is no dpkg."""
    template = "\\t".join(f"${{{field}}}" for field in FIELDS) + "\\n"
    if not shutil.which("dpkg-query"):
        return None
    lines = subprocess.run(["dpkg-query", "-W", "-f", template], check=True, capture_output=True, text=True).stdout
    packages = [dict(zip(FIELDS, line.split("\t"))) for line in lines.splitlines()]
    return [package for package in packages if package["db:Status-Status"] == "installed"]


def brought(packages, listed):
    """Those that are listed, or of a minimal Debian, or that one of these depends on."""
    by_name = {}
    for package in packages:
        for name in [package["Package"], *names_in(package["Provides"])]:
            by_name.setdefault(name, []).append(package)
    wanted = [*listed, "apt"] + [package["Package"] for package in packages
                                 if package["Essential"] == "yes" or package["Priority"] == "required"]
    found = {}
    while wanted:
        for package in by_name.get(wanted.pop(), []):
            if package["binary:Package"] not in found:
                found[package["binary:Package"]] = package
                wanted += names_in(package["Pre-Depends"]) + names_in(package["Depends"])
    return list(found)


def plain(path):
    """/usr/bin and /bin are the same folder."""
    return str(path).removeprefix("/usr")


def files_of(packages):
    out = subprocess.run(["dpkg-query", "-L", *packages], check=True, capture_output=True, text=True).stdout
    return {plain(line) for line in out.splitlines() if "bin/" in line}


def programs():
    """All of PATH: the first of each name."""
    found = {}
    for folder in os.get_exec_path():
        for path in Path(folder).glob("*"):
            if os.access(path, os.X_OK) and path.is_file():
                found.setdefault(path.name, []).append(path)
    return found


def allowed(path, files):
    """A link, such as those of update-alternatives, belongs to what it leads to."""
    return files is None or plain(path) in files or plain(path.resolve()) in files


def main():
    folder, listed, chosen = Path(sys.argv[1]), Path(sys.argv[2]).read_text(), sys.argv[3:]
    packages = installed_packages()
    names = [line.split()[0] for line in listed.splitlines() if line and line[0] != "#"]
    files = None if packages is None else files_of(brought(packages, names))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, paths in programs().items():
        path = next((path for path in paths if name in chosen or allowed(path, files)), None)
        if path:
            (folder / name).symlink_to(path)
    for path in filter(os.path.isabs, chosen):
        if not (folder / Path(path).name).exists():
            (folder / Path(path).name).symlink_to(path)
    Path(f"{folder}.stamp").touch()


main()
