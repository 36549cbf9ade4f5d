"""Sums over CSV records, by the csv module; which records are malformed: workloads/parts/records.h."""
import csv
import re
import struct

from workloads.inputs import input_files

COLUMNS = ["id", "region", "units", "price"]
LENGTH, QUOTE, FIELDS, NUMBER, REGION = range(5)  # what is wrong with a record
GROUPS, MOST, MOST_ID, MOST_LINE, MOST_REGION = 32, 10 ** 9, 10 ** 18, 4096, 31
FIELD = rb'(?:[^",]*|"(?:[^"]|"")*")'
QUOTED = re.compile(FIELD + rb"(?:," + FIELD + rb")*", re.DOTALL)
PRICE = re.compile(r"([0-9]+)(?:\.([0-9]{1,2}))?")

files = []


def open_workload(job):
    global files
    if job.parameters.io != "file":
        return "the program for transform reads files: io=file"
    files = input_files(job, "transform-v1")
    return None


def whole(text, most):
    return int(text) if text.isascii() and text.isdigit() and int(text) <= most else None


def cents_of(text):
    match = PRICE.fullmatch(text)
    if not match:
        return None
    cents = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    return cents if cents <= 100 * MOST else None


def parse(line):
    """Region, units and cents of a record, or what is wrong with it."""
    if len(line) > MOST_LINE:
        return LENGTH
    if b'"' in line and not QUOTED.fullmatch(line):
        return QUOTE
    fields = next(csv.reader([line.decode("latin-1")]))
    if len(fields) != len(COLUMNS):
        return FIELDS
    number, region, units, cents = whole(fields[0], MOST_ID), fields[1], whole(fields[2], MOST), cents_of(fields[3])
    if number is None or units is None or cents is None:
        return NUMBER
    if not 0 < len(region) <= MOST_REGION:
        return REGION
    return region, units, cents


def work(item):
    malformed, groups = [0] * 5, {}
    with open(files[item % len(files)], "rb") as file:
        lines = [line[:-1] if line.endswith(b"\r") else line for line in file.read().split(b"\n")]
    if lines and lines[0].removeprefix(b"\xef\xbb\xbf") == ",".join(COLUMNS).encode():
        lines.pop(0)
    for line in filter(None, lines):
        record = parse(line)
        if isinstance(record, int):
            malformed[record] += 1
            continue
        region, units, cents = record
        name = region if region in groups or len(groups) < GROUPS else None
        group = groups.setdefault(name, [0, 0, 0])
        group[0] += 1
        group[1] += units
        group[2] += cents
    return malformed, groups


def output(item, result):
    malformed, groups = result
    others = groups.pop(None, [0, 0, 0])
    rows = [(name.encode("latin-1"), *sums) for name, sums in groups.items()]
    rows += [(b"", 0, 0, 0)] * (GROUPS - len(rows)) + [(b"", *others)]
    valid = sum(row[1] for row in rows)
    return struct.pack("=Q5QQ", valid, *malformed, len(groups)) + b"".join(struct.pack("=32s3Q", *row) for row in rows)
