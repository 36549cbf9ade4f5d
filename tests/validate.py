#!/usr/bin/python3
"""Validates result files: validate.py RUN..., each a run.json, a gate.json or the folder of one.

Checks them against results/schema.json or, by their kind, results/gate.schema.json, and that they are JSON in the strict sense: no NaN, no
Infinity, no key twice. Says what is wrong, and ends with 1 if anything is."""

import json
import sys
from pathlib import Path

import jsonschema

RESULTS = Path(__file__).resolve().parent.parent / "results"


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def refuse_twice(pairs):
    keys = [key for key, _ in pairs]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise ValueError(f"a key stands twice: {', '.join(sorted(twice))}")
    return dict(pairs)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse_constant, object_pairs_hook=refuse_twice)


def file_of(path):
    """The result file of a folder, or the file itself."""
    if not path.is_dir():
        return path
    return path / ("gate.json" if (path / "gate.json").exists() else "run.json")


def kind_of(path):
    """The kind that a file names. A run names none, so one that names none counts as a run, and so does one that cannot
    be read: flaws() says why."""
    try:
        return "gate" if read(path).get("kind") == "gate" else "run"
    except (OSError, ValueError, AttributeError):
        return "run"


def flaws(path, validator):
    """What is wrong with a result file, one line each, at most ten."""
    try:
        run = read(path)
    except (OSError, ValueError) as error:
        return [str(error)]
    errors = sorted(validator.iter_errors(run), key=lambda error: [str(step) for step in error.absolute_path])
    return [f"{error.json_path}: {error.message[:200]}" for error in errors[:10]]


def make_validator(kind="run"):
    schema = read(RESULTS / ("schema.json" if kind == "run" else f"{kind}.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def main(names):
    if not names:
        sys.exit(__doc__)
    validators = {kind: make_validator(kind) for kind in ("run", "gate")}
    status = 0
    for name in names:
        path = file_of(Path(name))
        for flaw in flaws(path, validators[kind_of(path)]):
            print(f"{path}: {flaw}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
