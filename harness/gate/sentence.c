#include "gate/sentence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The worst cell of a verdict: the most slowed down, or the first; `*count`: how many there are. Those `regressed` ones
 * that are allowed to be count by themselves. */
static const struct gate_cell *worst_of(const struct gate *gate, enum verdict verdict, bool allowed, size_t *count)
{
	const struct gate_cell *worst = NULL;

	*count = 0;
	for (size_t i = 0; i < gate->cell_count; i++) {
		const struct gate_cell *cell = &gate->cells[i];

		if (cell->verdict != verdict || (verdict == VERDICT_REGRESSED && cell->allowed != allowed))
			continue;
		if (!worst || (cell->measured && (!worst->measured || cell->slowdown.theta > worst->slowdown.theta)))
			worst = cell;
		(*count)++;
	}
	return worst;
}

static void more(FILE *out, size_t count)
{
	if (count > 1)
		fprintf(out, ", and %zu more", count - 1);
}

/* Two digits or more, and no exponent. */
static void say_percent(FILE *out, double share)
{
	fprintf(out, fabs(share) < 0.995 ? "%.2g" : "%.0f", 100 * share);
}

/* "CELL is 2.1 % slower" */
static void say_slower(FILE *out, const struct gate *gate, const struct gate_cell *cell)
{
	fprintf(out, "%s %s ", cell->id, gate->by_instructions ? "executes" : "is");
	say_percent(out, expm1(cell->slowdown.theta));
	fprintf(out, gate->by_instructions ? " %% more instructions" : " %% slower");
}

static void say_regressed(FILE *out, const struct gate *gate)
{
	size_t count;
	const struct gate_cell *cell = worst_of(gate, VERDICT_REGRESSED, false, &count);

	say_slower(out, gate, cell);
	if (!gate->by_instructions) {
		fprintf(out, " (");
		say_percent(out, expm1(cell->slowdown.low));
		fprintf(out, " to ");
		say_percent(out, expm1(cell->slowdown.high));
		fprintf(out, " %%)");
	}
	more(out, count);
}

static void say_unclear(FILE *out, const struct gate *gate)
{
	size_t count;
	const struct gate_cell *cell = worst_of(gate, VERDICT_CANNOT_TELL, false, &count);

	if (!cell) {
		fprintf(out, "a control failed");
		return;
	}
	fprintf(out, "%s", cell->id);
	if (cell->measured && !cell->failed && !gate->by_instructions)
		fprintf(out, " may be up to %.2g %% slower", 100 * cell->smallest_excluded);
	if (cell->reason[0])
		fprintf(out, ": %s", cell->reason);
	more(out, count);
}

static void say_pass(FILE *out, const struct gate *gate)
{
	size_t unchanged, allowed;
	const struct gate_cell *cell = worst_of(gate, VERDICT_REGRESSED, true, &allowed);

	worst_of(gate, VERDICT_UNCHANGED, false, &unchanged);
	if (cell) {
		say_slower(out, gate, cell);
		fprintf(out, ", which is allowed");
		more(out, allowed);
		if (allowed == gate->cell_count)
			return;
		fprintf(out, "; of the rest ");
	}
	if (unchanged == gate->cell_count)
		fprintf(out, "both sides are the same code, so nothing was run");
	else if (gate->by_instructions)
		fprintf(out, "nothing executes %.3g %% more instructions, or above", 100 * gate->tolerance);
	else
		fprintf(out, "nothing is slower by %.3g %% or more; a slow-down of %.2g %% would have shown",
			100 * gate->tolerance, 100 * gate->smallest_shown);
}

void sentence_write(struct gate *gate)
{
	FILE *out = fmemopen(gate->conclusion, sizeof(gate->conclusion), "w");

	if (!out)
		return;
	fprintf(out, "%s: ", verdict_word(gate->verdict));
	if (gate->verdict == VERDICT_REGRESSED)
		say_regressed(out, gate);
	else if (gate->verdict == VERDICT_CANNOT_TELL)
		say_unclear(out, gate);
	else
		say_pass(out, gate);
	fclose(out);
}
