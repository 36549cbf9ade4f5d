"""multiprocessing.Pool, by each of its ways of calling."""
import time
from multiprocessing import Pool

import board

PROCESSES = True


class Crew:
    """The workers of a mode: made before the rounds, or inside them.

    round(work, tasks, clocks) does work(task) for all tasks, as the tutorial does. It returns the results in
    the order of tasks, or a dict of them by item. It tells the clocks when they were there, if not at the end.
    """

    def __init__(self, job):
        self.chunk = job.chunk
        self.round = getattr(self, "call_" + (job.call or "map"))
        # a task of the pool is a chunk of items
        tasks = max(1, job.recycle // max(1, job.chunk)) if job.recycle else None
        self.pool = Pool(job.workers, initializer=board.enter, maxtasksperchild=tasks)
        while not all(slot.cast("q")[board.ALIVE] for slot in board.slots):
            time.sleep(0.0002)

    def call_map(self, work, tasks, _clocks):
        return self.pool.map(work, tasks, chunksize=self.chunk)

    def call_starmap(self, work, tasks, _clocks):
        pairs = tasks if isinstance(tasks, list) else ((item,) for item in tasks)
        return self.pool.starmap(board.apart, pairs, chunksize=self.chunk)

    def call_imap(self, work, tasks, clocks):
        results = []
        clocks.take(self.pool.imap(work, tasks, chunksize=self.chunk), results.extend)
        return results

    def call_imap_unordered(self, work, tasks, clocks):
        results = {}
        clocks.take(self.pool.imap_unordered(board.numbered, tasks, chunksize=self.chunk), results.update)
        return results

    def call_apply(self, work, tasks, clocks):
        results = []
        for number, task in enumerate(tasks):
            stop = clocks.start(number)
            results.append(self.pool.apply(work, (task,)))
            if stop:
                stop()
        return results

    def call_apply_async(self, work, tasks, clocks):
        pending = [self.pool.apply_async(work, (task,), callback=clocks.start(number))
                   for number, task in enumerate(tasks)]
        return [result.get() for result in pending]

    def end(self):
        self.pool.close()
        self.pool.join()
