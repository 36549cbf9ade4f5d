/* The baseline: the cell process itself is the only worker. */
#include "run/worker/worker.h"

#include <errno.h>

static int sequential_start(struct crew *crew)
{
	crew->own = worker_create(crew, 0);
	return crew->own ? 0 : -errno;
}

static int sequential_round(struct crew *crew, struct round *round)
{
	round->start_ns = crew->arena->start_ns = clock_ns();
	worker_round(crew->own);
	round->end_ns = clock_ns();
	return crew_check_errors(crew);
}

static void sequential_stop(struct crew *crew)
{
	worker_destroy(crew->own);
}

const struct mode mode_sequential = {
	.name = "sequential",
	.summary = "one worker, the process itself: the baseline",
	.start = sequential_start,
	.round = sequential_round,
	.stop = sequential_stop,
};
