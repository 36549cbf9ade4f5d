/* A workload of which a round executes some items only. The numbers 0, 1, ... stand for those that were picked, so
 * that modes, crews and ranges know nothing of it: what the workload itself is called with is mapped here. People and
 * digests get the workload's own number, which is arena_item(). */
#ifndef BENCH_RUN_CREW_PICKED_H
#define BENCH_RUN_CREW_PICKED_H

#include "base/why.h"
#include "model/cell.h"
#include "workloads/workload.h"

struct picked {
	struct workload workload;  /* takes the place of `of` */
	const struct workload *of; /* NULL: nothing is picked */
	void *data;                /* of the state that `of` has opened */
	const uint64_t *items;     /* the cell's */
};

/* If the cell picks items, puts the picked ones in place of the opened *workload and its state. `picked` (zeroed) and
 * the cell must live until the workload is closed, by the new workload's close(). Called in the cell process and in
 * workers that are started afresh. Returns 0, or -EINVAL with `why`: the workload does not have these items. */
int picked_open(struct picked *picked, const struct cell *cell, const struct workload **workload,
		struct workload_state *state, const struct why *why);

#endif
