"""The files that a workload reads, as the workload in C has found them and left them out."""
import os


def input_files(job, name):
    """Their paths. `name`: of the set, as in the workload's source."""
    with open(os.path.join(job.run, name + ".files"), "rb") as file:
        folder, _, *names = file.read().split(b"\0")[:-1]
    return [os.path.join(os.fsdecode(folder), os.fsdecode(file)) for file in names]
