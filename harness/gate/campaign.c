#include "gate/internal.h"

#include "base/clock.h"
#include "base/interrupts.h"
#include "gate/conclude.h"
#include "model/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define GRACE 1.1 /* times the budget: when the campaign must have ended, as for a run */

/* ---- Telling ---- */

int campaign_tell(struct campaign_state *c, const char *what, bool last)
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

int campaign_settle(struct gate_cell *cell, int err)
{
	cell->out_of_time = err == -ETIME;
	if (err == -ETIME)
		snprintf(cell->reason, sizeof(cell->reason), "the time of --budget was over before it was decided");
	else if (err == -ECHILD)
		snprintf(cell->reason, sizeof(cell->reason), "side %s failed: %.440s",
			 cell->failed_side == SIDE_B ? "B" : "A", cell->failure.message);
	return err == -ETIME || err == -ECHILD ? 0 : err;
}

bool campaign_takes_long(const struct campaign_state *c, size_t i)
{
	size_t pairs = c->gate->cells[i].pair_count;
	uint64_t now_ns = clock_ns(), left_ns = c->deadline_ns > now_ns ? c->deadline_ns - now_ns : 0;

	return pairs < c->looks[0] && c->cells[i].pair_ns * (c->looks[0] - pairs) > left_ns / 2;
}

/* It will never be judged. */
static bool gave_up(const struct campaign_state *c, size_t i)
{
	const struct gate_cell *cell = &c->gate->cells[i];

	return cell->failed || (cell->out_of_time && cell->pair_count < c->looks[0]);
}

/* All of its pairs could have the control. */
static bool is_fresh(const struct campaign_state *c, size_t i)
{
	const struct gate_cell *cell = &c->gate->cells[i];

	return is_open(cell) && !gave_up(c, i) && cell->pair_count == 0 && !campaign_takes_long(c, i);
}

/* The first cell for which `fits` is true; the number of cells: there is none. */
static size_t first_cell(const struct campaign_state *c, bool (*fits)(const struct campaign_state *c, size_t i))
{
	size_t i = 0;

	while (i < c->gate->cell_count && !fits(c, i))
		i++;
	return i;
}

static bool goes_on(const struct campaign_state *c, size_t i)
{
	return !gave_up(c, i);
}

void campaign_choose_control(struct campaign_state *c)
{
	bool lost = gave_up(c, c->control);
	size_t next = c->control;

	if (lost || campaign_takes_long(c, c->control))
		next = first_cell(c, is_fresh);
	if (lost && next == c->gate->cell_count)
		next = first_cell(c, goes_on);
	c->control = next < c->gate->cell_count ? next : c->control;
}

/* ---- All ---- */

/* How the sides of a cell take turns; NULL: a build is too old for that. */
static const struct pairing *pairing_of(const struct campaign_state *c, const struct gate_cell *cell)
{
	if (!cell->cell)
		return c->campaign->setup.inputs ? &pairing_files : &pairing_runs;
	if (!c->take_turns)
		return NULL;
	return registry_mode(cell->cell->mode) == registry_baseline() ? &pairing_slices : &pairing_rounds;
}

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
	state->pairing = pairing_of(c, cell);
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
	c->cells = calloc(c->gate->cell_count + 1, sizeof(*c->cells));
	if (!c->cells)
		return -ENOMEM;
	c->take_turns = sides_are_commands(setup->sides) ||
			(side_takes_turns(&setup->sides[0]) && side_takes_turns(&setup->sides[1]));
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

static int measure(struct campaign_state *c)
{
	if (c->gate->by_instructions)
		return campaign_by_counts(c);
	if (c->take_turns) {
		int err = campaign_by_pairs(c);

		return err ? err : campaign_count_beside(c);
	}
	c->gate->doubts |= 1u << GATE_DOUBT_BLOCKS;
	return campaign_by_blocks(c);
}

int campaign_run(struct campaign *campaign, struct gate *gate)
{
	struct campaign_state c = { .campaign = campaign, .gate = gate };
	int err = state_init(&c), saved;

	err = err ? err : measure(&c);
	gate->ended_ns = clock_ns();
	if (err == -EINTR)
		gate->interrupted = campaign->setup.signal;
	conclude_end(gate);
	saved = err && err != -EINTR ? err : campaign_tell(&c, "", true);
	state_release(&c);
	return err ? err : saved;
}
