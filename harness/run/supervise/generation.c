#include "run/supervise/internal.h"

#include "base/clock.h"
#include "base/proc.h"
#include "base/random.h"
#include "run/supervise/running.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS_MOST 32    /* cells of a generation: in a pass over more of them they would not meet the same machine */
#define RESTING_MOST 256   /* workers of all its cells */
#define TURN_NS 10000000   /* a turn has so many rounds as reach this, since the first finds others' data in caches */
#define ENDING_SHARE 0.25  /* of what it took to begin a member: what it may take to end it */

struct member {
	size_t cell;
	char scratch[4096];
	struct spec spec;
	struct invocation_result result;
	uint64_t own_ns; /* what it took, without the time in which it rested */
	uint32_t dealt;  /* rounds */
	bool again;      /* it has failed as it might not have failed alone */
};

struct generation {
	struct supervision *e;
	struct member *members;
	struct running **running; /* of each member */
	size_t *order;            /* in which they have their turns */
	size_t count;
	uint64_t random;          /* its own, since how many passes there are depends on the machine */
	uint32_t rounds, affordable; /* of agree() */
	uint64_t until_ns;        /* CLOCK_MONOTONIC; 0: its time has no limit */
	uint64_t ending_ns;       /* what ending the members may take */
	uint64_t available_bytes; /* of memory, before it began */
};

/* ---- Who takes turns ---- */

/* Cells without a baseline have nothing to be paired with. With ten times as many programs as processors speedups
 * scatter half as much within generations as between them. CPython's cells start as fast beside others as alone: they
 * take turns, too. */
static bool takes_turns(const struct supervision *e, size_t i)
{
	size_t baseline = supervision_baseline_of(e, i);

	return baseline != SIZE_MAX && !e->states[i].alone && !e->states[baseline].alone && !e->states[baseline].over;
}

static bool takes_turns_with(const struct supervision *e, size_t i, size_t baseline)
{
	return supervision_baseline_of(e, i) == baseline && takes_turns(e, i);
}

size_t supervision_gather(const struct supervision *e, size_t *order, size_t count)
{
	size_t baseline = supervision_baseline_of(e, *order), found = 0;
	uint32_t workers = 0;

	if (!takes_turns(e, *order))
		return 0;
	for (size_t k = 0; k < count && found < MEMBERS_MOST - 1; k++) {
		size_t i = order[k];

		if (!takes_turns_with(e, i, baseline))
			continue;
		workers += e->run->cells[i].cell->workers;
		if (found > 0 && workers > RESTING_MOST)
			break;
		memmove(order + found + 1, order + found, (k - found) * sizeof(*order));
		order[found++] = i;
	}
	return found;
}

/* ---- Time and memory ---- */

static uint64_t last_round_ns(const struct member *m)
{
	const struct invocation_result *r = &m->result;

	return r->sample_count ? r->samples[r->sample_count - 1].wall_ns : 0;
}

/* Whether this much time is left, and that to end the members. */
static bool has_time(const struct generation *g, uint64_t ns)
{
	return !g->until_ns || clock_ns() + ns + g->ending_ns < g->until_ns;
}

/* What those that were begun still need, one round at least. */
static uint64_t needed_ns(const struct generation *g)
{
	uint64_t sum_ns = 0;

	for (size_t k = 0; k < g->count; k++) {
		const struct member *m = &g->members[k];
		uint64_t expected_ns = supervision_expected_ns(g->e, m->cell), least_ns = last_round_ns(m);
		uint64_t left_ns = expected_ns > m->own_ns ? expected_ns - m->own_ns : 0;

		sum_ns += left_ns > least_ns ? left_ns : least_ns;
	}
	return sum_ns;
}

/* Others need memory, too, and the next cell may be larger than those before it. */
static bool has_memory(const struct generation *g)
{
	return g->count == 0 || proc_available_memory("") > g->available_bytes / 2;
}

/* ---- Turns ---- */

/* Waits until nobody is busy; the time counts for member `k`. */
static void await(struct generation *g, size_t k, uint64_t from_ns)
{
	running_await(g->running, g->count);
	g->members[k].own_ns += clock_ns() - from_ns;
}

/* Starts the cell process of a cell and waits until it is warm, or has failed. */
static int begin(struct generation *g, size_t i)
{
	struct supervision *e = g->e;
	struct member *m = &g->members[g->count];
	uint64_t from_ns = clock_ns();

	supervision_show(e, i);
	m->cell = i;
	snprintf(m->scratch, sizeof(m->scratch), "%s/cell%zu", e->s->scratch, i);
	supervision_specify(e, i, m->scratch, &m->spec);
	m->spec.by_turns = true;
	g->running[g->count] =
		running_begin(&e->launcher, &m->spec, supervision_weights(e, i), NULL, NULL, &m->result);
	if (!g->running[g->count])
		return -ENOMEM;
	g->count++;
	await(g, g->count - 1, from_ns);
	g->ending_ns += (uint64_t)(ENDING_SHARE * (double)(m->own_ns - last_round_ns(m)));
	supervision_keep_costs(e, i, &m->result);
	return 0;
}

static void turn(struct generation *g, size_t k, uint32_t rounds)
{
	uint64_t from_ns = clock_ns();

	supervision_show(g->e, g->members[k].cell);
	running_turn(g->running[k], rounds);
	g->members[k].dealt += rounds;
	await(g, k, from_ns);
}

/* Begins the baseline. If there is a limit, it has its first turn at once for the first time: so something is known,
 * however long the others take, which are guessed by it. */
static int begin_baseline(struct generation *g, size_t baseline)
{
	struct cell_state *state = &g->e->states[baseline];
	int err = begin(g, baseline);

	if (err || state->took_ns || !g->until_ns)
		return err;
	turn(g, 0, 1);
	state->took_ns = g->members[0].own_ns;
	return 0;
}

/* Finds out how many rounds the members want: on average, and so that all together take as long as was thought. */
static void agree(struct generation *g)
{
	double sum = 0, sum_ns = 0, wanted_ns = 0;

	for (size_t k = 0; k < g->count; k++) {
		const struct member *m = &g->members[k];
		double rounds = g->e->states[m->cell].rounds, round_ns = (double)last_round_ns(m);

		sum += rounds;
		sum_ns += round_ns;
		wanted_ns += rounds * round_ns;
	}
	g->rounds = (uint32_t)(sum / (double)g->count + 0.5);
	g->affordable = sum_ns > 0 ? (uint32_t)(wanted_ns / sum_ns + 0.5) : 1;
}

/* Pairs want the same number on both sides. But if that took longer than was thought, those with long rounds have no
 * more than they want themselves. */
static uint32_t rounds_of(const struct generation *g, size_t k)
{
	uint32_t own = g->e->states[g->members[k].cell].rounds, most = own > g->affordable ? own : g->affordable;

	return most < g->rounds ? most : g->rounds;
}

static uint32_t undisturbed(const struct invocation_result *r)
{
	uint32_t count = 0;

	for (size_t i = 0; i < r->sample_count; i++)
		count += !r->samples[i].warmup && !r->samples[i].disturbed;
	return count;
}

/* How many rounds a member still wants: for a disturbed one another one, at most as many as there are rounds, and only
 * if no cell has to go without an interval for it. */
static uint32_t wanted(const struct generation *g, size_t k)
{
	const struct member *m = &g->members[k];
	uint32_t rounds = rounds_of(g, k), most = 2 * rounds - m->dealt, left;

	if (running_state(g->running[k]) != RUNNING_RESTS)
		return 0;
	if (m->dealt < rounds)
		return rounds - m->dealt;
	left = rounds - undisturbed(&m->result);
	left = left < most ? left : most;
	return left && supervision_can_spare(g->e, left * last_round_ns(m)) ? left : 0;
}

/* How many rounds a turn has: the same for all, so that they stay side by side. */
static uint32_t rounds_at_once(const struct generation *g)
{
	uint64_t sum_ns = 0;

	for (size_t k = 0; k < g->count; k++)
		sum_ns += last_round_ns(&g->members[k]);
	return sum_ns ? (uint32_t)(g->count * TURN_NS / sum_ns) + 1 : 1;
}

/* Whether there is room for more samples than those of its members. */
static bool has_room(const struct generation *g, uint32_t more)
{
	size_t samples = more;

	for (size_t k = 0; k < g->count; k++)
		samples += g->members[k].result.sample_count;
	return supervision_has_room(g->e, samples);
}

/* Gives each member that wants one a turn, in random order. Returns whether there was one. */
static bool pass(struct generation *g)
{
	uint32_t most = rounds_at_once(g);
	bool any = false;

	random_shuffle(g->order, g->count, sizeof(*g->order), &g->random);
	for (size_t n = 0; n < g->count; n++) {
		size_t k = g->order[n];
		uint32_t now = wanted(g, k);

		now = now < most ? now : most;
		if (now == 0 || !has_time(g, now * last_round_ns(&g->members[k])) ||
		    (g->members[k].dealt && !has_room(g, now)))
			continue;
		turn(g, k, now);
		any = true;
	}
	return any;
}

/* ---- The end ---- */

/* That memory, processes, queues or the like are not to be had may come from the others that rest. */
static bool may_go_alone(const struct generation *g, const struct invocation_result *r)
{
	return g->count > 1 && r->failed && !r->interrupted && !r->out_of_budget &&
	       (r->failure.kind == FAILURE_ERROR || r->failure.kind == FAILURE_UNAVAILABLE);
}

static int settle(struct generation *g, struct member *m, uint64_t number)
{
	m->result.took_ns = m->own_ns;
	m->again = may_go_alone(g, &m->result);
	g->e->states[m->cell].alone = m->again || m->result.crew.spins;
	return m->again ? 0 : supervision_settle(g->e, m->cell, number, &m->result);
}

/* Ends all members, then takes their results. Whatever happens to one, those of the others are kept. */
static int end(struct generation *g)
{
	uint64_t number = g->count > 1 ? ++g->e->generations : 0;
	int err = 0;

	for (size_t k = 0; k < g->count; k++) {
		uint64_t from_ns = clock_ns();

		running_end(g->running[k]);
		g->members[k].own_ns += clock_ns() - from_ns;
	}
	for (size_t k = 0; k < g->count; k++) {
		int own = settle(g, &g->members[k], number);

		err = err ? err : own;
		invocation_release(&g->members[k].result);
	}
	for (size_t k = 0; k < g->count && err >= 0; k++)
		if (g->members[k].again)
			err = supervision_alone(g->e, g->members[k].cell);
	return err < 0 ? err : 0;
}

/* ---- All of it ---- */

/* Begins the baseline, by whose costs and time the others are judged, and then those of `cells` for which there is
 * time. Returns how many of these were dealt with, or -errno. */
static long begin_all(struct generation *g, size_t baseline, const size_t *cells, size_t count)
{
	struct supervision *e = g->e;
	int err = begin_baseline(g, baseline);

	for (size_t k = 0; k < count && !err; k++) {
		if (running_state(g->running[0]) == RUNNING_OVER)
			return (long)k;
		if (cells[k] == baseline || !has_time(g, needed_ns(g) + supervision_expected_ns(e, cells[k])))
			continue;
		if (!has_memory(g)) {
			e->states[cells[k]].alone = g->count == 1;
			return (long)k;
		}
		err = begin(g, cells[k]);
	}
	return err ? err : (long)count;
}

static int measure(struct generation *g, size_t baseline, const size_t *cells, size_t *count)
{
	long dealt_with = begin_all(g, baseline, cells, *count);
	int err;

	if (g->count)
		agree(g);
	while (pass(g))
		;
	err = end(g);
	err = dealt_with < 0 ? (int)dealt_with : err;
	*count = dealt_with < 0 ? *count : (size_t)dealt_with;
	return err ? err : (int)g->count;
}

int supervision_generation(struct supervision *e, const size_t *cells, size_t *count, uint64_t until_ns)
{
	size_t baseline = supervision_baseline_of(e, *cells);
	struct generation g = {
		.e = e,
		.members = calloc(*count + 1, sizeof(*g.members)),
		.running = calloc(*count + 1, sizeof(struct running *)),
		.order = calloc(*count + 1, sizeof(*g.order)),
		.random = random_next(&e->random),
		.until_ns = until_ns,
		.available_bytes = proc_available_memory(""),
	};
	uint64_t least_ns = supervision_expected_ns(e, baseline);
	int begun = -ENOMEM;

	if (*cells != baseline || *count > 1) /* the baseline alone would be paired with nothing */
		least_ns += supervision_expected_ns(e, *cells == baseline ? cells[1] : *cells);
	for (size_t k = 0; g.order && k < *count + 1; k++)
		g.order[k] = k;
	if (g.members && g.running && g.order)
		begun = has_time(&g, least_ns) && supervision_has_room(e, 2 * *count)
				? measure(&g, baseline, cells, count)
				: 0;
	free(g.members);
	free(g.running);
	free(g.order);
	return begun;
}
