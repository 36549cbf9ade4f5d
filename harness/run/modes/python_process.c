/* CPython's Process: the program is run/python/process.py. */
#include "run/python/python.h"

static int python_process_start(struct crew *crew)
{
	return python_start(crew, "process");
}

const struct mode mode_python_process = {
	.name = "python_process",
	.summary = "CPython: a multiprocessing.Process for each worker (--per item: each item), results by a Queue",
	.parallel = true,
	.crew_in_round = true,
	.only_schedule = "static",
	.counterpart = "processes",
	.start = python_process_start,
	.round = python_round,
	.stop = python_stop,
};
