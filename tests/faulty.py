"""CPython's counterpart of the workload in faulty.c, for the faults that it can have, too."""
import os
import signal
import struct

OPENING = 16  # bytes of a line of the file of openings

job, is_on, cell = None, False, 0


def open_workload(own_job):
    global job, is_on, cell
    job = own_job
    with open(os.path.join(job.run, "openings"), "rb") as file:
        lines = file.read()
    is_on = len(lines) // OPENING >= int(job.parameters.__dict__["from"])
    cell = int(lines[-OPENING:])


def go_wrong(fault):
    me = os.getpid()
    if fault in ("kill", "crash", "stop"):
        os.kill(me, {"kill": signal.SIGKILL, "crash": signal.SIGSEGV, "stop": signal.SIGSTOP}[fault])
    elif fault in ("cell", "freeze"):
        os.kill(cell, signal.SIGKILL if fault == "cell" else signal.SIGSTOP)
        signal.pause()
    elif fault in ("exit", "leave"):
        os._exit(7 if fault == "exit" else 0)
    elif fault == "hang":
        signal.pause()
    elif fault == "error":
        raise OSError("an error, as it was told")


def work(item):
    if is_on and item == int(job.parameters.at):
        go_wrong(job.parameters.fault)


def output(item, result):
    answer = bytearray(struct.pack("=I", item) + bytes([item % 251] * 3 + [0]))
    if is_on and item == int(job.parameters.at):
        if job.parameters.fault == "wrong":
            answer[0] ^= 1
        elif job.parameters.fault == "differ":
            answer[7] ^= 1
    return bytes(answer)
