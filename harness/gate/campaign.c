#include "gate/campaign.h"

#include "analyse/verdict.h"
#include "base/clock.h"
#include "base/interrupts.h"
#include "gate/conclude.h"
#include "gate/count/count.h"
#include "gate/time/judge.h"
#include "gate/time/steal.h"
#include "gate/trials/outputs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCREEN_SHARE 0.5 /* share of the budget that the screening may take */
#define GRACE 1.1        /* times the budget: when the campaign must have ended, as for a run */
#define BLOCKS_LEAST 2   /* blocks that a look needs */
#define SCREEN_BLOCKS 3
#define ROUNDS_LEAST 5
#define ROUNDS_MOST 200
#define ROUNDS_NS 100e6 /* what the rounds of a trial should take together */

struct campaign_cell {
	struct trial_plan plan;
	bool alone;        /* its workers have processors to themselves */
	bool warm;         /* the number of its rounds is known */
	uint64_t block_ns; /* how long its last block took */
};

struct campaign_state {
	struct campaign *campaign;
	struct gate *gate;
	struct campaign_cell *cells; /* in the order of the gate's cells */
	size_t control;              /* index of the cell whose blocks have the control in them, too */
	bool steal_excluded;
	uint64_t began_ns, deadline_ns, saved_ns; /* CLOCK_MONOTONIC */
	sigset_t mask;                            /* before signals were caught */
};

/* ---- Telling ---- */

static int tell(struct campaign_state *c, const char *what, bool last)
{
	const struct campaign_observer *o = &c->campaign->observer;
	uint64_t now_ns = clock_ns();

	if (o->progress)
		o->progress(o->context, now_ns - c->began_ns, c->deadline_ns - c->began_ns, what);
	if (!o->save || (!last && now_ns - c->saved_ns < 1000000000))
		return 0;
	c->saved_ns = now_ns;
	conclude_so_far(c->gate);
	return o->save(o->context, c->gate);
}

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
		err = tell(c, cell->id, false);
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

/* Sets what a failure, or the end of the time, means for the cell, and returns 0. Returns other errors, which end the
 * campaign. */
static int settle(struct gate_cell *cell, int err)
{
	cell->out_of_time = err == -ETIME;
	if (err == -ETIME)
		snprintf(cell->reason, sizeof(cell->reason), "the time of --budget was over before it was decided");
	else if (err == -ECHILD)
		snprintf(cell->reason, sizeof(cell->reason), "side %s failed: %.440s",
			 cell->failed_side == SIDE_B ? "B" : "A", cell->failure.message);
	return err == -ETIME || err == -ECHILD ? 0 : err;
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
				err = settle(&c->gate->cells[i], measure(c, i, STAGE_TEST, blocks, c->deadline_ns));
	return err;
}

static int warm_up_all(struct campaign_state *c, enum gate_stage stage)
{
	int err = 0;

	for (size_t i = 0; i < c->gate->cell_count && !err; i++)
		if (takes_part(c, i, stage))
			err = settle(&c->gate->cells[i], warm_up(c, i));
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

/* Chooses the first cell that works, since without a control the whole gate is not believed. */
static void choose_control(struct campaign_state *c)
{
	while (c->control + 1 < c->gate->cell_count && c->gate->cells[c->control].failed)
		c->control++;
}

static int screen_all(struct campaign_state *c)
{
	uint64_t until_ns = c->began_ns + (uint64_t)(SCREEN_SHARE * (double)(c->deadline_ns - c->began_ns));
	int err = warm_up_all(c, STAGE_SCREEN), ready;

	choose_control(c);
	for (size_t i = 0; i < c->gate->cell_count && !err; i++) /* a few blocks of each cell would tell nothing */
		if (takes_part(c, i, STAGE_SCREEN))
			err = settle(&c->gate->cells[i], measure(c, i, STAGE_SCREEN, SCREEN_BLOCKS, until_ns));
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
	size_t looks[LOOKS_MOST], count = verdict_looks(c->campaign->options->max_runs, looks), suspects = 0;
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
		return err == -ENODATA ? 0 : settle(cell, err);
	}
	return 0;
}

static int count_all(struct campaign_state *c)
{
	int err = 0;

	for (size_t i = 0; i < c->gate->cell_count && !err; i++) {
		struct gate_cell *cell = &c->gate->cells[i];

		bool late = clock_ns() > c->deadline_ns;

		if (cell->failed)
			continue;
		err = tell(c, cell->id, false);
		err = err ? err
			  : settle(cell, late ? -ETIME
					      : count_cell(&c->campaign->setup, cell, &c->cells[i].plan,
							   c->gate->tolerance));
	}
	return err ? err : count_baseline_again(c);
}

/* Screens several cells, and tests those that may be slower; tests a single cell at once. */
static int time_all(struct campaign_state *c)
{
	int err = c->gate->cell_count > 1 ? screen_all(c) : 0;

	return err ? err : test_all(c);
}

/* ---- All ---- */

static int prepare_cell(struct campaign_state *c, size_t i)
{
	struct gate_cell *cell = &c->gate->cells[i];
	struct campaign_cell *state = &c->cells[i];
	const struct placement *p = c->campaign->placement;
	char why[sizeof(cell->reason)] = "";

	cell->verdict = VERDICT_CANNOT_TELL;
	snprintf(cell->reason, sizeof(cell->reason), "none of its runs count yet");
	state->plan.rounds = c->campaign->setup.rounds ? c->campaign->setup.rounds : ROUNDS_LEAST;
	state->alone = true;
	if (!cell->cell)
		return 0;
	state->plan.bind = calloc(cell->cell->workers, sizeof(*state->plan.bind));
	if (!state->plan.bind)
		return -ENOMEM;
	if (placement_choose(p, cell->cell->bind, cell->cell->workers, state->plan.bind, WHY(why))) {
		cell->failure = (struct failure){ .kind = FAILURE_UNAVAILABLE, .exit_status = -1, .item = -1 };
		snprintf(cell->failure.message, sizeof(cell->failure.message), "%s", why);
		snprintf(cell->reason, sizeof(cell->reason), "%s", why);
		cell->failed = true;
	}
	state->alone =
		cell->cell->workers <= p->usable && !placement_oversubscribes(p, state->plan.bind, cell->cell->workers);
	return 0;
}

static int state_init(struct campaign_state *c)
{
	struct trial_setup *setup = &c->campaign->setup;
	int fd = interrupts_catch(&c->mask), err = fd < 0 ? fd : 0;

	setup->launcher.signal_fd = fd;
	c->began_ns = clock_ns();
	c->deadline_ns = c->began_ns + c->campaign->options->run.budget_ns;
	setup->launcher.deadline_ns = c->began_ns + (uint64_t)(GRACE * (double)c->campaign->options->run.budget_ns);
	c->steal_excluded = steal_is_excluded();
	c->cells = calloc(c->gate->cell_count + 1, sizeof(*c->cells));
	if (!c->cells)
		return -ENOMEM;
	for (size_t i = 0; i < c->gate->cell_count && !err; i++)
		err = prepare_cell(c, i);
	return err;
}

static void state_release(struct campaign_state *c)
{
	for (size_t i = 0; c->cells && i < c->gate->cell_count; i++)
		free(c->cells[i].plan.bind);
	free(c->cells);
	interrupts_let(c->campaign->setup.launcher.signal_fd, &c->mask);
}

int campaign_run(struct campaign *campaign, struct gate *gate)
{
	struct campaign_state c = { .campaign = campaign, .gate = gate };
	int err = state_init(&c), saved;

	err = err ? err : gate->by_instructions ? count_all(&c) : time_all(&c);
	gate->ended_ns = clock_ns();
	if (err == -EINTR)
		gate->interrupted = campaign->setup.signal;
	conclude_end(gate);
	saved = err && err != -EINTR ? err : tell(&c, "", true);
	state_release(&c);
	return err ? err : saved;
}
