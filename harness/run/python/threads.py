"""multiprocessing.pool.ThreadPool.map."""
import time
from multiprocessing.pool import ThreadPool

import board

PROCESSES = False


class Crew:
    def __init__(self, job):
        self.chunk = job.chunk
        self.pool = ThreadPool(job.workers, initializer=board.enter)
        while not all(slot.cast("q")[board.ALIVE] for slot in board.slots):
            time.sleep(0.0002)

    def round(self, work, tasks, _clocks):
        return self.pool.map(work, tasks, chunksize=self.chunk)

    def end(self):
        self.pool.close()
        self.pool.join()
