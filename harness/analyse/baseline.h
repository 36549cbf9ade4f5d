/* What a cell's items cost without any parallelism: in its sequential baseline, which run_baseline() finds. */
#ifndef BENCH_ANALYSE_BASELINE_H
#define BENCH_ANALYSE_BASELINE_H

#include "analyse/account_split.h"
#include "analyse/rounds.h"

/* Returns what all items cost inside work(): medians over the baseline's timed rounds, not known if there are no
 * rounds. */
struct body_cost baseline_cost(struct rounds *baseline);

#endif
