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

#define QUANTILE 0.25  /* of a slice's times over the rounds (analyse/stitch.h) */
#define AGAIN_LEAST 50 /* slices; of fewer no share of 2 % can be executed again */

/* A lap that is over. */
struct lap_reading {
	const struct lap *lap;
	double *ns; /* what each turn took (gate/pairs/steady.h) */
};

/* The times of a side, a row of all slices for each round: those of the slices when they were executed once more, or
 * else. 0: that was not. Owned by the caller; NULL without memory. */
static double *times_of(const struct lap_reading *r, enum gate_side side, bool again)
{
	const struct ring *ring = r->lap->ring;
	unsigned seat = processes_seat(&r->lap->processes, side);
	double *times = calloc((size_t)ring->layout.rounds * ring->layout.slices + 1, sizeof(*times));

	for (uint32_t t = 0; times && t < ring->layout.turns; t++) {
		const struct ring_turn *turn = &ring->turns[t];

		if (turn->seat == seat && turn->again == again)
			times[(size_t)turn->round * ring->layout.slices + turn->slice] = r->ns[t];
	}
	return times;
}

static int take_side(const struct lap_reading *r, enum gate_side side, struct pair_time *time)
{
	double *times = times_of(r, side, false);
	int err = times ? pair_time_take(time, times, r->lap->turns.rounds, r->lap->turns.slices, QUANTILE) : -ENOMEM;

	free(times);
	return err;
}

/* Adds what the control has executed more than A to its times, and says how much that is by A's own times. */
static int take_again(const struct lap_reading *r, struct gate_pair *pair)
{
	double *by_a = times_of(r, SIDE_A, false), *by_control = times_of(r, SIDE_CONTROL, true);
	size_t rounds = r->lap->turns.rounds, slices = r->lap->turns.slices;
	struct pair_time *control = &pair->times[SIDE_CONTROL];
	struct stitched a, more;
	int err = by_a && by_control ? 0 : -ENOMEM;

	for (size_t i = 0; i < rounds * slices && !err; i++)
		by_a[i] = by_control[i] > 0 ? by_a[i] : 0; /* of the same slices only */
	err = err ? err : stitch(by_a, rounds, slices, QUANTILE, &a);
	err = err ? err : stitch(by_control, rounds, slices, QUANTILE, &more);
	free(by_a);
	free(by_control);
	if (err)
		return err;
	control->undisturbed_ns += more.undisturbed_ns;
	control->mean_ns += more.mean_ns;
	pair->added = log1p(a.undisturbed_ns / pair->times[SIDE_A].undisturbed_ns);
	return 0;
}

static int take_sides(const struct lap_reading *r, struct gate_pair *pair)
{
	const struct turns *t = &r->lap->turns;
	int err = 0;

	for (enum gate_side side = SIDE_A; side < SIDE_A + t->seats && !err; side++)
		err = take_side(r, side, &pair->times[side]);
	return err || t->again_count == 0 ? err : take_again(r, pair);
}

static int take_pair(const struct lap *l, struct gate_pair *pair)
{
	struct lap_reading r = { .lap = l, .ns = steady_times(l->ring, l->cell->judged) };
	int err = r.ns ? take_sides(&r, pair) : -ENOMEM;

	pair->rounds = l->turns.rounds;
	pair->slices = l->turns.slices;
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
