/* Judging a cell, or a command, by its instructions. Called by the main process. */
#ifndef BENCH_GATE_COUNT_COUNT_H
#define BENCH_GATE_COUNT_COUNT_H

#include "gate/trials/trial.h"

/* Counts both sides and sets the verdict: `cannot tell` where the cell, or a side, cannot be counted. Returns 0, or as
 * trial_run(). */
int count_cell(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, double tolerance);

/* Counts side A twice: `*difference`, of the logarithms, is what it differs from itself. Returns 0; -ENODATA: it cannot
 * be counted; or as trial_run(). */
int count_control(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, double tolerance,
		  double *difference);

#endif
