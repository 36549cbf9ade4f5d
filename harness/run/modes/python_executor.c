/* CPython's ProcessPoolExecutor: the program is run/python/executor.py. */
#include "run/python/python.h"

static int python_executor_start(struct crew *crew)
{
	return python_start(crew, "executor");
}

const struct mode mode_python_executor = {
	.name = "python_executor",
	.summary = "CPython: concurrent.futures.ProcessPoolExecutor.map",
	.parallel = true,
	.only_schedule = "dynamic",
	.counterpart = "executor",
	.start = python_executor_start,
	.round = python_round,
	.stop = python_stop,
};
