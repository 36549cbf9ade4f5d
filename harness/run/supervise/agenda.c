#include "run/supervise/internal.h"

#include "base/clock.h"
#include "model/registry.h"

#define ROUNDS_MOST 20      /* counted rounds of an invocation */
#define SAMPLES_MOST 13000  /* samples of a run, so that its file stays under 20 MB */

static uint64_t counted_ns(const struct invocation_result *r, uint64_t *count)
{
	uint64_t sum_ns = 0;

	*count = 0;
	for (size_t k = 0; k < r->sample_count; k++)
		if (!r->samples[k].warmup && !r->samples[k].probed) {
			sum_ns += r->samples[k].wall_ns;
			++*count;
		}
	return sum_ns;
}

/* The number of rounds for which the counted time of an invocation is about as long as the rest of it. */
static uint32_t choose_rounds(const struct supervision *e, const struct invocation_result *r)
{
	uint64_t count, sum_ns = counted_ns(r, &count), rest_ns;

	if (e->s->rounds)
		return e->s->rounds;
	if (count == 0 || sum_ns == 0)
		return 1;
	rest_ns = r->took_ns > sum_ns ? r->took_ns - sum_ns : 0;
	rest_ns = rest_ns * count / sum_ns;
	return rest_ns < 1 ? 1 : rest_ns > ROUNDS_MOST ? ROUNDS_MOST : (uint32_t)rest_ns;
}

void supervision_expect(struct supervision *e, size_t i, const struct invocation_result *r)
{
	struct cell_state *p = &e->states[i];
	uint64_t round_ns = r->sample_count ? r->samples[r->sample_count - 1].wall_ns : 0;
	uint64_t count, sum_ns = counted_ns(r, &count), more_ns = count ? sum_ns / count * (count - 1) : 0;

	p->took_ns = r->took_ns;
	p->least_ns = r->took_ns > more_ns ? r->took_ns - more_ns : 0;
	p->expected_ns = p->took_ns;
	if (e->run->cells[i].invocation_count > 1)
		return;
	p->rounds = choose_rounds(e, r);
	p->expected_ns += e->s->rounds ? 0 : (p->rounds - 1) * round_ns; /* it had one */
}

bool supervision_lacks_invocations(const struct supervision *e, size_t i)
{
	return !e->states[i].over && !e->states[i].waits && e->run->cells[i].invocation_count < INVOCATIONS_LEAST;
}

static uint64_t lacking_ns(const struct supervision *e)
{
	uint64_t sum_ns = 0;

	for (size_t i = 0; i < e->run->cell_count; i++) {
		size_t have = e->run->cells[i].invocation_count;

		if (supervision_lacks_invocations(e, i))
			sum_ns += (INVOCATIONS_LEAST - have) * supervision_expected_ns(e, i);
	}
	return sum_ns;
}

/* Lets the cells of the greatest rank among those that lack invocations wait. Returns false if these are all of one
 * rank. */
static bool put_off_last(struct supervision *e)
{
	uint32_t greatest = 0, least = UINT32_MAX;

	for (size_t i = 0; i < e->run->cell_count; i++) {
		uint32_t rank = e->states[i].rank;

		if (!supervision_lacks_invocations(e, i) || rank == 0)
			continue;
		greatest = rank > greatest ? rank : greatest;
		least = rank < least ? rank : least;
	}
	if (greatest <= least)
		return false;
	for (size_t i = 0; i < e->run->cell_count; i++)
		e->states[i].waits |= supervision_lacks_invocations(e, i) && e->states[i].rank == greatest;
	return true;
}

static bool has_time(const struct supervision *e, uint64_t ns)
{
	return clock_ns() - e->started_ns + ns <= e->s->budget_ns;
}

/* Lets the next invocations have one round each. */
static void reduce_rounds(struct supervision *e)
{
	for (size_t i = 0; i < e->run->cell_count; i++) {
		struct cell_state *p = &e->states[i];

		p->rounds = 1;
		p->expected_ns = p->least_ns ? p->least_ns : p->expected_ns;
	}
}

static bool has_enough(const struct supervision *e, size_t i)
{
	return !e->states[i].over && e->run->cells[i].invocation_count >= INVOCATIONS_LEAST;
}

/* Lets the cells that have an interval wait, if there is no time for them beside those that lack invocations. */
static void put_off_those_with_enough(struct supervision *e)
{
	uint64_t sum_ns = lacking_ns(e);

	if (sum_ns == 0 || !has_time(e, sum_ns)) /* those with an interval may use what is left */
		return;
	for (size_t i = 0; i < e->run->cell_count; i++)
		sum_ns += has_enough(e, i) ? supervision_expected_ns(e, i) : 0;
	if (has_time(e, sum_ns))
		return;
	for (size_t i = 0; i < e->run->cell_count; i++)
		e->states[i].waits |= has_enough(e, i);
}

void supervision_keep_up(struct supervision *e)
{
	if (!e->s->budget_ns || e->s->rounds)
		return;
	for (size_t i = 0; i < e->run->cell_count; i++)
		e->states[i].waits = false;
	if (!has_time(e, lacking_ns(e)))
		reduce_rounds(e);
	if (e->s->invocations)
		return;
	while (!has_time(e, lacking_ns(e)) && put_off_last(e))
		;
	put_off_those_with_enough(e);
}

bool supervision_is_over(struct supervision *e, size_t i)
{
	const struct run_cell *rc = &e->run->cells[i];
	const struct observer *o = &e->s->observer;

	if (e->states[i].over || e->states[i].waits)
		return true;
	if (e->s->invocations)
		return rc->invocation_count >= e->s->invocations;
	if (!supervision_has_room(e, 1))
		return true;
	if (rc->invocation_count < INVOCATIONS_LEAST)
		return false;
	if (!e->s->budget_ns) /* only --rounds was given */
		return true;
	return o->precise && o->precise(o->context, rc);
}

static unsigned at_once(const struct supervision *e, size_t i)
{
	return placement_at_once(e->s->placement, e->run->cells[i].cell->workers);
}

/* Whether one was measured and tells what the other one takes: it is of the same mode, or both are references. */
static bool tells_of(const struct supervision *e, size_t measured, size_t i)
{
	const struct mode *own = registry_mode(e->run->cells[i].cell->mode);
	const struct mode *other = registry_mode(e->run->cells[measured].cell->mode);

	return e->states[measured].took_ns && supervision_baseline_of(e, measured) == supervision_baseline_of(e, i) &&
	       (own == other || (own->counterpart && other->counterpart));
}

/* That of the first invocation of a cell which nobody has tried: by all its workers what the slowest that is alike took
 * by one, else what the baseline took. Of the first reference no factor could be guessed: CPython's take from 1 to 100
 * times as long, by workload. If it takes more than there is, its deadline ends it, and it tells of the others. */
static uint64_t guess_ns(const struct supervision *e, size_t i)
{
	size_t baseline = supervision_baseline_of(e, i);
	double most_ns = 0;

	if (baseline == SIZE_MAX)
		return 0;
	for (size_t k = 0; k < e->run->cell_count; k++) {
		double by_one_ns = (double)e->states[k].took_ns * at_once(e, k);

		if (tells_of(e, k, i) && by_one_ns > most_ns)
			most_ns = by_one_ns;
	}
	if (most_ns == 0)
		most_ns = (double)e->states[baseline].took_ns;
	return (uint64_t)(most_ns / at_once(e, i));
}

uint64_t supervision_expected_ns(const struct supervision *e, size_t i)
{
	return e->states[i].expected_ns ? e->states[i].expected_ns : guess_ns(e, i);
}

bool supervision_has_room(const struct supervision *e, size_t samples)
{
	return !e->s->budget_ns || e->s->invocations || e->samples + samples <= SAMPLES_MOST;
}

bool supervision_fits(const struct supervision *e, size_t i)
{
	return !e->s->budget_ns || clock_ns() + supervision_expected_ns(e, i) < e->started_ns + e->s->budget_ns;
}

bool supervision_can_spare(const struct supervision *e, uint64_t ns)
{
	return !e->s->budget_ns || clock_ns() + ns + lacking_ns(e) < e->started_ns + e->s->budget_ns;
}
