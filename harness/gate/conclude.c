#include "gate/conclude.h"

#include "analyse/verdict.h"
#include "gate/sentence.h"
#include "gate/trials/outputs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BUSY_BLOCKS 3 /* a machine is busy when one in so many is disturbed */

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

/* Returns the largest smallest_shown of the cells that were measured. */
static double worst_shown(const struct gate *gate)
{
	double worst = NAN;

	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate->cells[i].measured)
			worst = fmax(worst, gate->cells[i].smallest_shown);
	return worst;
}

static uint32_t doubts_of(const struct gate *gate)
{
	size_t blocks = 0, disturbed = 0;
	uint32_t doubts = 0;

	for (size_t i = 0; i < gate->cell_count; i++) {
		const struct gate_cell *cell = &gate->cells[i];

		doubts |= cell->doubts;
		doubts |= outputs_differ(&cell->outputs) ? 1u << GATE_DOUBT_OUTPUTS_DIFFER : 0;
		doubts |= outputs_cost(&cell->outputs) ? 1u << GATE_DOUBT_OUTPUT_UNREAD : 0;
		doubts |= cell->out_of_time && cell->verdict == VERDICT_CANNOT_TELL ? 1u << GATE_DOUBT_BUDGET : 0;
		blocks += cell->block_count;
		for (size_t k = 0; k < cell->block_count; k++)
			disturbed += cell->blocks[k].disturbance > 1;
	}
	return doubts | (disturbed * BUSY_BLOCKS > blocks ? 1u << GATE_DOUBT_BUSY : 0);
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
