#include "run/supervise/internal.h"

#include "base/clock.h"

#define ROUNDS_MOST 20      /* counted rounds of an invocation */
#define SAMPLES_MOST 13000  /* samples of a run, so that its file stays under 20 MB */

/* The number of rounds for which the counted time of an invocation is about as long as the rest of it. */
static uint32_t choose_rounds(const struct supervision *e, const struct invocation_result *r)
{
	uint64_t counted_ns = 0, count = 0, rest_ns;

	if (e->s->rounds)
		return e->s->rounds;
	for (size_t k = 0; k < r->sample_count; k++)
		if (!r->samples[k].warmup && !r->samples[k].probed) {
			counted_ns += r->samples[k].wall_ns;
			count++;
		}
	if (count == 0 || counted_ns == 0)
		return 1;
	rest_ns = r->took_ns > counted_ns ? r->took_ns - counted_ns : 0;
	rest_ns = rest_ns * count / counted_ns;
	return rest_ns < 1 ? 1 : rest_ns > ROUNDS_MOST ? ROUNDS_MOST : (uint32_t)rest_ns;
}

void supervision_expect(struct supervision *e, size_t i, const struct invocation_result *r)
{
	struct cell_state *p = &e->states[i];
	uint64_t round_ns = r->sample_count ? r->samples[r->sample_count - 1].wall_ns : 0;

	p->took_ns = r->took_ns;
	p->expected_ns = p->took_ns;
	if (e->run->cells[i].invocation_count > 1)
		return;
	p->rounds = choose_rounds(e, r);
	p->expected_ns += e->s->rounds ? 0 : (p->rounds - 1) * round_ns; /* it had one */
}

void supervision_fit_rounds(struct supervision *e)
{
	uint64_t block_ns = 0, spent_ns = clock_ns() - e->started_ns;

	for (size_t i = 0; i < e->run->cell_count; i++)
		block_ns += e->states[i].over ? 0 : supervision_expected_ns(e, i);
	if (!e->s->budget_ns || e->s->rounds || spent_ns + (INVOCATIONS_LEAST - 1) * block_ns < e->s->budget_ns)
		return;
	for (size_t i = 0; i < e->run->cell_count; i++) {
		e->states[i].rounds = 1;
		e->states[i].expected_ns = e->states[i].took_ns;
	}
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

void supervision_keep_up(struct supervision *e)
{
	if (!e->s->budget_ns || e->s->rounds || e->s->invocations)
		return;
	for (size_t i = 0; i < e->run->cell_count; i++)
		e->states[i].waits = false;
	while (clock_ns() - e->started_ns + lacking_ns(e) > e->s->budget_ns && put_off_last(e))
		;
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

/* For a cell that was not measured yet the guess is half of what its baseline's invocation took. */
uint64_t supervision_expected_ns(const struct supervision *e, size_t i)
{
	size_t baseline = supervision_baseline_of(e, i);

	if (e->states[i].expected_ns)
		return e->states[i].expected_ns;
	if (baseline == SIZE_MAX || !e->states[baseline].took_ns)
		return 0;
	return e->states[baseline].took_ns / 2;
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
