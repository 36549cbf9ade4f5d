#include "gate/conclude.h"

#include "analyse/verdict.h"
#include "gate/sentence.h"
#include "gate/trials/outputs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BUSY_BLOCKS 3   /* a machine is busy when one in so many is disturbed */
#define BUSY_MEAN 1.2   /* or when most rounds take so many times their undisturbed time */

/* Why no control was judged, although cells were; NULL: that is not so. */
static const char *missing_control(const struct gate *gate)
{
	bool judged = false, failed = false;

	for (size_t i = 0; i < gate->cell_count; i++) {
		judged |= gate->cells[i].looks > 0;
		failed |= gate->cells[i].failed;
	}
	if (gate->by_instructions || gate->aa.done || !judged)
		return NULL;
	return failed ? "its cell failed before it was judged" : "the time was over before it was judged";
}

static const char *failed_control(const struct gate *gate)
{
	const char *missing = missing_control(gate);

	if (missing)
		return missing;
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

/* Returns the largest smallest_shown of the cells that were measured. */
static double worst_shown(const struct gate *gate)
{
	double worst = NAN;

	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate->cells[i].measured)
			worst = fmax(worst, gate->cells[i].smallest_shown);
	return worst;
}

/* Pairs are not disturbed as blocks are: bounds say how certain they are. But where these did not decide, and rounds
 * took longer on average than undisturbed, a quieter machine would help. */
static bool is_slowed_down(const struct gate_cell *cell)
{
	size_t slow = 0;

	for (size_t i = 0; i < cell->pair_count; i++)
		slow += cell->pairs[i].times[SIDE_A].mean_ns > BUSY_MEAN * cell->pairs[i].times[SIDE_A].undisturbed_ns;
	return cell->verdict == VERDICT_CANNOT_TELL && slow * 2 > cell->pair_count;
}

static bool is_busy(const struct gate *gate)
{
	size_t blocks = 0, disturbed = 0;
	bool slow = false;

	for (size_t i = 0; i < gate->cell_count; i++) {
		const struct gate_cell *cell = &gate->cells[i];

		slow |= gate->ended_ns && is_slowed_down(cell);
		blocks += cell->block_count;
		for (size_t k = 0; k < cell->block_count; k++)
			disturbed += cell->blocks[k].disturbance > 1;
	}
	return slow || disturbed * BUSY_BLOCKS > blocks;
}

static uint32_t doubts_of_cell(const struct gate_cell *cell)
{
	bool unclear = cell->verdict == VERDICT_CANNOT_TELL;

	return cell->doubts | (uint32_t)outputs_differ(&cell->outputs) << GATE_DOUBT_OUTPUTS_DIFFER |
	       (uint32_t)outputs_cost(&cell->outputs) << GATE_DOUBT_OUTPUT_UNREAD |
	       (uint32_t)(cell->out_of_time && unclear) << GATE_DOUBT_BUDGET;
}

static uint32_t doubts_of(const struct gate *gate)
{
	uint32_t doubts = (uint32_t)is_busy(gate) << GATE_DOUBT_BUSY;

	for (size_t i = 0; i < gate->cell_count; i++)
		doubts |= doubts_of_cell(&gate->cells[i]);
	return gate->ended_ns ? doubts : doubts & ~(1u << GATE_DOUBT_BUDGET); /* the last look may still decide */
}

void conclude_so_far(struct gate *gate)
{
	gate->doubts |= doubts_of(gate);
	gate->verdict = verdict_in_gate(gate);
	gate->smallest_shown = worst_shown(gate);
	sentence_write(gate, failed_control(gate));
}

void conclude_end(struct gate *gate)
{
	const char *what = failed_control(gate);

	for (size_t i = 0; what && i < gate->cell_count; i++) {
		struct gate_cell *cell = &gate->cells[i];

		if (cell->verdict == VERDICT_UNCHANGED || cell->failed)
			continue;
		cell->verdict = VERDICT_CANNOT_TELL;
		snprintf(cell->reason, sizeof(cell->reason), "a control failed: %s", what);
	}
	conclude_so_far(gate);
}

void conclude_unchanged(struct gate *gate)
{
	for (size_t i = 0; i < gate->cell_count; i++)
		gate->cells[i].verdict = VERDICT_UNCHANGED;
	conclude_so_far(gate);
}
