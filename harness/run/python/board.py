"""The board: memory that bench and all workers share, where each worker writes down what it does.

A worker has a slot of words of 64 bits, laid out as `struct board_slot` in harness/run/python/board.h.
It is mapped before any worker is forked; enter() gives each worker a slot. What a task costs more for
that: `stamped` 1 us, `sampled` 0.1 us, measured in an item that does nothing.
"""
import ctypes
import mmap
import multiprocessing
import os
import resource
import threading
from multiprocessing import connection, context, popen_fork, util
from time import monotonic_ns, thread_time_ns

WAY, PROBE_EVERY, CLOCK_COST = range(3)  # words of the head
(PID, TID, ALIVE, ITEM, ENDED, TERMINATED, ITEMS, ENTERED, FIRST, LAST, BODY, SPAWN, PROBED_BODY, PROBED_CPU,
 PROBED_QUEUE, PROBED_STOLEN, LOST_PID, LOST_ITEM, LOST_ENDED, FAILED, MEMORY) = range(21)  # words of a slot
HEAD_BYTES, SLOT_BYTES = 128, 768
BOUND_TO, BOUND_BYTES = 256, 128  # in a slot: where, how many bytes
WHY, WHY_BYTES = 384, 384
NONE = -1  # no item
BEGINNING = -2  # instead of an item: what failed is not an item, but the worker before its first one
GROUP = 64  # cheap items of which one is stamped

here = threading.local()  # .slot and .schedstat of the worker that runs in this thread
head = marks = work = claiming = None
slots, bind, processes, tied = [], None, True, True


def open_board(fd, work_of_an_item, job, are_processes):
    """Before any worker exists."""
    global head, marks, work, bind, processes, tied, claiming
    workers, items = job.workers, job.items
    claiming = multiprocessing.Lock()
    size = HEAD_BYTES + workers * SLOT_BYTES + items
    view = memoryview(mmap.mmap(fd, size))
    head = view[:HEAD_BYTES].cast("q")
    for worker in range(workers):
        slots.append(view[HEAD_BYTES + worker * SLOT_BYTES:][:SLOT_BYTES])
    marks = view[HEAD_BYTES + workers * SLOT_BYTES:]
    work, bind, processes = work_of_an_item, job.bind, are_processes
    tied = processes and not job.recycle
    context.ForkProcess._Popen = staticmethod(Popen)
    head[CLOCK_COST] = min(-(monotonic_ns() - monotonic_ns()) for _ in range(1000))


class Popen(popen_fork.Popen):
    """Writes down how a worker ended, which only its parent is told, and which workers the pool ends itself."""

    def poll(self, flag=os.WNOHANG):
        known = self.returncode
        code = super().poll(flag)
        if code and known is None:
            write_down(self.pid, ENDED, code)
        return code

    def terminate(self):
        if self.returncode is None and not connection.wait([self.sentinel], 0):  # what ends closes it a while before
            write_down(self.pid, TERMINATED, self.pid)
        super().terminate()


def write_down(pid, word, value):
    """In the slot of the worker that is this process, if it has one."""
    for slot in slots:
        words = slot.cast("q")
        if words[PID] == pid:
            words[word] = value


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def claim():
    """The slot of nobody, or of one who has died and is replaced."""
    for number, slot in enumerate(slots):
        words = slot.cast("q")
        if words[ALIVE] and (not processes or is_alive(words[PID])):
            continue
        if words[ALIVE]:
            words[LOST_ITEM], words[LOST_ENDED], words[LOST_PID] = words[ITEM], words[ENDED], words[PID]
        return number, words
    raise RuntimeError("there are more workers than were asked for")


def enter():
    """The first thing that a worker does."""
    entered = monotonic_ns()
    if tied:  # those that Pool makes in place of others are forked by a thread of it, which ends before them
        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL: ends with the one that forked it
    with claiming:
        here.number, here.slot = claim()
        here.slot[ITEM], here.slot[ENDED] = NONE, 0
        here.slot[PID], here.slot[TID] = os.getpid(), threading.get_native_id()
        here.slot[ALIVE] = 1
    try:
        settle(here.number, here.slot, entered)
    except Exception as error:  # a pool would replace this worker for ever
        fail(BEGINNING, error)
        raise


def settle(number, words, entered):
    if words[LAST]:
        words[SPAWN] += entered - words[LAST]
    elif not words[ENTERED]:
        words[ENTERED] = entered
    if bind:
        try:
            os.sched_setaffinity(0, bind[number])
        except OSError:
            pass  # read back here, seen there
    mask = sum(1 << processor for processor in os.sched_getaffinity(0))
    slots[number][BOUND_TO:BOUND_TO + BOUND_BYTES] = mask.to_bytes(BOUND_BYTES, "little")
    here.schedstat = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
    if processes:
        util.Finalize(None, leave, exitpriority=100)


def kib(file, *keys):
    """The sum of the values that these keys have in /proc/self/FILE."""
    fd = os.open(f"/proc/self/{file}", os.O_RDONLY)
    try:
        lines = os.read(fd, 8192).decode(errors="replace").splitlines()
    finally:
        os.close(fd)
    return sum(int(line.split()[1]) for line in lines if line.startswith(keys))


def memory():
    """The peak of the memory that this process has for itself, in bytes, as harness/base/proc.h has it; 0: not known."""
    try:
        now = kib("smaps_rollup", "Private_Clean:", "Private_Dirty:")
        return (now + max(0, kib("status", "VmHWM:") - kib("status", "VmRSS:"))) * 1024
    except (OSError, ValueError):
        return 0


def leave():
    """The last thing that a worker process does, unless it dies."""
    if head[WAY] == MARKED:
        here.slot[MEMORY] = max(here.slot[MEMORY], memory())
    here.slot[ALIVE] = 0


def fail(item, error):
    text = f"{type(error).__name__}: {error}".splitlines()[0].encode(errors="replace")[:WHY_BYTES - 1]
    slots[here.number][WHY:WHY + len(text) + 1] = text + b"\0"
    here.slot[FAILED] = item + 1


def probe():
    """CPU time of this thread, its time in the run queue, its voluntary switches. About 5 us."""
    queue = int(os.pread(here.schedstat, 64, 0).split()[1])
    return queue, resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw, thread_time_ns()


def probed_work(slot, task):
    """work(task), with the kernel's readings around it, whose own time is no part of the body."""
    since = monotonic_ns()
    queue, switches, cpu = probe()
    begin = monotonic_ns()
    result = work(task)
    body = monotonic_ns() - begin
    cpu = thread_time_ns() - cpu
    queue_after, switches_after, _ = probe()
    slot[PROBED_BODY] += body
    slot[PROBED_CPU] += cpu
    slot[PROBED_QUEUE] += queue_after - queue
    if switches_after == switches:
        slot[PROBED_STOLEN] += body - cpu - (queue_after - queue)
    slot[BODY] += body - (monotonic_ns() - since)
    return result


def stamped(task):
    """work(task), written down."""
    slot = here.slot
    slot[ITEM] = item = task if type(task) is int else task[0]
    probed = slot[ITEMS] % head[PROBE_EVERY] == 0
    begin = monotonic_ns()
    try:
        result = probed_work(slot, task) if probed else work(task)
    except BaseException as error:
        fail(item, error)
        raise
    end = monotonic_ns()
    if not slot[FIRST]:
        slot[FIRST] = begin
    slot[LAST] = end
    slot[BODY] += end - begin
    slot[ITEMS] += 1
    slot[ITEM] = NONE
    return result


def marked(task):
    """stamped(task) in the warm-up round: each item must be executed exactly once."""
    item = task if type(task) is int else task[0]
    if marks[item] < 2:
        marks[item] += 1
    return stamped(task)


def sampled(task):
    """work(task) without a payload, of which one in a group is written down and stands for it."""
    if task % GROUP:
        return work(task)
    return stamped(task)


def plain(task):
    return work(task)


WAYS = [marked, stamped, sampled, plain]  # by head[WAY], as `enum stamping` of harness/run/python/board.h
MARKED, STAMPED, SAMPLED, PLAIN = range(4)


def apart(*task):
    """For starmap, where the arguments of a task come one by one."""
    return WAYS[head[WAY]](task if len(task) > 1 else task[0])


def numbered(task):
    """For imap_unordered, where nobody knows whose result it is."""
    return task if type(task) is int else task[0], WAYS[head[WAY]](task)
