/* A lap: one ring, and the processes that take turns in it. Called by the main process. */
#ifndef BENCH_GATE_PAIRS_LAP_H
#define BENCH_GATE_PAIRS_LAP_H

#include "gate/pairs/processes.h"
#include "gate/pairs/turns.h"

struct slicing;

struct lap {
	struct trial_setup *setup;
	struct gate_cell *cell;
	struct pair_plan *plan;
	const struct slicing *slicing;
	bool control;
	struct turns turns;
	struct pair_time *times; /* of which the digests are set; NULL: they are not wanted */
	struct ring *ring;       /* of lap_drive(); the caller unmaps it in any case */
	struct pair_processes processes;
};

/* Makes the ring and fresh processes, on a processor that is drawn among those of the cell, lets them execute the
 * turns, and ends them. Returns as trial_run() does. */
int lap_drive(struct lap *lap);

#endif
