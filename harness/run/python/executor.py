"""concurrent.futures.ProcessPoolExecutor.map."""
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Barrier

import board

PROCESSES = True
meeting = None


def meet():
    meeting.wait()


class Crew:
    def __init__(self, job):
        global meeting
        self.chunk = job.chunk
        meeting = Barrier(job.workers)
        self.executor = ProcessPoolExecutor(job.workers, initializer=board.enter)
        # it makes its workers when there is something to do: something that needs all of them
        for met in [self.executor.submit(meet) for _ in range(job.workers)]:
            met.result()

    def round(self, work, tasks, clocks):
        results = []
        clocks.take(self.executor.map(work, tasks, chunksize=self.chunk), results.extend)
        return results

    def end(self):
        self.executor.shutdown()
