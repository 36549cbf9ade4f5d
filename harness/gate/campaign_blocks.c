/* By blocks of fresh processes: cells are screened, and those that may be slower are tested (campaign.h). */
#include "gate/internal.h"

#include "analyse/verdict.h"
#include "base/clock.h"
#include "gate/time/judge.h"
#include "gate/trials/steal.h"
#include "gate/trials/outputs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#define SCREEN_SHARE 0.5 /* share of the budget that the screening may take */
#define BLOCKS_LEAST 2   /* blocks that a look needs */
#define SCREEN_BLOCKS 3
#define RUNS_PRESET 48 /* of each side, unless --max-runs says how many */
#define ROUNDS_MOST 200
#define ROUNDS_NS 100e6 /* what the rounds of a trial should take together */

/* ---- Measuring ---- */

/* Runs trials of both sides that do not count. The first one of a cell tells how many rounds make a trial. */
static int warm_up(struct campaign_state *c, size_t i)
{
	struct campaign_cell *state = &c->cells[i];
	struct trial_setup *setup = &c->campaign->setup;
	struct trial trial;
	int err = trial_run(setup, &c->gate->cells[i], &state->plan, SIDE_A, &trial);

	if (!err && !state->warm) {
		state->warm = true;
		state->block_ns = 2 * STRATUM_SIDE * trial.elapsed_ns;
		if (!setup->rounds)
			state->plan.rounds =
				(uint32_t)fmin(fmax(ceil(ROUNDS_NS / trial.wall_ns), ROUNDS_LEAST), ROUNDS_MOST);
	}
	return err ? err : outputs_compare(setup, &c->gate->cells[i], &state->plan);
}

/* Measures blocks of a cell until `wanted` of them count in the stage, or there is no time for more before `until_ns`.
 * At most `wanted` blocks are repeated. Returns 0, -ETIME, or as trial_run() does. */
static int measure(struct campaign_state *c, size_t i, enum gate_stage stage, size_t wanted, uint64_t until_ns)
{
	struct gate_cell *cell = &c->gate->cells[i];
	struct campaign_cell *state = &c->cells[i];
	bool control = i == c->control;
	int err = 0;

	while (!err && block_count(cell, stage, false) < wanted) {
		uint64_t from_ns = clock_ns();
		bool may_drop = state->alone && block_count(cell, stage, true) < wanted;

		if (from_ns + state->block_ns * (control ? 3 : 2) / 2 > until_ns)
			return -ETIME;
		err = campaign_tell(c, cell->id, false);
		err = err ? err : block_run(&c->campaign->setup, cell, &state->plan, stage, control, may_drop);
		state->block_ns = (clock_ns() - from_ns) * 2 / (control ? 3 : 2);
		if (block_count(cell, stage, false))
			snprintf(cell->reason, sizeof(cell->reason), "it is not decided after %zu runs a side",
				 block_count(cell, stage, false) * STRATUM_SIDE);
	}
	cell->rounds = cell->cell ? state->plan.rounds : 0;
	cell->dropped = (unsigned)(block_count(cell, STAGE_SCREEN, true) + block_count(cell, STAGE_TEST, true));
	return err;
}

/* ---- Stages ---- */

/* Returns whether a cell takes part in a stage. Cells that failed do not. In the test, those that there was no time to
 * screen do not, since the time that is left is for those that were flagged. */
static bool takes_part(const struct campaign_state *c, size_t i, enum gate_stage stage)
{
	const struct gate_cell *cell = &c->gate->cells[i];

	if (cell->failed)
		return false;
	if (stage == STAGE_SCREEN)
		return !cell->screening.done;
	return cell->verdict == VERDICT_CANNOT_TELL && (cell->screening.done || c->gate->cell_count == 1);
}

/* Measures until all undecided cells of the test have `wanted` blocks: one block of each cell in turn, so that they
 * share the time. Returns 0, also if the time did not suffice, or an error that ends the campaign. */
static int test_more(struct campaign_state *c, size_t from, size_t wanted)
{
	int err = 0;

	for (size_t blocks = from + 1; blocks <= wanted && !err; blocks++)
		for (size_t i = 0; i < c->gate->cell_count && !err; i++)
			if (takes_part(c, i, STAGE_TEST))
				err = campaign_settle(&c->gate->cells[i],
						      measure(c, i, STAGE_TEST, blocks, c->deadline_ns));
	return err;
}

static int warm_up_all(struct campaign_state *c, enum gate_stage stage)
{
	int err = 0;

	for (size_t i = 0; i < c->gate->cell_count && !err; i++)
		if (takes_part(c, i, stage))
			err = campaign_settle(&c->gate->cells[i], warm_up(c, i));
	return err;
}

/* Does what all looks have in common. Returns whether there are enough blocks to look at, or -errno. */
static int prepare_look(struct campaign_state *c, size_t i, enum gate_stage stage)
{
	struct gate_cell *cell = &c->gate->cells[i];

	if (block_count(cell, stage, false) < BLOCKS_LEAST)
		return 0;
	if (!cell->measured)
		cell->judged = judge_what(cell, stage, c->steal_excluded, c->gate->tolerance);
	if (i == c->control && judge_controls(c->gate, cell, stage))
		return -ENOMEM;
	return 1;
}

static int screen_all(struct campaign_state *c)
{
	uint64_t until_ns = c->began_ns + (uint64_t)(SCREEN_SHARE * (double)(c->deadline_ns - c->began_ns));
	int err = warm_up_all(c, STAGE_SCREEN), ready;

	campaign_choose_control(c);
	for (size_t i = 0; i < c->gate->cell_count && !err; i++) /* a few blocks of each cell would tell nothing */
		if (takes_part(c, i, STAGE_SCREEN))
			err = campaign_settle(&c->gate->cells[i], measure(c, i, STAGE_SCREEN, SCREEN_BLOCKS, until_ns));
	for (size_t i = 0; i < c->gate->cell_count && !err; i++) {
		ready = takes_part(c, i, STAGE_SCREEN) ? prepare_look(c, i, STAGE_SCREEN) : 0;
		err = ready > 0 ? judge_screen(c->gate, &c->gate->cells[i]) : ready;
	}
	return err;
}

/* Takes one look at each cell that is not decided and has new blocks. */
static int look_at_all(struct campaign_state *c, size_t suspects)
{
	int err = 0;

	for (size_t i = 0; i < c->gate->cell_count && err >= 0; i++) {
		struct gate_cell *cell = &c->gate->cells[i];

		if (!takes_part(c, i, STAGE_TEST) ||
		    block_count(cell, STAGE_TEST, false) * STRATUM_SIDE == (cell->tested ? cell->trials_a_side : 0))
			continue;
		err = prepare_look(c, i, STAGE_TEST);
		err = err > 0 ? judge_look(c->gate, cell, suspects) : err;
	}
	return err < 0 ? err : 0;
}

static int test_all(struct campaign_state *c)
{
	uint32_t most = c->campaign->options->max_runs;
	size_t looks[LOOKS_MOST], count = verdict_looks(most ? most : RUNS_PRESET, looks), suspects = 0;
	int err = warm_up_all(c, STAGE_TEST);

	for (size_t i = 0; i < c->gate->cell_count; i++)
		suspects += takes_part(c, i, STAGE_TEST);
	c->gate->level = verdict_level(suspects);
	for (size_t k = 0; k < count && !err; k++) {
		err = test_more(c, k ? looks[k - 1] : 0, looks[k]);
		err = err ? err : look_at_all(c, suspects);
	}
	for (size_t i = 0; i < c->gate->cell_count; i++) {
		struct gate_cell *cell = &c->gate->cells[i];

		if (!err && takes_part(c, i, STAGE_TEST) && block_count(cell, STAGE_TEST, false) == looks[count - 1])
			snprintf(cell->reason, sizeof(cell->reason),
				 "it is not decided after %u runs a side (--max-runs)", cell->trials_a_side);
	}
	return err;
}

/* Screens several cells, and tests those that may be slower; tests a single cell at once. */
int campaign_by_blocks(struct campaign_state *c)
{
	int err;

	c->steal_excluded = steal_is_excluded();
	err = c->gate->cell_count > 1 ? screen_all(c) : 0;
	return err ? err : test_all(c);
}
