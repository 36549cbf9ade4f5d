/* Slices: for a cell of one worker that is the cell process itself. The processes of a pair share a processor and hand
 * a token to and fro in a ring (run/wire/ring.h); what their slices took is stitched. */
#include "gate/pairs/lap.h"
#include "gate/pairs/pairing.h"
#include "gate/pairs/slicing.h"
#include "gate/pairs/steady.h"
#include "gate/pairs/times.h"

#include "analyse/stitch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define QUANTILE 0.25  /* of a slice's times over the rounds (analyse/stitch.h) */
#define AGAIN_LEAST 50 /* slices; of fewer no share of 2 % can be executed again */
#define NO_COLUMN UINT32_MAX

/* A lap that is over. */
struct lap_reading {
	const struct lap *lap;
	double *ns; /* what each turn took (gate/pairs/steady.h) */
};

/* Which times of a side stand in a row. */
struct slice_columns {
	uint32_t count;
	const uint32_t *of_slice; /* or NO_COLUMN; NULL: each slice has its own */
	bool again;               /* of the slices when they were executed once more */
};

/* The times of a side, a row for each round. Owned by the caller; NULL without memory. */
static double *times_of(const struct lap_reading *r, enum gate_side side, const struct slice_columns *c)
{
	const struct ring *ring = r->lap->ring;
	unsigned seat = processes_seat(&r->lap->processes, side);
	double *times = calloc((size_t)ring->layout.rounds * c->count + 1, sizeof(*times));

	for (uint32_t t = 0; times && t < ring->layout.turns; t++) {
		const struct ring_turn *turn = &ring->turns[t];
		uint32_t column = c->of_slice ? c->of_slice[turn->slice] : turn->slice;

		if (turn->seat == seat && turn->again == c->again && column != NO_COLUMN)
			times[(size_t)turn->round * c->count + column] = r->ns[t];
	}
	return times;
}

static int take_side(const struct lap_reading *r, enum gate_side side, struct pair_time *time)
{
	const struct slice_columns all = { .count = r->lap->turns.slices };
	double *times = times_of(r, side, &all);
	int err = times ? pair_time_take(time, times, r->lap->turns.rounds, all.count, QUANTILE) : -ENOMEM;

	free(times);
	return err;
}

static int stitch_some(const struct lap_reading *r, enum gate_side side, const struct slice_columns *c,
		       struct stitched *stitched)
{
	double *times = times_of(r, side, c);
	int err = times ? stitch(times, r->lap->turns.rounds, c->count, QUANTILE, stitched) : -ENOMEM;

	free(times);
	return err;
}

/* Adds what the control has executed more than A to its times, and says how much that is by A's own times. */
static int take_again(const struct lap_reading *r, const uint32_t *columns, struct gate_pair *pair)
{
	struct slice_columns c = { .count = r->lap->turns.again_count, .of_slice = columns };
	struct pair_time *control = &pair->times[SIDE_CONTROL];
	struct stitched by_a, by_control;
	int err = stitch_some(r, SIDE_A, &c, &by_a);

	c.again = true;
	err = err ? err : stitch_some(r, SIDE_CONTROL, &c, &by_control);
	if (err)
		return err;
	control->undisturbed_ns += by_control.undisturbed_ns;
	control->mean_ns += by_control.mean_ns;
	pair->added = log1p(by_a.undisturbed_ns / pair->times[SIDE_A].undisturbed_ns);
	return 0;
}

/* `columns` holds as many as there are slices. */
static int take_sides(const struct lap_reading *r, uint32_t *columns, struct gate_pair *pair)
{
	const struct turns *t = &r->lap->turns;
	int err = 0;

	for (enum gate_side side = SIDE_A; side < SIDE_A + t->seats && !err; side++)
		err = take_side(r, side, &pair->times[side]);
	if (err || t->again_count == 0)
		return err;
	memset(columns, 0xff, t->slices * sizeof(*columns)); /* NO_COLUMN */
	for (uint32_t i = 0; i < t->again_count; i++)
		columns[t->again[i]] = i;
	return take_again(r, columns, pair);
}

static int take_pair(const struct lap *l, struct gate_pair *pair)
{
	struct lap_reading r = { .lap = l, .ns = steady_times(l->ring, l->cell->judged) };
	uint32_t *columns = malloc(l->turns.slices * sizeof(*columns));
	int err = r.ns && columns ? take_sides(&r, columns, pair) : -ENOMEM;

	pair->rounds = l->turns.rounds;
	pair->slices = l->turns.slices;
	free(columns);
	free(r.ns);
	return err;
}

/* Chooses what the control executes once more; `again` has room for all slices. */
static void choose_again(struct lap *l, uint32_t *again)
{
	const struct slicing *s = l->slicing;

	if (s->settles || s->slices < AGAIN_LEAST)
		return;
	l->turns.again = again;
	l->turns.again_count = turns_draw_again(s->costs, s->cuts, s->slices, l->plan->added, &l->setup->random, again);
}

static int run_lap(struct lap *l, struct gate_pair *pair, bool more)
{
	uint32_t *again = malloc(l->slicing->slices * sizeof(*again));
	int err = again ? 0 : -ENOMEM;

	if (!err && l->control && more)
		choose_again(l, again);
	err = err ? err : lap_drive(l);
	err = err ? err : take_pair(l, pair);
	ring_unmap(l->ring);
	free(again);
	return err;
}

static int slices_run(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, bool control,
		      bool more, struct gate_pair *pair)
{
	const struct slicing *s = plan->own;
	struct lap lap = {
		.setup = setup,
		.cell = cell,
		.plan = plan,
		.slicing = s,
		.control = control,
		.turns = { .seats = control ? 3 : 2, .slices = s->slices, .rounds = plan->rounds },
		.times = pair->times,
	};

	return run_lap(&lap, pair, more);
}

static int slices_open(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan)
{
	struct slicing *slicing = NULL;
	int err = slicing_create(setup, cell, plan, &slicing);

	plan->own = slicing;
	return err;
}

static void slices_release(struct pair_plan *plan)
{
	slicing_destroy(plan->own);
	plan->own = NULL;
}

const struct pairing pairing_slices = {
	.name = "slices",
	.open = slices_open,
	.run = slices_run,
	.release = slices_release,
};
