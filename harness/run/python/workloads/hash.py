"""SHA-256 of files, read piece by piece."""
import hashlib

from workloads.inputs import input_files

files, piece = [], 0


def open_workload(job):
    global files, piece
    files, piece = input_files(job, "hash-v1"), int(job.parameters.chunk)


def work(item):
    digest = hashlib.sha256()
    with open(files[item % len(files)], "rb", buffering=0) as file:
        while data := file.read(piece):
            digest.update(data)
    return digest.digest()


def output(item, result):
    return result
