/* The items are executed in a loop of OpenMP, whose runtime makes the threads and deals out the items: the usual choice
 * in C. It uses OpenMP's schedules; what the runtime spends between two items is counted as `dispatch`. */
#include "run/worker/worker.h"

#include <errno.h>
#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>

static omp_sched_t own_schedule(const struct crew *crew)
{
	switch (arena_ranges(crew->arena)->schedule) {
	case SCHEDULE_STATIC:
		return omp_sched_static;
	case SCHEDULE_GUIDED:
		return omp_sched_guided;
	default:
		return omp_sched_dynamic;
	}
}

/* Makes the threads: the runtime keeps them from one region to the next. */
static int openmp_start(struct crew *crew)
{
	int workers = (int)crew->cell->workers, made = 0;
	struct worker **worker = crew->own = calloc(crew->cell->workers, sizeof(*worker));

	if (!worker)
		return -ENOMEM;
	omp_set_dynamic(0);
	omp_set_schedule(own_schedule(crew), (int)crew->cell->chunk);
#pragma omp parallel num_threads(workers) reduction(+ : made)
	{
		unsigned w = (unsigned)omp_get_thread_num();

		worker[w] = worker_create(crew, w);
		made += worker[w] != NULL;
	}
	if (made == workers)
		return 0;
	return crew_fail(crew, FAILURE_UNAVAILABLE, -1, "OpenMP made %d of %d threads: look at OMP_THREAD_LIMIT", made,
			 workers);
}

static int openmp_round(struct crew *crew, struct round *round)
{
	int64_t items = (int64_t)crew->arena->items;
	struct worker **worker = crew->own;

	round->start_ns = crew->arena->start_ns = clock_ns();
#pragma omp parallel num_threads((int)crew->cell->workers)
	{
		struct worker *w = worker[omp_get_thread_num()];

		worker_begin(w);
#pragma omp for schedule(runtime) nowait
		for (int64_t item = 0; item < items; item++)
			worker_do(w, (uint64_t)item);
		worker_end(w);
	}
	round->end_ns = clock_ns();
	return crew_check_errors(crew);
}

static void openmp_stop(struct crew *crew)
{
	struct worker **worker = crew->own;

	for (unsigned w = 0; worker && w < crew->cell->workers; w++)
		worker_destroy(worker[w]);
	free(worker);
	crew->own = NULL;
}
#else
static int openmp_start(struct crew *crew)
{
	return crew_fail(crew, FAILURE_UNAVAILABLE, -1, "this program was built without OpenMP");
}

static int openmp_round(struct crew *crew, struct round *round)
{
	(void)crew, (void)round;
	return -ENOTSUP;
}

static void openmp_stop(struct crew *crew)
{
	(void)crew;
}
#endif

const struct mode mode_openmp = {
	.name = "openmp",
	.summary = "a loop of OpenMP's over the items, with its own schedules",
	.parallel = true,
	.cannot_steal = true,
	.start = openmp_start,
	.round = openmp_round,
	.stop = openmp_stop,
};
