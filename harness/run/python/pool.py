"""multiprocessing.Pool, by each of its ways of calling."""
import time
from multiprocessing import Pool

import board

PROCESSES = True


class Crew:
    """The workers of a mode: made before the rounds, or inside them.

    round(work, tasks) does work(task) for all tasks, as the tutorial does. It returns the results in the
    order of tasks, or a dict of them by item, and the time at which the first was there (None: the last).
    """

    def __init__(self, job):
        self.chunk = job.chunk
        self.round = getattr(self, "call_" + (job.call or "map"))
        # a task of the pool is a chunk of items
        tasks = max(1, job.recycle // max(1, job.chunk)) if job.recycle else None
        self.pool = Pool(job.workers, initializer=board.enter, maxtasksperchild=tasks)
        while not all(slot.cast("q")[board.ALIVE] for slot in board.slots):
            time.sleep(0.0002)

    def call_map(self, work, tasks):
        return self.pool.map(work, tasks, chunksize=self.chunk), None

    def call_starmap(self, work, tasks):
        pairs = tasks if isinstance(tasks, list) else ((item,) for item in tasks)
        return self.pool.starmap(board.apart, pairs, chunksize=self.chunk), None

    def call_imap(self, work, tasks):
        stream = self.pool.imap(work, tasks, chunksize=self.chunk)
        results = [next(stream)]
        first_ns = time.monotonic_ns()
        results.extend(stream)
        return results, first_ns

    def call_imap_unordered(self, work, tasks):
        stream = self.pool.imap_unordered(board.numbered, tasks, chunksize=self.chunk)
        results = dict([next(stream)])
        first_ns = time.monotonic_ns()
        results.update(stream)
        return results, first_ns

    def call_apply(self, work, tasks):
        results = [self.pool.apply(work, (tasks[0],))]
        first_ns = time.monotonic_ns()
        results.extend(self.pool.apply(work, (task,)) for task in tasks[1:])
        return results, first_ns

    def call_apply_async(self, work, tasks):
        pending = [self.pool.apply_async(work, (task,)) for task in tasks]
        results = [pending[0].get()]
        first_ns = time.monotonic_ns()
        results.extend(result.get() for result in pending[1:])
        return results, first_ns

    def end(self):
        self.pool.close()
        self.pool.join()
