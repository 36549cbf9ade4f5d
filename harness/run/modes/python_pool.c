/* CPython's Pool: the program is run/python/pool.py. */
#include "run/python/python.h"

static int python_pool_start(struct crew *crew)
{
	return python_start(crew, "pool");
}

const struct mode mode_python_pool = {
	.name = "python_pool",
	.summary = "CPython: multiprocessing.Pool, by --call",
	.parallel = true,
	.takes = TAKES_CALL | TAKES_RECYCLE,
	.only_schedule = "dynamic",
	.counterpart = "pool",
	.start = python_pool_start,
	.round = python_round,
	.stop = python_stop,
};
