#include "run/worker/internal.h"

#include "base/proc.h"

#include <math.h>
#include <sys/resource.h>

static uint64_t voluntary_switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (uint64_t)usage.ru_nvcsw;
}

struct probe probe_begin(const struct worker *w)
{
	struct probe p = { .voluntary_switches = voluntary_switches() };

	p.run_queue_ns = proc_run_queue_ns(w->schedstat_fd);
	p.cpu_ns = clock_thread_cpu_ns();
	return p;
}

struct probe probe_end(const struct worker *w)
{
	struct probe p = { .cpu_ns = clock_thread_cpu_ns() };

	p.run_queue_ns = proc_run_queue_ns(w->schedstat_fd);
	p.voluntary_switches = voluntary_switches();
	return p;
}

/* Opens the counters in the worker's first round, not when the worker is made, since PAPI's 2 ms are no cost of a pool.
 * The first round is the warm-up, or one marked as probed. */
static void open_counters(struct worker *w)
{
	const struct counter_set *set = w->crew->counters;
	bool wanted[COUNTERS_MAX];

	for (size_t s = 0; set && set->sources[s]; s++) {
		bool in_round = w->crew->mode->crew_in_round || w->crew->cell->calling.recycle;
		bool any = false, dear = in_round && !w->arena->probed;

		for (size_t i = 0; i < set->count; i++)
			any |= wanted[i] = set->source[i] == s && set->infos[i].status != COUNTER_NOT_AVAILABLE;
		if (any && (set->sources[s]->cheap || !dear))
			w->counter_state[s] = set->sources[s]->open(set->infos, wanted, set->count);
	}
}

void counters_begin(struct worker *w)
{
	if (!w->counters_opened)
		open_counters(w);
	w->counters_opened = true;
	for (size_t s = 0; s < SOURCES_MAX; s++)
		if (w->counter_state[s])
			w->crew->counters->sources[s]->begin(w->counter_state[s]);
}

/* Adds the counts to those in the slot, which are NAN where nothing was counted yet. */
void counters_end(struct worker *w)
{
	double values[COUNTERS_MAX], *sum = w->slot->counters;

	for (size_t s = SOURCES_MAX; s-- > 0;) { /* the source that began last ends first */
		if (!w->counter_state[s])
			continue;
		for (size_t i = 0; i < COUNTERS_MAX; i++)
			values[i] = NAN;
		w->crew->counters->sources[s]->end(w->counter_state[s], w->crew->counters->infos, values,
						   w->crew->counters->count);
		for (size_t i = 0; i < w->crew->counters->count; i++)
			if (w->crew->counters->source[i] == s)
				sum[i] = isnan(sum[i]) ? values[i] : sum[i] + values[i];
	}
}

void counters_close(struct worker *w)
{
	for (size_t s = 0; s < SOURCES_MAX; s++)
		if (w->counter_state[s])
			w->crew->counters->sources[s]->close(w->counter_state[s]);
}
