"""When items were submitted and when their results were there, for the latencies of a round.

Reading the clock and keeping the time costs 0.3 us, so of many items only one in `every` is stamped. That is an odd
number: workers that take turns must all be seen.
"""
from functools import partial
from itertools import islice
from time import monotonic_ns

LEAST = 1024  # values of a round that has so many items


class Clocks:
    def __init__(self, items, wanted):
        self.every = max(1, (items // LEAST - 1) | 1) if wanted else items + 1
        self.first_ns = None  # when the first result was there; None: with the last one
        self.values_ns = []  # from submit to result
        self.start_ns = monotonic_ns()

    def stop(self, since_ns, _result=None):
        """The result is there of an item that was submitted then."""
        now_ns = monotonic_ns()
        self.first_ns = self.first_ns or now_ns
        self.values_ns.append(now_ns - since_ns)

    def start(self, number):
        """What is to be called with the result of the item that is submitted now; None: nothing is."""
        return None if number % self.every else partial(self.stop, monotonic_ns())

    def take(self, stream, add):
        """Adds all results of a stream. Their items were submitted at the round's start."""
        add([next(stream)])
        self.stop(self.start_ns)
        while group := list(islice(stream, self.every)):
            add(group)
            self.stop(self.start_ns)
