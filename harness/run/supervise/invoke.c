#include "run/supervise/internal.h"

#include "base/array.h"
#include "base/median.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS_KEPT 50000  /* samples of single workers that are kept in memory, 30 MB */

size_t supervision_baseline_of(const struct supervision *e, size_t i)
{
	const struct run_cell *baseline = run_baseline(e->run, &e->run->cells[i]);

	return baseline ? (size_t)(baseline - e->run->cells) : SIZE_MAX;
}

void supervision_specify(const struct supervision *e, size_t i, const char *scratch, struct spec *spec)
{
	const struct run_cell *rc = &e->run->cells[i];

	*spec = (struct spec){
		.cell = *rc->cell,
		.cache = e->s->cache,
		.run = e->s->scratch,
		.scratch = scratch,
		.invocation = (uint32_t)rc->invocation_count,
		.rounds = 1,
		.run_ns = e->run->started_ns,
		.deadline_ns = e->s->budget_ns ? e->started_ns + e->s->budget_ns : 0,
		.items_asked = e->s->items_asked,
		.bind = e->states[i].bind,
		.counters = *e->s->counters,
		.log = e->s->log,
	};
}

const double *supervision_weights(const struct supervision *e, size_t i)
{
	size_t baseline = supervision_baseline_of(e, i);

	return baseline != SIZE_MAX && e->has_costs[baseline] ? e->costs[baseline] : NULL;
}

void supervision_invoke(struct supervision *e, size_t i, uint32_t rounds, uint64_t digest_first, uint32_t digest_count,
			struct invocation_result *r)
{
	char scratch[4096];
	struct spec spec;

	snprintf(scratch, sizeof(scratch), "%s/cell", e->s->scratch);
	supervision_specify(e, i, scratch, &spec);
	spec.rounds = rounds;
	spec.digest_first = digest_first;
	spec.digest_count = digest_count;
	invocation_run(&e->launcher, &spec, supervision_weights(e, i), NULL, NULL, r);
}

static int keep_sample(struct supervision *e, struct run_cell *rc, struct sample *s)
{
	struct sample *samples = array_with_room(rc->samples, rc->sample_count, &rc->sample_capacity, sizeof(*samples));

	if (!samples)
		return -ENOMEM;
	rc->samples = samples;
	if (e->workers + s->workers > WORKERS_KEPT) {
		free(s->worker);
		s->worker = NULL;
	} else {
		e->workers += s->workers;
	}
	rc->samples[rc->sample_count++] = *s;
	s->worker = NULL; /* the run owns it now */
	e->samples++;
	return 0;
}

/* Keeps the median of the stamps' costs that the last invocations have found; by noise it may be below 0. Of so few the
 * interval of the median begins at the least. */
static void keep_probe_effect(struct cell_state *p, struct run_cell *rc, const struct crew_report *crew)
{
	double sorted[INVOCATIONS_LEAST];

	if (crew->unstamped_ns <= 0)
		return;
	p->effects_ns[p->effect_count % INVOCATIONS_LEAST] = crew->stamped_ns - crew->unstamped_ns;
	p->effect_count++;
	if (p->effect_count < INVOCATIONS_LEAST)
		return;
	memcpy(sorted, p->effects_ns, sizeof(sorted));
	rc->probe_effect_ns = median_of(sorted, INVOCATIONS_LEAST);
	rc->probe_effect_low_ns = sorted[0];
	rc->probe_effect_known = true;
}

static void check_binding(const struct supervision *e, size_t i, const struct sample *s)
{
	struct run_cell *rc = &e->run->cells[i];

	for (uint32_t w = 0; w < s->workers && s->worker; w++)
		if (e->states[i].bind && memcmp(&s->worker[w].bound_to, &e->states[i].bind[w], sizeof(struct cpus)))
			rc->doubts |= 1u << DOUBT_UNBOUND;
}

/* The time from an invocation's start to its first round, less that to make the crew; 0: it has not come so far. */
static uint64_t open_ns(const struct supervision *e, const struct invocation_result *r)
{
	uint64_t first_ns;

	if (r->sample_count == 0)
		return 0;
	first_ns = e->run->started_ns + r->samples[0].started_ns;
	return first_ns - r->started_ns - (r->has_crew ? r->crew.start_ns : 0);
}

void supervision_keep_costs(struct supervision *e, size_t i, const struct invocation_result *r)
{
	if (!r->has_costs)
		return;
	memcpy(e->costs[i], r->costs, sizeof(r->costs));
	e->has_costs[i] = true;
}

int supervision_keep(struct supervision *e, size_t i, uint64_t generation, struct invocation_result *r)
{
	struct run_cell *rc = &e->run->cells[i];
	struct invocation *more = realloc(rc->invocations, (rc->invocation_count + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	rc->invocations = more;
	rc->invocations[rc->invocation_count++] = (struct invocation){
		.start_ns = r->crew.start_ns,
		.end_ns = r->crew.end_ns,
		.initializer_ns = r->crew.initializer_ns,
		.rss_bytes = r->crew.rss_bytes,
		.open_ns = open_ns(e, r),
		.generation = generation,
		.cut = r->failed || r->interrupted,
	};
	rc->runtime = r->facts.runtime;
	for (size_t k = 0; k < r->sample_count; k++) {
		check_binding(e, i, &r->samples[k]);
		if (keep_sample(e, rc, &r->samples[k]))
			return -ENOMEM;
	}
	if (r->has_crew) {
		keep_probe_effect(&e->states[i], rc, &r->crew);
		supervision_keep_costs(e, i, r);
	}
	return 0;
}
