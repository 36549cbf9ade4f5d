/* CPython's ThreadPool: the program is run/python/threads.py. */
#include "run/python/python.h"

static int python_threads_start(struct crew *crew)
{
	return python_start(crew, "threads");
}

const struct mode mode_python_threads = {
	.name = "python_threads",
	.summary = "CPython: multiprocessing.pool.ThreadPool.map, under the interpreter lock",
	.parallel = true,
	.only_schedule = "dynamic",
	.counterpart = "thread_pool",
	.start = python_threads_start,
	.round = python_round,
	.stop = python_stop,
};
