"""Nothing.

A workload has work(item), or work((item, payload)) when it has a payload(item). Optional: open_workload(job),
which returns why it cannot run, or None; output(item, result), the bytes that the workload in C gives, made
outside the time; EXACT = False: other bytes than those of C, right by the workload's check alone; begin()
before a round and settle() after it, which returns what is wrong with what the items share, or None, and a
dict of measures.
"""


def work(item):
    return None
