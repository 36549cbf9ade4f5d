#include "gate/pairs/slicing.h"

#include "gate/pairs/footprint.h"
#include "gate/pairs/lap.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define SLICE_NS 100e3   /* short enough that most are executed undisturbed */
#define FAR_SLICE_NS 2e6 /* long enough that what the other side has left in caches does not matter */
#define LONG_NS 3e6      /* in longer slices others get the processor, too */
#define FOOTPRINT_MOST 0.002 /* the sides may differ by that */
#define FOOTPRINT_LOW 0.001  /* if they differ by that for certain, they may differ by FOOTPRINT_MOST */
#define ROUNDS_NS 600e6      /* what the rounds of a pair with its control should take */
#define ROUNDS_LEAST 5
#define ROUNDS_MOST 30
#define SLICES_MOST (RING_MOST / ((RING_SEATS + 1) * ROUNDS_MOST)) /* so that a ring can have so many rounds of them */
#define LEARNED_ROUNDS 3
#define CALIBRATIONS 3
#define CALIBRATION_NS 400e6
#define CALIBRATION_LEAST 6 /* rounds */
#define CALIBRATION_MOST 16
#define ASLEEP_MOST 0.05 /* share of the turns that may sleep, and the others still be judged by CPU time */

/* How long a round took, less the time in which others had the processor. */
static double undelayed_ns(const struct sample *s)
{
	return fmin((double)s->wall_ns, (double)(s->cpu_ns + s->total.body_wait_ns));
}

/* Lets A execute a few rounds by itself, which tell what its items cost. */
static int learn_costs(struct trial_setup *setup, struct gate_cell *cell, const struct pair_plan *plan,
		       struct slicing *s)
{
	struct invocation_result r = { 0 };
	char scratch[SCRATCH_SIZE], *environment[] = { setup->sides[SIDE_A].root, NULL };
	struct cell_launcher launcher = setup->launcher;
	struct spec spec = trial_spec(setup, cell, plan->trial, SIDE_A, 0, scratch);
	double sum_ns;
	int err;

	launcher.program = setup->sides[SIDE_A].program;
	launcher.environment = environment;
	spec.rounds = LEARNED_ROUNDS;
	invocation_run(&launcher, &spec, NULL, NULL, NULL, &r);
	err = trial_outcome(setup, cell, SIDE_A, &launcher, &r);
	s->items = r.facts.items;
	s->round_ns = INFINITY;
	for (size_t i = 0; i < r.sample_count; i++)
		s->round_ns = r.samples[i].warmup ? s->round_ns : fmin(s->round_ns, undelayed_ns(&r.samples[i]));
	for (size_t i = 0; i < COST_RANGES; i++)
		s->costs[i] = r.has_costs ? r.costs[i] : 1;
	invocation_release(&r);
	if (err)
		return err;
	sum_ns = turns_cost(s->costs, s->items, 0, s->items);
	for (size_t i = 0; i < COST_RANGES; i++)
		s->costs[i] *= s->round_ns / sum_ns;
	return 0;
}

static uint32_t between(double least, double value, double most)
{
	return (uint32_t)fmin(fmax(value, least), most);
}

static void cut(struct slicing *s, double slice_ns)
{
	s->slices = turns_cut(s->costs, s->items, fmax(slice_ns, s->round_ns / (SLICES_MOST / 2)), s->cuts);
}

/* Decides by what clock the sides are judged. CPU time leaves out waiting for a processor, but where many turns sleep
 * they would not be comparable (turns_ns()). By wall time, even of slices below 2 ms, the mean of a pair scatters by 9
 * to 13 %, by CPU time by 0.4 to 1 % (load 12 to 30); undisturbed times scatter alike. */
static void choose_clock(struct gate_cell *cell, const struct slicing *s, const struct ring *ring)
{
	uint32_t slept = 0;

	for (uint32_t t = 0; t < ring->layout.turns; t++)
		slept += ring_times(ring)[t].slept;
	cell->judged = slept > ASLEEP_MOST * ring->layout.turns ? JUDGED_WALL : JUDGED_CPU;
	if (cell->judged == JUDGED_WALL && s->round_ns / s->slices > LONG_NS)
		cell->doubts |= 1u << GATE_DOUBT_SLEEPS;
}

/* Lets A and B execute rounds that do not count, in turns that tell what one leaves to the other. */
static int calibrate_once(struct lap *l, struct slicing *s, struct footprint *footprint)
{
	int err = lap_drive(l);

	if (!err) {
		choose_clock(l->cell, s, l->ring);
		s->settles = atomic_load(&l->ring->memory->settles);
		err = footprint_add(footprint, l->ring, l->cell->judged, processes_seat(&l->processes, SIDE_A));
	}
	ring_unmap(l->ring);
	return err;
}

/* Calibrates until it is known whether the footprints of the sides differ, but not for long. */
static int calibrate(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, struct slicing *s)
{
	double rounds = CALIBRATION_NS / (2 * s->round_ns);
	bool is_short = s->round_ns / s->slices < FAR_SLICE_NS / 2;
	struct footprint footprint = { .high = INFINITY };
	int err = 0;

	for (unsigned i = 0; i < (is_short ? CALIBRATIONS : 1) && !err; i++) {
		struct lap lap = {
			.setup = setup,
			.cell = cell,
			.plan = plan,
			.slicing = s,
			.turns = {
				.seats = 2,
				.slices = s->slices,
				.rounds = is_short ? between(CALIBRATION_LEAST, rounds, CALIBRATION_MOST) : 2,
				.mixed = true,
			},
		};

		err = calibrate_once(&lap, s, &footprint);
		cell->footprint = is_short ? footprint.ratio : 0;
		if (footprint.low > FOOTPRINT_LOW || footprint.high < FOOTPRINT_MOST)
			break;
	}
	if (!err && is_short && footprint.low > FOOTPRINT_LOW && footprint.high > FOOTPRINT_MOST)
		cut(s, FAR_SLICE_NS);
	footprint_release(&footprint);
	return err;
}

/* Takes fewer rounds, and says so, if a ring cannot have as many as --rounds asks for. */
static void limit_rounds(struct gate_cell *cell, struct pair_plan *plan, const struct slicing *s)
{
	uint32_t most = turns_rounds_most(s->slices);

	if (plan->rounds > most) {
		plan->rounds = most;
		cell->doubts |= 1u << GATE_DOUBT_ROUNDS;
	}
}

/* Cuts the items and calibrates, when it is known what they cost. */
static int prepare(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, struct slicing *s)
{
	int err;

	s->cuts = calloc(s->items + 1, sizeof(*s->cuts));
	if (!s->cuts)
		return -ENOMEM;
	cut(s, SLICE_NS);
	plan->rounds = setup->rounds ? setup->rounds :
				       between(ROUNDS_LEAST, ROUNDS_NS / (SIDE_COUNT * s->round_ns), ROUNDS_MOST);
	plan->pair_ns = SIDE_COUNT * plan->rounds * s->round_ns;
	err = calibrate(setup, cell, plan, s);
	limit_rounds(cell, plan, s);
	cell->slice_ns = s->round_ns / s->slices;
	return err;
}

int slicing_create(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, struct slicing **slicing)
{
	struct slicing *s = *slicing = calloc(1, sizeof(*s));
	int err = s ? learn_costs(setup, cell, plan, s) : -ENOMEM;

	return err ? err : prepare(setup, cell, plan, s);
}

void slicing_destroy(struct slicing *s)
{
	if (s)
		free(s->cuts);
	free(s);
}
