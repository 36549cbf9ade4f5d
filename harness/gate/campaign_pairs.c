/* By pairs, each of which is one more value of a cell: whoever is the least decided gets the next one. */
#include "gate/internal.h"

#include "base/array.h"
#include "base/clock.h"
#include "gate/pairs/judge.h"
#include "gate/trials/outputs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define PAIRS_PRESET 24 /* of each cell, unless --max-runs says how many */

/* ---- A pair ---- */

static int append(struct gate_cell *cell, const struct gate_pair *pair)
{
	struct gate_pair *pairs = array_with_room(cell->pairs, cell->pair_count, &cell->pair_capacity, sizeof(*pairs));

	if (!pairs)
		return -ENOMEM;
	cell->pairs = pairs;
	cell->pairs[cell->pair_count++] = *pair;
	cell->rounds = cell->cell ? pair->rounds : 0;
	return 0;
}

/* The control executes other items than A where work was added, so its outputs are others. */
static void note_outputs(struct gate_cell *cell, const struct gate_pair *pair)
{
	for (enum gate_side side = SIDE_A; side <= SIDE_B; side++) {
		const struct trial trial = { .side = side, .digest = pair->times[side].digest };

		if (cell->cell && trial.digest)
			outputs_note(&cell->outputs, &trial, true);
	}
}

static int open_cell(struct campaign_state *c, size_t i)
{
	struct campaign_cell *state = &c->cells[i];
	uint64_t from_ns = clock_ns();
	int err;

	state->opened = true;
	state->pairs.trial = &state->plan;
	state->pairs.added = verdict_added(c->gate->tolerance);
	c->gate->cells[i].pairing = state->pairing->name;
	err = state->pairing->open ? state->pairing->open(&c->campaign->setup, &c->gate->cells[i], &state->pairs) : 0;
	state->open_ns = clock_ns() - from_ns;
	state->pair_ns = (uint64_t)state->pairs.pair_ns;
	return err;
}

static int make_pair(struct campaign_state *c, size_t i)
{
	struct trial_setup *setup = &c->campaign->setup;
	struct campaign_cell *state = &c->cells[i];
	struct gate_cell *cell = &c->gate->cells[i];
	bool control = i == c->control, more = control && cell->pair_count % 2;
	uint64_t from_ns = clock_ns();
	struct gate_pair pair = { .started_ns = from_ns - setup->started_ns };
	int err = state->pairing->run(setup, cell, &state->pairs, control, more, &pair);

	pair.took_ns = clock_ns() - from_ns;
	pair.has_control = control;
	err = err ? err : append(cell, &pair);
	if (err) {
		gate_pair_release(&pair);
		return err;
	}
	state->pair_ns = pair.took_ns;
	note_outputs(cell, &pair);
	return 0;
}

/* ---- Looking ---- */

static int look(struct campaign_state *c, size_t i, bool last)
{
	int err = i == c->control ? pairs_judge_controls(c->gate, &c->gate->cells[i]) : 0;

	for (size_t k = 0; k < c->gate->cell_count; k++)
		pairs_disbelieve(c->gate, &c->gate->cells[k]);
	return err ? err : pairs_look(c->gate, &c->gate->cells[i], c->gate->cell_count, last);
}

/* The end of the time is a look like any other, instead of those that there is no time for. The control goes first,
 * since the margin follows from it. */
static int look_at_rest(struct campaign_state *c)
{
	size_t count = c->gate->cell_count;
	int err = 0;

	for (size_t k = 0; k < count && !err; k++) {
		size_t i = (c->control + k) % count;
		const struct gate_cell *cell = &c->gate->cells[i];

		if (is_open(cell) && cell->out_of_time && cell->pair_count >= c->looks[0])
			err = look(c, i, true);
	}
	return err;
}

/* ---- Cells ---- */

/* "resize/sequential/-/-/1: +0.12 % (-0.30 to +0.50 %), 7 pairs" */
static void describe(char *text, size_t size, const struct gate_cell *cell)
{
	const struct shift *s = &cell->slowdown;
	int used = snprintf(text, size, "%.300s", cell->id);

	if (cell->measured && isfinite(s->low) && isfinite(s->high))
		used += snprintf(text + used, size - (size_t)used, ": %+.2f %% (%+.2f to %+.2f %%)",
				 100 * expm1(s->theta), 100 * expm1(s->low), 100 * expm1(s->high));
	if (cell->measured)
		snprintf(text + used, size - (size_t)used, ", %zu pair%s", cell->pair_count,
			 cell->pair_count > 1 ? "s" : "");
}

/* Another pair, and a look if it is time for one; or what comes before the first pair and tells how long one takes, so
 * that another cell may go first. */
static int advance(struct campaign_state *c, size_t i)
{
	struct gate_cell *cell = &c->gate->cells[i];
	char text[512];
	int err;

	if (clock_ns() + c->cells[i].pair_ns > c->deadline_ns)
		return -ETIME;
	describe(text, sizeof(text), cell);
	campaign_advise(c); /* this may be the last that is heard of it */
	err = campaign_tell(c, text, false);
	if (!err && !c->cells[i].opened)
		return open_cell(c, i);
	err = err ? err : make_pair(c, i);
	err = err ? err : pairs_measure(c->gate, cell, c->gate->cell_count);
	if (!err && cell->pair_count == c->looks[cell->looks])
		err = look(c, i, cell->looks + 1 == c->look_count);
	return err;
}

/* How far the bounds are apart, in tolerances. */
static double width(const struct campaign_state *c, const struct gate_cell *cell)
{
	return cell->measured ? (cell->slowdown.high - cell->slowdown.low) / log1p(c->gate->tolerance) : INFINITY;
}

/* Whether cell `i` gets a pair before cell `k`: all cells have a look before any has its next one, the control's first,
 * and those that take long for it last; what was begun is taken to its look, and of several cells the least certain one
 * comes first. */
static bool comes_before(const struct campaign_state *c, size_t i, size_t k)
{
	const struct gate_cell *one = &c->gate->cells[i], *other = &c->gate->cells[k];

	if (one->looks != other->looks)
		return one->looks < other->looks;
	if (campaign_takes_long(c, i) != campaign_takes_long(c, k))
		return campaign_takes_long(c, k);
	if (one->looks == 0 && (i == c->control || k == c->control))
		return i == c->control;
	if (one->pair_count != other->pair_count)
		return one->pair_count > other->pair_count;
	return width(c, one) > width(c, other);
}

/* Returns the index of the cell that gets the next pair; the number of cells: there is none left. */
static size_t next_cell(const struct campaign_state *c)
{
	size_t next = c->gate->cell_count;

	for (size_t i = 0; i < c->gate->cell_count; i++) {
		const struct gate_cell *cell = &c->gate->cells[i];

		if (!is_open(cell) || cell->out_of_time || cell->looks == c->look_count)
			continue;
		if (next == c->gate->cell_count || comes_before(c, i, next))
			next = i;
	}
	return next;
}

int campaign_by_pairs(struct campaign_state *c)
{
	uint32_t most = c->campaign->options->max_runs;
	int err = 0;

	c->look_count = verdict_pair_looks(most ? most : PAIRS_PRESET, c->looks);
	c->gate->level = verdict_level(c->gate->cell_count);
	while (!err) {
		size_t i = next_cell(c);

		if (i == c->gate->cell_count)
			break;
		err = campaign_settle(&c->gate->cells[i], advance(c, i));
		campaign_choose_control(c);
	}
	err = err ? err : look_at_rest(c);
	if (!err)
		campaign_advise(c);
	for (size_t i = 0; i < c->gate->cell_count; i++)
		if (c->cells[i].opened && c->cells[i].pairing->release)
			c->cells[i].pairing->release(&c->cells[i].pairs);
	return err;
}
