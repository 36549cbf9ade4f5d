#include "gate/time/judge.h"

#include "analyse/statistics.h"
#include "gate/conclude.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ASLEEP_MOST 0.05 /* of a trial whose CPU time stands for all of it */

#define BUSY_BLOCKS 3 /* a machine is busy when one in so many is disturbed */

/* ---- A cell ---- */

/* The median over a side's trials of how long they slept. */
static double median_asleep(const struct gate_cell *cell, enum gate_stage stage, enum gate_side side, double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->block_count; i++)
		for (size_t k = 0; k < cell->blocks[i].trial_count; k++)
			if (cell->blocks[i].stage == stage && cell->blocks[i].trials[k].side == side)
				values[count++] = cell->blocks[i].trials[k].asleep;
	values_sort(values, count);
	return values_median(values, count);
}

enum judged judge_what(const struct gate_cell *cell, enum gate_stage stage, bool steal_excluded, double tolerance)
{
	bool one_worker = !cell->cell || cell->cell->workers == 1, awake = false;
	double *values = calloc(STRATUM_SIDE * SIDE_COUNT * cell->block_count + 1, sizeof(*values));

	if (values && one_worker && steal_excluded) {
		double a = median_asleep(cell, stage, SIDE_A, values), b = median_asleep(cell, stage, SIDE_B, values);

		awake = fabs(a) < ASLEEP_MOST && fabs(b) < ASLEEP_MOST && fabs(b - a) < tolerance / 2;
	}
	free(values);
	return awake ? JUDGED_CPU : JUDGED_WALL;
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
	int err = strata ? rank_test_shift(strata, blocks, SCREEN_LEVEL, &cell->slowdown) : -ENOMEM;

	free(strata);
	if (err)
		return err;
	take_shift(gate, cell, STAGE_SCREEN, blocks);
	*s = (struct screening){ true, cell->verdict != VERDICT_PASS, cell->slowdown, cell->trials_a_side };
	if (s->flagged) { /* never by this look: fresh data will say */
		cell->verdict = VERDICT_CANNOT_TELL;
		snprintf(cell->reason, sizeof(cell->reason), "it may be slower, and was not measured again");
	}
	return 0;
}

/* ---- Controls ---- */

static void judge_control(struct control *control, const struct gate_cell *cell, const struct shift *shift,
			  double added, enum verdict forbidden, const struct gate *gate)
{
	bool held = !control->done || control->holds;

	control->done = true;
	control->cell = cell->id;
	control->slowdown = (struct shift){ shift->theta + added, shift->low + added, shift->high + added };
	control->verdict = verdict_of(&control->slowdown, gate->tolerance, gate->margin);
	control->holds = held && control->verdict != forbidden; /* at every look, since cells were judged at each */
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
	judge_control(&gate->aa, cell, &shift, 0, VERDICT_REGRESSED, gate);
	judge_control(&gate->plus, cell, &shift, log1p(verdict_added(gate->tolerance)), VERDICT_PASS, gate);
	return 0;
}

/* ---- All cells ---- */

void judge_counted_control(struct gate *gate, const struct gate_cell *cell, double difference)
{
	const struct shift shift = { difference, difference, difference };

	gate->noise_floor = expm1(fabs(difference));
	judge_control(&gate->aa, cell, &shift, 0, VERDICT_REGRESSED, gate);
	judge_control(&gate->plus, cell, &shift, log1p(verdict_added(gate->tolerance)), VERDICT_PASS, gate);
}

static const char *failed_control(const struct gate *gate)
{
	for (size_t i = 0; i < gate->cell_count && !gate->by_instructions && !gate->aa.done; i++)
		if (gate->cells[i].measured)
			return "its cell failed before it was judged";
	if (gate->aa.done && !gate->aa.holds)
		return "the baseline came out slower than itself";
	if (gate->plus.done && !gate->plus.holds)
		return "a slow-down that was added to the baseline was not seen";
	return NULL;
}

static enum verdict verdict_in_gate(const struct gate *gate)
{
	enum verdict *verdicts = calloc(gate->cell_count + 1, sizeof(*verdicts)), all = VERDICT_CANNOT_TELL;

	for (size_t i = 0; verdicts && i < gate->cell_count; i++) {
		const struct gate_cell *cell = &gate->cells[i];

		verdicts[i] = cell->allowed && cell->verdict == VERDICT_REGRESSED ? VERDICT_PASS : cell->verdict;
	}
	if (verdicts && !failed_control(gate))
		all = verdict_in_all(verdicts, gate->cell_count);
	free(verdicts);
	return all;
}

/* Of the cells that were timed, the largest. */
static double worst_shown(const struct gate *gate)
{
	double worst = NAN;

	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate->cells[i].measured)
			worst = fmax(worst, gate->cells[i].smallest_shown);
	return worst;
}

/* Whether a side's outputs differ from the baseline's, which are the same each time. */
static bool outputs_differ(const struct gate_cell *cell)
{
	uint64_t digest = cell->block_count ? cell->blocks[0].trials[0].digest : 0;

	for (size_t i = 0; i < cell->block_count; i++)
		for (size_t k = 0; k < cell->blocks[i].trial_count; k++)
			if (cell->blocks[i].trials[k].digest != digest)
				return true;
	return false;
}

static uint32_t doubts_of(const struct gate *gate)
{
	size_t blocks = 0, disturbed = 0;
	uint32_t doubts = 0;

	for (size_t i = 0; i < gate->cell_count; i++) {
		const struct gate_cell *cell = &gate->cells[i];

		doubts |= outputs_differ(cell) ? 1u << GATE_DOUBT_OUTPUTS_DIFFER : 0;
		doubts |= cell->out_of_time && cell->verdict == VERDICT_CANNOT_TELL ? 1u << GATE_DOUBT_BUDGET : 0;
		blocks += cell->block_count;
		for (size_t k = 0; k < cell->block_count; k++)
			disturbed += cell->blocks[k].disturbance > 1;
	}
	return doubts | (disturbed * BUSY_BLOCKS > blocks ? 1u << GATE_DOUBT_BUSY : 0);
}

void judge_all(struct gate *gate)
{
	gate->doubts |= doubts_of(gate);
	gate->verdict = verdict_in_gate(gate);
	gate->smallest_shown = worst_shown(gate);
	conclude(gate);
}

void judge_end(struct gate *gate)
{
	const char *what = failed_control(gate);

	for (size_t i = 0; what && i < gate->cell_count; i++) {
		struct gate_cell *cell = &gate->cells[i];

		if (cell->verdict == VERDICT_UNCHANGED || cell->failed)
			continue;
		cell->verdict = VERDICT_CANNOT_TELL;
		snprintf(cell->reason, sizeof(cell->reason), "a control failed: %s", what);
	}
	judge_all(gate);
}

void judge_unchanged(struct gate *gate)
{
	for (size_t i = 0; i < gate->cell_count; i++)
		gate->cells[i].verdict = VERDICT_UNCHANGED;
	judge_all(gate);
}
