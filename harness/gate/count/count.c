#include "gate/count/count.h"

#include "base/clock.h"
#include "base/file.h"
#include "gate/count/instructions.h"
#include "gate/trials/outputs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define START_NS 0.5e9 /* until a program runs under valgrind */

struct counted_cell {
	struct trial_setup *setup;
	struct gate_cell *cell;
	struct trial_plan plan;
	enum gate_side second; /* the side that is compared with A */
};

static int run_counted(void *context, int side, char *const *words)
{
	struct counted_cell *c = context;
	struct trial trial;

	c->plan.words = words;
	return trial_run(c->setup, c->cell, &c->plan, side ? c->second : SIDE_A, &trial);
}

/* Chooses how many items to count: a few are enough, since all runs count the same. Then runs each side without
 * counting, so that whatever is made before the first round exists and outputs are compared. */
static int choose_items(struct counted_cell *c)
{
	struct outputs *outputs = &c->cell->outputs;
	struct trial trial;
	int err = trial_run(c->setup, c->cell, &c->plan, SIDE_A, &trial);

	c->plan.rounds = 1;
	if (!err && c->cell->cell) {
		c->plan.items = instructions_items(c->cell->cell->items, trial.wall_ns);
		*outputs = (struct outputs){ 0 }; /* those of fewer items are others */
	}
	return err || outputs->seen[1] ? err : outputs_compare(c->setup, c->cell, &c->plan);
}

static void judge(struct gate_cell *cell, const struct counts *counts, double tolerance)
{
	double risen = log((double)counts->instructions[1] / (double)counts->instructions[0]);

	memcpy(cell->instructions, counts->instructions, sizeof(cell->instructions));
	cell->measured = true;
	cell->slowdown = (struct shift){ risen, risen, risen };
	cell->smallest_shown = tolerance;
	cell->smallest_excluded = fmax(0, expm1(risen));
	cell->trials_a_side = cell->looks = 1;
	cell->verdict = counts->risen ? VERDICT_REGRESSED : VERDICT_PASS;
	cell->reason[0] = '\0';
}

/* Sets what an error in counting means for the cell. Returns 0 if the gate can go on. */
static int settle_counts(struct gate_cell *cell, const struct counts *counts, int err)
{
	char *message = cell->failure.message;

	if (err == -ENODATA)
		snprintf(cell->reason, sizeof(cell->reason), "%s", counts->reason);
	else if (err == -ECHILD && counts->reason[0])
		snprintf(message + strlen(message), sizeof(cell->failure.message) - strlen(message), " (%s)",
			 counts->reason);
	return err == -ENODATA ? 0 : err;
}

/* Counts the baseline, then `side`, which may be the baseline again. Returns as instructions_compare() does. */
static int compare(struct counted_cell *c, enum gate_side side, double tolerance, struct counts *counts)
{
	const struct side *a = &c->setup->sides[0], *b = &c->setup->sides[side == SIDE_B];
	char folder[4096];
	struct counting counting = {
		.folder = folder,
		.words = { a->argv ? a->argv : a->program, b->argv ? b->argv : b->program },
		.counted = c->cell->cell ? COUNTED_MARKED : COUNTED_ALL,
		.tolerance = tolerance,
		.run = run_counted,
		.context = c,
	};
	int err;

	snprintf(folder, sizeof(folder), "%s/counts", c->setup->scratch);
	err = folder_make(folder, 0700);
	if (err < 0)
		return err;
	c->plan.instructions = true;
	c->second = side;
	err = instructions_compare(&counting, counts);
	c->setup->addresses_vary |= counts->addresses_vary;
	return err;
}

static int prepare(struct counted_cell *c)
{
	const char *excluded = c->cell->cell ? instructions_excluded(c->cell->cell) : NULL;

	c->cell->judged = JUDGED_INSTRUCTIONS;
	if (!excluded)
		return choose_items(c);
	snprintf(c->cell->reason, sizeof(c->cell->reason), "%s", excluded);
	return -ENODATA;
}

int count_cell(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, double tolerance)
{
	struct counted_cell c = { .setup = setup, .cell = cell, .plan = *plan };
	struct counts counts = { .risen = false };
	int err = prepare(&c);

	if (err)
		return err == -ENODATA ? 0 : err;
	err = compare(&c, SIDE_B, tolerance, &counts);
	if (!err)
		judge(cell, &counts, tolerance);
	return settle_counts(cell, &counts, err);
}

int count_control(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, double tolerance,
		  double *difference)
{
	struct counted_cell c = { .setup = setup, .cell = cell, .plan = *plan };
	struct counts counts = { .risen = false };
	int err = prepare(&c);

	err = err ? err : compare(&c, SIDE_A, tolerance, &counts);
	if (!err)
		*difference = log((double)counts.instructions[1] / (double)counts.instructions[0]);
	return err;
}

/* Returns about how long it takes to count both sides twice, by what rounds or runs of the last pair took. */
static double expected_ns(const struct gate_cell *cell)
{
	const struct pair_time *times = cell->pairs[cell->pair_count - 1].times;
	double a_ns = times[SIDE_A].mean_ns, counted = 1;

	if (cell->cell)
		counted = (double)instructions_items(cell->cell->items, a_ns) / (double)cell->cell->items;
	return 2 * (2 * START_NS + COUNTING_SLOWER * counted * (a_ns + times[SIDE_B].mean_ns));
}

/* It counts in copies, since neither the verdict nor the doubts of the gate may change by a remark. */
int count_beside(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, double tolerance,
		 uint64_t deadline_ns)
{
	struct trial_setup own = *setup;
	struct gate_cell beside = { .id = cell->id, .cell = cell->cell, .outputs = cell->outputs };
	int err;

	if ((double)clock_ns() + expected_ns(cell) > (double)deadline_ns)
		return 0;
	own.launcher.deadline_ns = deadline_ns;
	err = count_cell(&own, &beside, plan, tolerance);
	setup->signal = own.signal;
	if (!err && beside.measured)
		memcpy(cell->instructions, beside.instructions, sizeof(cell->instructions));
	return err == -EINTR ? err : 0;
}
