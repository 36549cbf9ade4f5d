/* Judges a cell or a command by its instructions. Called by the main process. */
#ifndef BENCH_GATE_COUNT_COUNT_H
#define BENCH_GATE_COUNT_COUNT_H

#include "gate/trials/trial.h"

/* Counts both sides and sets the verdict, which is `cannot tell` if the cell or a side cannot be counted. Returns 0, or
 * as trial_run() does. */
int count_cell(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, double tolerance);

/* Counts side A twice and sets `*difference` to the difference of the logarithms of the counts. Returns 0; -ENODATA:
 * side A cannot be counted; or as trial_run() does. */
int count_control(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, double tolerance,
		  double *difference);

#endif
