"""multiprocessing.Process for each worker's share of the items, or for each item, and a Queue for the results."""
from multiprocessing import Process, Queue

import board

PROCESSES = True


def do(work, share, results):
    board.enter()
    results.put([(task if type(task) is int else task[0], work(task)) for task in share])


class Crew:
    def __init__(self, job):
        self.workers, self.chunk, self.per_item = job.workers, job.chunk, job.per_item
        self.round = self.one_an_item if job.per_item else self.one_a_worker

    def share(self, tasks, worker):
        """Every so many chunks one is this worker's."""
        firsts = range(worker * self.chunk, len(tasks), self.workers * self.chunk)
        return [task for first in firsts for task in tasks[first:first + self.chunk]]

    def run(self, work, shares):
        results = Queue()
        processes = [Process(target=do, args=(work, share, results)) for share in shares]
        for process in processes:
            process.start()
        found = {}
        for _ in processes:
            found.update(results.get())
        for process in processes:
            process.join()
        return found

    def one_a_worker(self, work, tasks, _clocks):
        return self.run(work, [self.share(tasks, worker) for worker in range(self.workers)])

    def one_an_item(self, work, tasks, _clocks):
        """As many at a time as there are workers."""
        found = {}
        for first in range(0, len(tasks), self.workers):
            found.update(self.run(work, [[task] for task in tasks[first:first + self.workers]]))
        return found

    def end(self):
        pass
