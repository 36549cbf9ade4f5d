/* Counts the instructions of a cell or a command, to judge by them or to explain what time says. Called by the main
 * process. */
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

/* Sets cell->instructions of a cell that pairs have judged, and nothing else of it: quietly not if they cannot be
 * counted, or not before `deadline_ns` (CLOCK_MONOTONIC). What does not seem to fit is not begun. Returns 0, or -EINTR
 * as trial_run() does. */
int count_beside(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, double tolerance,
		 uint64_t deadline_ns);

#endif
