/* Rounds: for cells whose workers are others than the cell process. The crews of a pair are there at the same time, on
 * the same processors; one executes a round, and the others rest. */
#include "gate/pairs/pairing.h"
#include "gate/pairs/processes.h"
#include "gate/pairs/times.h"

#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the rounds' times (analyse/stitch.h): where ten others want the processors, one of 50 rounds of 2 ms is shorter by
 * luck, and a quarter of them are disturbed; between are the 2 % of scatter that can be reached there. */
#define QUANTILE 0.1
#define ROUNDS_NS 600e6 /* what the rounds of both sides in a pair should take */
#define ROUNDS_LEAST 5
#define ROUNDS_MOST 50
#define LEARNED_ROUNDS 3

/* A pair under way. */
struct crews {
	struct pair_processes processes;
	double *times[SIDE_COUNT]; /* of the rounds that count */
	uint32_t rounds;           /* so many */
};

static struct invocation_result *result_of(struct crews *c, size_t seat)
{
	return &c->processes.of[seat].result;
}

/* Lets one crew execute a round. Returns as trial_run() does; `*wall_ns` is NAN if it was lost. */
static int execute_round(struct crews *c, size_t seat, double *wall_ns)
{
	const struct invocation_result *r = result_of(c, seat);
	size_t before = r->sample_count;
	int err = processes_turn_of(&c->processes, seat, 1);

	*wall_ns = r->sample_count > before ? (double)r->samples[r->sample_count - 1].wall_ns : NAN;
	return err;
}

/* Lets each crew execute a round, in random order. If one is lost, it is lost for all. */
static int execute_group(struct crews *c, uint64_t *random)
{
	size_t count = c->processes.count, order[SIDE_COUNT];
	bool lost = false;
	int err = 0;

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	random_shuffle(order, count, sizeof(*order), random);
	for (size_t i = 0; i < count && !err; i++) {
		double *wall_ns = &c->times[c->processes.of[order[i]].side][c->rounds];

		err = execute_round(c, order[i], wall_ns);
		lost |= isnan(*wall_ns);
	}
	c->rounds += !err && !lost;
	return err;
}

static int execute(struct crews *c, uint64_t *random, uint32_t rounds)
{
	int err = 0;

	for (size_t i = 0; i < c->processes.count && !err; i++) {
		c->times[i] = calloc(rounds, sizeof(*c->times[i]));
		err = c->times[i] ? 0 : -ENOMEM;
	}
	for (uint32_t r = 0; r < rounds && !err; r++)
		err = execute_group(c, random);
	return err || c->rounds ? err : -ENODATA;
}

/* Makes the crews, lets them execute their rounds, and ends them. */
static int drive(struct crews *c, struct trial_setup *setup, struct gate_cell *cell, const struct pair_plan *plan,
		 bool control, uint32_t rounds, struct pair_time *times)
{
	const struct pair_layout layout = { .control = control, .bind = plan->trial->bind };
	int err = processes_begin(&c->processes, setup, cell, plan, &layout);

	err = err ? err : execute(c, &setup->random, rounds);
	return processes_end(&c->processes, err, times);
}

static void release_times(struct crews *c)
{
	for (size_t i = 0; i < SIDE_COUNT; i++)
		free(c->times[i]);
}

static double least(const double *times, uint32_t count)
{
	double least_ns = INFINITY;

	for (uint32_t i = 0; i < count; i++)
		least_ns = fmin(least_ns, times[i]);
	return least_ns;
}

/* Chooses how many rounds a pair has, by a few rounds that do not count. */
static int open_rounds(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan)
{
	struct crews c = { 0 };
	double round_ns;
	int err;

	plan->rounds = setup->rounds;
	if (plan->rounds)
		return 0;
	err = drive(&c, setup, cell, plan, false, LEARNED_ROUNDS, NULL);
	if (!err) {
		round_ns = least(c.times[SIDE_A], c.rounds);
		plan->rounds = (uint32_t)fmin(fmax(ROUNDS_NS / (2 * round_ns), ROUNDS_LEAST), ROUNDS_MOST);
		plan->pair_ns = SIDE_COUNT * plan->rounds * round_ns;
	}
	release_times(&c);
	return err;
}

static int run_rounds(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, bool control,
		      bool more, struct gate_pair *pair)
{
	struct crews c = { 0 };
	int err = drive(&c, setup, cell, plan, control, plan->rounds, pair->times);

	(void)more; /* a crew's items cannot be executed again one by one */
	for (size_t side = 0; side < SIDE_COUNT && !err; side++)
		if (c.times[side])
			err = pair_time_take(&pair->times[side], c.times[side], c.rounds, 1, QUANTILE);
	pair->rounds = c.rounds;
	pair->slices = 1;
	cell->judged = JUDGED_WALL;
	release_times(&c);
	return err;
}

const struct pairing pairing_rounds = {
	.name = "rounds",
	.open = open_rounds,
	.run = run_rounds,
};
