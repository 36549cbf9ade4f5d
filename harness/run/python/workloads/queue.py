"""Messages: multiprocessing.Queue. Each worker puts and takes batches in turn, as workloads/queue.c says."""
import struct
from multiprocessing import Queue, Value

queue = tickets = taken = None
messages = batch = items = 0
content = b""


def open_workload(job):
    global queue, tickets, taken, messages, batch, items, content
    if job.parameters.kind != "lock":
        return f"multiprocessing.Queue has no kind={job.parameters.kind}: it has a lock"
    messages, batch, items = int(job.parameters.messages), int(job.parameters.batch), job.items
    content = bytes(int(job.parameters.size))
    queue, tickets, taken = Queue(int(job.parameters.capacity)), Value("Q"), Value("Q")
    return None


def draw():
    with tickets.get_lock():
        tickets.value += 1
        return tickets.value - 1


def work(item):
    right = 0
    for _ in range(2 * messages // batch):
        if draw() % 2 == 0:
            for _ in range(batch):
                queue.put(content)
        else:
            for _ in range(batch):
                right += queue.get() == content
    with taken.get_lock():
        taken.value += right
    return 2 * messages


def output(item, result):
    return struct.pack("=Q", result)


def begin():
    tickets.value = taken.value = 0


def settle():
    due, found = items * messages, taken.value
    return None if found == due else f"{found} of {due} messages came through", {"messages": due}
