/* A block: trials of both sides in random order, close enough in time that the machine's drift affects them alike. For
 * each block it is known whether somebody else used the machine meanwhile. Called by the main process. */
#ifndef BENCH_GATE_TIME_BLOCKS_H
#define BENCH_GATE_TIME_BLOCKS_H

#include "analyse/rank_test.h"
#include "gate/trials/trial.h"

/* Runs one block and appends it to the cell's blocks: STRATUM_SIDE trials of each side and, if `control` is set, as
 * many of the control. A block that was disturbed (model/disturbance.h) is marked `dropped`; that is judged only if
 * the workers have processors to themselves (`alone`). Returns 0, or as trial_run() does, and then appends nothing. */
int block_run(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, enum gate_stage stage,
	      bool control, bool alone);

/* Returns the strata of a stage, one for each block that counts: the logarithms of what is judged, of side A and of
 * `of`, which is side B or the control. The caller frees them. Returns NULL without memory. */
struct stratum *block_strata(const struct gate_cell *cell, enum gate_stage stage, enum gate_side of, enum judged judged,
			     size_t *count);

/* Returns how many blocks of a stage count or, if `dropped` is set, how many were dropped. */
size_t block_count(const struct gate_cell *cell, enum gate_stage stage, bool dropped);

#endif
