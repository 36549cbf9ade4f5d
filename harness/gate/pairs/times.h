/* What one side of a pair took. Pure functions. */
#ifndef BENCH_GATE_PAIRS_TIMES_H
#define BENCH_GATE_PAIRS_TIMES_H

#include "model/gate.h"

/* Sets the times of a side, its digest excepted, from those of all its slices, as stitch() (analyse/stitch.h) takes
 * them. gate_pair_release() frees what it keeps of each round. Returns 0 or -ENOMEM. */
int pair_time_take(struct pair_time *time, const double *times, size_t rounds, size_t slices, double quantile);

/* Returns by how much the slowest tenth of the rounds of a side, over all pairs of a cell, takes longer in the mean
 * than the median round of its pair: a ratio less 1. NaN: rounds were not kept, or are fewer than ten. */
double pair_slowest_tenth(const struct gate_cell *cell, enum gate_side side);

#endif
