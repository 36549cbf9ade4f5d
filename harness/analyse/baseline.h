/* The sequential baseline of a cell: what its items cost without any parallelism.
 * run_baseline(), which finds it, is declared in plan/run.h. */
#ifndef BENCH_ANALYSE_BASELINE_H
#define BENCH_ANALYSE_BASELINE_H

#include "analyse/account_split.h"
#include "analyse/rounds.h"

/* What all items cost inside work(): the medians over the baseline's timed rounds; not known when
 * there are none. */
struct body_cost baseline_cost(struct rounds *baseline);

#endif
