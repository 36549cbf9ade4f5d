/* A pairing: how the two sides of a cell are held against each other so closely in time that noise meets both alike.
 *
 * A pair is one fresh process of each side (of a command: a few), and gives one value, ln(B/A). Side A again (the
 * control) may be a third in it. One file of this folder defines one pairing. Called by the main process. */
#ifndef BENCH_GATE_PAIRS_PAIRING_H
#define BENCH_GATE_PAIRS_PAIRING_H

#include "gate/trials/trial.h"

/* What a pairing has found out about a cell, from one pair to the next. Zeroed to begin with. */
struct pair_plan {
	const struct trial_plan *trial; /* where the workers are bound, how many items */
	double added;                   /* share of a round that a control with `more` should execute more */
	uint32_t rounds;                /* of each side in a pair; open() sets it */
	double pair_ns;                 /* what a pair should take, as soon as open() can tell; 0: not known */
	void *own;                      /* the pairing's own state, which its release() frees */
};

struct pairing {
	const char *name; /* "slices", "rounds", "runs", "files" */

	/* Prepares what pairs of this cell need, and finds out what is chosen once (slices, rounds, clock), by pairs
	 * that do not count. Returns as run() does. NULL: nothing. */
	int (*open)(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan);

	/* Makes one pair. `control`: A takes part a second time; `more`: and executes more than A, where that can be,
	 * and pair->added says how much by A's own times. Returns 0 and fills `pair`, which is zeroed (times by
	 * pair_time_take()); or as trial_run() does, and then nothing counts; the caller releases the pair in any
	 * case. It also sets what it finds out about the cell: judged, slice_ns, footprint, same_addresses, doubts. */
	int (*run)(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, bool control, bool more,
		   struct gate_pair *pair);

	void (*release)(struct pair_plan *plan); /* NULL: nothing to free */
};

extern const struct pairing pairing_slices, pairing_rounds, pairing_runs, pairing_files;

#endif
