#include "gate/pairs/commands.h"

#include "base/addresses.h"
#include "base/clock.h"
#include "base/random.h"
#include "gate/pairs/times.h"
#include "gate/sides/inputs.h"
#include "gate/trials/outputs.h"
#include "gate/trials/steal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define QUANTILE 0.5
#define PAIR_NS 2e9 /* longer ones would be too few in a minute */
#define PAIRS 30    /* that should fit into the time that is left */
#define ROUNDS_LEAST 3
#define WARM_MOST 8 /* rounds that tell how much they scatter */
#define WARM_LEAST 2
#define WARM_NS 1e9
#define MEDIAN_LOSS 1.57 /* the variance of a median of normal values is so many times that of their mean */

/* ---- One round ---- */

/* Where the times of a pair go: those of each side, by round and file. */
struct run_times {
	double *ns[SIDE_COUNT];
	size_t count; /* of each side so far */
	enum judged judged;
};

static void draw_order(struct trial_setup *setup, enum gate_side order[SIDE_COUNT], size_t sides)
{
	for (size_t i = 0; i < sides; i++)
		order[i] = (enum gate_side)i;
	random_shuffle(order, sides, sizeof(*order), &setup->random);
}

/* Runs all sides once, with the plan's file if there is one. Adds what they took to `sums` and, if `times` is not NULL,
 * appends it there. */
static int run_sides(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, size_t sides,
		     struct trial sums[SIDE_COUNT], struct run_times *times)
{
	enum gate_side order[SIDE_COUNT] = { SIDE_A };
	struct trial trial;

	draw_order(setup, order, sides);
	for (size_t i = 0; i < sides; i++) {
		int err = trial_run(setup, cell, plan, order[i], &trial);

		if (err)
			return err;
		trial_add(&sums[order[i]], &trial);
		if (times)
			times->ns[order[i]][times->count] = trial_judged_ns(&trial, times->judged);
	}
	if (times)
		times->count++;
	return 0;
}

/* Does so with each file in turn, or once if there are none. Sets `sums`. */
static int run_round(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, size_t sides,
		     struct trial sums[SIDE_COUNT], struct run_times *times)
{
	struct trial_plan each = *plan;
	int err = 0;

	for (size_t i = 0; i < SIDE_COUNT; i++)
		sums[i] = (struct trial){ .side = (enum gate_side)i };
	if (!setup->inputs)
		return run_sides(setup, cell, plan, sides, sums, times);
	for (char *const *input = setup->inputs; *input && !err; input++) {
		each.input = *input;
		err = run_sides(setup, cell, &each, sides, sums, times);
	}
	for (size_t i = 0; i < sides && !err; i++)
		outputs_note(&cell->outputs, &sums[i], setup->pipes);
	return err;
}

/* ---- What is chosen once ---- */

/* What the first rounds of both sides were like. */
struct warm_rounds {
	size_t count;
	struct trial sums[2][WARM_MOST];
	double round_ns; /* how long a round of one side takes, with all that is not timed */
};

double command_pair_ns(const struct trial_setup *setup)
{
	uint64_t now_ns = clock_ns(), deadline_ns = setup->launcher.deadline_ns;

	return deadline_ns > now_ns ? fmin(PAIR_NS, (double)(deadline_ns - now_ns) / PAIRS) : PAIR_NS;
}

static int warm_up(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan,
		   struct warm_rounds *warm)
{
	uint64_t from_ns = clock_ns(), took_ns = 0;

	while (warm->count < WARM_LEAST || (warm->count < WARM_MOST && (double)took_ns < WARM_NS)) {
		struct trial sums[SIDE_COUNT];
		int err = run_round(setup, cell, plan, 2, sums, NULL);

		if (err)
			return err;
		warm->sums[0][warm->count] = sums[SIDE_A];
		warm->sums[1][warm->count++] = sums[SIDE_B];
		took_ns = clock_ns() - from_ns;
	}
	warm->round_ns = (double)took_ns / 2 / (double)warm->count;
	return 0;
}

static enum judged choose_judged(const struct trial_setup *setup, const struct warm_rounds *warm)
{
	double a = trials_least_asleep(warm->sums[0], warm->count, SIDE_A, INFINITY);
	double b = trials_least_asleep(warm->sums[1], warm->count, SIDE_B, INFINITY);

	return trials_awake(a, b, setup->tolerance) && steal_is_excluded() ? JUDGED_CPU : JUDGED_WALL;
}

/* The variance of the logarithm of a side's rounds about their mean. */
static double variance_of(const struct trial *sums, size_t count, enum judged judged)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < count; i++)
		sum += log(trial_judged_ns(&sums[i], judged));
	for (size_t i = 0; i < count; i++)
		squares += pow(log(trial_judged_ns(&sums[i], judged)) - sum / (double)count, 2);
	return squares / (double)(count - 1);
}

static uint32_t choose_rounds(const struct trial_setup *setup, const struct warm_rounds *warm, enum judged judged)
{
	double variance = variance_of(warm->sums[0], warm->count, judged) +
			  variance_of(warm->sums[1], warm->count, judged);
	double wanted = ceil(MEDIAN_LOSS * variance / pow(log1p(setup->tolerance), 2));
	double fitting = floor(command_pair_ns(setup) / (SIDE_COUNT * warm->round_ns));

	if (setup->rounds)
		return setup->rounds;
	return (uint32_t)fmax(1, fmin(fmax(wanted, ROUNDS_LEAST), fitting));
}

int command_pairs_open(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan)
{
	struct warm_rounds warm = { .count = 0 };
	int err = outputs_compare(setup, cell, plan->trial);

	err = err ? err : warm_up(setup, cell, plan->trial, &warm);
	if (err)
		return err;
	cell->judged = choose_judged(setup, &warm);
	plan->rounds = choose_rounds(setup, &warm, cell->judged);
	plan->pair_ns = SIDE_COUNT * plan->rounds * warm.round_ns;
	return 0;
}

/* ---- A pair ---- */

static int run_rounds(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *trial, size_t sides,
		      struct run_times *times, uint32_t rounds)
{
	unsigned padding = (unsigned)random_below(&setup->random, PADDING_MOST);
	struct trial_plan plan = *trial;
	struct trial sums[SIDE_COUNT];
	bool same = addresses_can_be_fixed();
	int err = 0;

	plan.padding = &padding;
	setup->launcher.same_addresses = true;
	for (uint32_t round = 0; round < rounds && !err; round++)
		err = run_round(setup, cell, &plan, sides, sums, times);
	setup->launcher.same_addresses = false;
	cell->same_addresses = same;
	cell->doubts |= same ? 0 : 1u << GATE_DOUBT_LAYOUT;
	return err;
}

int command_pairs_run(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, bool control,
		      bool more, struct gate_pair *pair)
{
	size_t sides = control ? 3 : 2, files = setup->inputs ? inputs_count(setup->inputs) : 1;
	size_t count = plan->rounds * files;
	double *values = calloc(SIDE_COUNT * count, sizeof(*values));
	struct run_times times = { { values, values + count, values + 2 * count }, 0, cell->judged };
	int err = values ? 0 : -ENOMEM;

	(void)more; /* a command cannot do more than it does */
	pair->rounds = plan->rounds;
	pair->slices = (uint32_t)files;
	err = err ? err : run_rounds(setup, cell, plan->trial, sides, &times, plan->rounds);
	for (size_t i = 0; i < sides && !err; i++)
		err = pair_time_take(&pair->times[i], times.ns[i], plan->rounds, files, QUANTILE);
	free(values);
	return err;
}
