#include "gate/count.h"

#include "gate/instructions.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct counted_cell {
	struct bed *bed;
	struct gate_cell *cell;
	struct trial_plan plan;
};

static int run_counted(void *context, int side, char *const *words)
{
	struct counted_cell *c = context;
	struct trial trial;

	c->plan.words = words;
	return trial_run(c->bed, c->cell, &c->plan, side ? SIDE_B : SIDE_A, &trial);
}

/* A few items are enough, since every run counts the same; what is made before the first round is made now. */
static int choose_items(struct counted_cell *c)
{
	struct trial trial;
	int err = trial_run(c->bed, c->cell, &c->plan, SIDE_A, &trial);

	c->plan.rounds = 1;
	if (err || !c->cell->cell)
		return err;
	c->plan.items = instructions_items(c->cell->cell->items, trial.wall_ns);
	for (int side = SIDE_A; side <= SIDE_B && !err; side++)
		err = trial_run(c->bed, c->cell, &c->plan, (enum gate_side)side, &trial);
	return err;
}

static void judge(struct gate_cell *cell, const struct counts *counts)
{
	double risen = log((double)counts->instructions[1] / (double)counts->instructions[0]);

	memcpy(cell->instructions, counts->instructions, sizeof(cell->instructions));
	cell->measured = true;
	cell->slowdown = (struct shift){ risen, risen, risen };
	cell->smallest_excluded = fmax(0, expm1(risen));
	cell->trials_a_side = cell->looks = 1;
	cell->verdict = counts->risen ? VERDICT_REGRESSED : VERDICT_PASS;
	cell->reason[0] = '\0';
}

static int compare(struct counted_cell *c, double tolerance)
{
	const struct side *sides = c->bed->sides;
	char folder[4096];
	struct counting counting = {
		.folder = folder,
		.words = { sides[0].argv ? sides[0].argv : sides[0].program,
			   sides[1].argv ? sides[1].argv : sides[1].program },
		.counted = c->cell->cell ? COUNTED_MARKED : COUNTED_ALL,
		.tolerance = tolerance,
		.run = run_counted,
		.context = c,
	};
	struct counts counts = { .risen = false };
	int err;

	snprintf(folder, sizeof(folder), "%s/counts", c->bed->scratch);
	if (mkdir(folder, 0700) && errno != EEXIST)
		return -errno;
	c->plan.instructions = true;
	err = instructions_compare(&counting, &counts);
	if (err == 0)
		judge(c->cell, &counts);
	else if (err == -ENODATA)
		snprintf(c->cell->reason, sizeof(c->cell->reason), "%s", counts.reason);
	else if (err == -ECHILD && counts.reason[0])
		snprintf(c->cell->failure.message + strlen(c->cell->failure.message),
			 sizeof(c->cell->failure.message) - strlen(c->cell->failure.message), " (%s)", counts.reason);
	if (counts.addresses_vary)
		c->bed->addresses_vary = true;
	return err == -ENODATA ? 0 : err;
}

int count_cell(struct bed *bed, struct gate_cell *cell, const struct trial_plan *plan, double tolerance)
{
	struct counted_cell c = { bed, cell, *plan };
	const char *excluded = cell->cell ? instructions_excluded(cell->cell) : NULL;
	int err;

	cell->judged = JUDGED_INSTRUCTIONS;
	if (excluded) {
		snprintf(cell->reason, sizeof(cell->reason), "%s", excluded);
		return 0;
	}
	err = choose_items(&c);
	return err ? err : compare(&c, tolerance);
}
