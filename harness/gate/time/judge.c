#include "gate/time/judge.h"

#include "analyse/verdict.h"
#include "gate/trials/control.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum judged judge_what(const struct gate_cell *cell, enum gate_stage stage, bool steal_excluded, double tolerance)
{
	bool one_worker = !cell->cell || cell->cell->workers == 1;
	double a = INFINITY, b = INFINITY;

	for (size_t i = 0; i < cell->block_count; i++) {
		const struct block *block = &cell->blocks[i];

		if (block->stage != stage)
			continue;
		a = trials_least_asleep(block->trials, block->trial_count, SIDE_A, a);
		b = trials_least_asleep(block->trials, block->trial_count, SIDE_B, b);
	}
	return one_worker && steal_excluded && trials_awake(a, b, tolerance) ? JUDGED_CPU : JUDGED_WALL;
}

static void take_shift(const struct gate *gate, struct gate_cell *cell, enum gate_stage stage, size_t blocks)
{
	cell->measured = true;
	cell->tested = stage == STAGE_TEST;
	cell->looks++;
	cell->trials_a_side = (unsigned)blocks * STRATUM_SIDE;
	cell->smallest_shown = verdict_smallest_shown(&cell->slowdown, gate->tolerance, gate->margin);
	cell->smallest_excluded = verdict_smallest_excluded(&cell->slowdown);
	cell->verdict = verdict_of(&cell->slowdown, gate->tolerance, gate->margin);
	if (cell->verdict != VERDICT_CANNOT_TELL)
		cell->reason[0] = '\0';
}

int judge_look(const struct gate *gate, struct gate_cell *cell, size_t flagged)
{
	size_t blocks;
	struct stratum *strata = block_strata(cell, STAGE_TEST, SIDE_B, cell->judged, &blocks);
	int err = strata ? verdict_look(strata, blocks, flagged, &cell->slowdown) : -ENOMEM;

	if (!err)
		take_shift(gate, cell, STAGE_TEST, blocks);
	free(strata);
	return err;
}

int judge_screen(const struct gate *gate, struct gate_cell *cell)
{
	struct screening *s = &cell->screening;
	size_t blocks;
	struct stratum *strata = block_strata(cell, STAGE_SCREEN, SIDE_B, cell->judged, &blocks);
	struct shift strict; /* what would have shown is what the test would have called so */
	int err = strata ? rank_test_shift(strata, blocks, SCREEN_LEVEL, &cell->slowdown) : -ENOMEM;

	err = err ? err : verdict_look(strata, blocks, 1, &strict);
	free(strata);
	if (err)
		return err;
	take_shift(gate, cell, STAGE_SCREEN, blocks);
	cell->smallest_shown = verdict_smallest_shown(&strict, gate->tolerance, gate->margin);
	*s = (struct screening){ true, cell->verdict != VERDICT_PASS, cell->slowdown, cell->trials_a_side };
	if (s->flagged) { /* new data will tell, not these */
		cell->verdict = VERDICT_CANNOT_TELL;
		snprintf(cell->reason, sizeof(cell->reason),
			 "the screening suspects it, and it was not measured again");
	}
	return 0;
}

/* ---- Controls ---- */

static void judge_both(struct gate *gate, const struct gate_cell *cell, const struct shift *shift)
{
	double added = log1p(verdict_added(gate->tolerance));
	const struct shift more = { shift->theta + added, shift->low + added, shift->high + added };

	control_judge(&gate->aa, gate, cell, shift, VERDICT_REGRESSED);
	control_judge(&gate->plus, gate, cell, &more, VERDICT_PASS);
}

int judge_controls(struct gate *gate, const struct gate_cell *cell, enum gate_stage stage)
{
	struct shift shift;
	size_t blocks;
	struct stratum *strata = block_strata(cell, stage, SIDE_CONTROL, cell->judged, &blocks);
	int err = strata ? rank_test_shift(strata, blocks, LOOK_LEVEL, &shift) : -ENOMEM;

	free(strata);
	if (err)
		return err;
	gate->margin = verdict_margin(shift.theta);
	gate->noise_floor = expm1((shift.high - shift.low) / 2);
	judge_both(gate, cell, &shift);
	return 0;
}

void judge_counted_control(struct gate *gate, const struct gate_cell *cell, double difference)
{
	const struct shift shift = { difference, difference, difference };

	gate->noise_floor = expm1(fabs(difference));
	judge_both(gate, cell, &shift);
}
