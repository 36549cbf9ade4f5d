/* By instructions, which are counted once or twice; or beside time, to explain what it says. */
#include "gate/internal.h"

#include "base/clock.h"
#include "gate/count/count.h"
#include "gate/count/instructions.h"
#include "gate/time/judge.h"

#include <errno.h>
#include <stdio.h>

#define BESIDE_NS 5000000000 /* what counting may take, or as long as the pairs have taken */

/* Counts the baseline once more, of the first cell that was counted. */
static int count_baseline_again(struct campaign_state *c)
{
	for (size_t i = 0; i < c->gate->cell_count; i++) {
		struct gate_cell *cell = &c->gate->cells[i];
		double difference;
		int err;

		if (!cell->measured)
			continue;
		err = count_control(&c->campaign->setup, cell, &c->cells[i].plan, c->gate->tolerance, &difference);
		if (!err)
			judge_counted_control(c->gate, cell, difference);
		return err == -ENODATA ? 0 : campaign_settle(cell, err);
	}
	return 0;
}

int campaign_by_counts(struct campaign_state *c)
{
	int err = 0;

	for (size_t i = 0; i < c->gate->cell_count && !err; i++) {
		struct gate_cell *cell = &c->gate->cells[i];
		bool late = clock_ns() > c->deadline_ns;

		if (cell->failed)
			continue;
		err = campaign_tell(c, cell->id, false);
		if (!err)
			err = late ? -ETIME
				   : count_cell(&c->campaign->setup, cell, &c->cells[i].plan, c->gate->tolerance);
		err = campaign_settle(cell, err);
	}
	return err ? err : count_baseline_again(c);
}

/* ---- Beside time ---- */

/* What strikes in some rounds only is not in the one that is counted. */
static bool needs_explaining(const struct gate_cell *cell)
{
	bool asks = cell->verdict == VERDICT_REGRESSED || cell->verdict == VERDICT_CANNOT_TELL;

	return asks && cell->pair_count && !cell->failed && cell->kind != SLOWER_RARE &&
	       !(cell->cell && instructions_excluded(cell->cell));
}

/* A remark takes no longer than the verdict did, or a few seconds. */
static uint64_t deadline_of(const struct campaign_state *c, const struct gate_cell *cell)
{
	uint64_t took_ns = 0, until_ns;

	for (size_t i = 0; i < cell->pair_count; i++)
		took_ns += cell->pairs[i].took_ns;
	until_ns = clock_ns() + (took_ns > BESIDE_NS ? took_ns : BESIDE_NS);
	return until_ns < c->deadline_ns ? until_ns : c->deadline_ns;
}

static int count_one_beside(struct campaign_state *c, size_t i)
{
	struct gate_cell *cell = &c->gate->cells[i];
	char text[512];
	int err;

	snprintf(text, sizeof(text), "%.300s: counting its instructions", cell->id);
	err = campaign_tell(c, text, false);
	if (err)
		return err;
	return count_beside(&c->campaign->setup, cell, &c->cells[i].plan, c->gate->tolerance,
			    deadline_of(c, cell));
}

int campaign_count_beside(struct campaign_state *c)
{
	char why[256];
	int err = 0;

	if (callgrind_find(WHY(why)))
		return 0;
	for (size_t i = 0; i < c->gate->cell_count && !err; i++)
		if (needs_explaining(&c->gate->cells[i]))
			err = count_one_beside(c, i);
	return err;
}
