/* What is found out about a cell before it is executed in slices: what its items cost, how they are cut, how many
 * rounds make a pair, by which clock the sides are judged, and whether one leaves the other more in caches than the
 * other way round. Called by the main process. */
#ifndef BENCH_GATE_PAIRS_SLICING_H
#define BENCH_GATE_PAIRS_SLICING_H

#include "gate/pairs/pairing.h"

/* What is found out once about a cell that is executed in slices. */
struct slicing {
	double costs[COST_RANGES]; /* of an item of A, ns */
	double round_ns;           /* of A */
	uint64_t items, *cuts;     /* `cuts` is owned */
	uint32_t slices;
	bool settles; /* no slice may be executed again */
};

/* Finds it out by processes that do not count, and sets the cell's `judged`, `slice_ns`, `footprint` and `doubts`, and
 * the plan's `rounds` and `pair_ns`. Returns as trial_run() does; slicing_destroy() must follow if *slicing was set. */
int slicing_create(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, struct slicing **slicing);
void slicing_destroy(struct slicing *slicing); /* NULL is allowed */

#endif
