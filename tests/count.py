#!/usr/bin/env python3
"""Counts the test cases in meson's log: count.py TESTLOG.json, prints `N passed, N failed`,
before it `N skipped` if any were.

A program that speaks TAP counts once for each of its cases, any other program once. One that ended
badly without a failed case of its own (it crashed, hung or stopped early) counts as one failed.
Exit status 1 if any failed.
"""
import json
import re
import sys

CASE = re.compile(r"(not )?ok\b[^#]*(# *SKIP)?", re.IGNORECASE)
GOOD = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}


def cases(test):
    """How each case of one test program ended."""
    ends = []
    for case in filter(None, map(CASE.match, test.get("stdout", "").splitlines())):
        ends.append("skipped" if case[2] else "failed" if case[1] else "passed")
    end = GOOD.get(test["result"], "failed")
    if not ends or (end == "failed" and "failed" not in ends):
        ends.append(end)
    return ends


def main():
    with open(sys.argv[1], encoding="utf-8") as log:
        ends = [end for line in log for end in cases(json.loads(line))]
    if "skipped" in ends:
        print(f"{ends.count('skipped')} skipped")
    print(f"{ends.count('passed')} passed, {ends.count('failed')} failed")
    return 1 if "failed" in ends else 0


if __name__ == "__main__":
    sys.exit(main())
