/* The rounds of a cell that count, and numbers drawn from them.
 *
 * Warm-up rounds do not count. Probed rounds (where counters were opened inside the round) do not
 * either, and are a selection of their own. Disturbed rounds are left out while at least
 * ROUNDS_UNDISTURBED others remain in the cell; with fewer, all are kept. A failed cell has no rounds:
 * its answers are not known to be right.
 *
 * An invocation is the unit of replication: its value is the median of its rounds, and intervals are
 * over invocations. Values may be NaN where a round does not know them; those are passed over. */
#ifndef BENCH_ANALYSE_ROUNDS_H
#define BENCH_ANALYSE_ROUNDS_H

#include "analyse/statistics.h"
#include "model/run.h"

#define ROUNDS_UNDISTURBED 3

enum rounds_kind { ROUNDS_TIMED, ROUNDS_PROBED };

/* The rounds that were selected. The cell must outlive them and keep its samples where they are. */
struct rounds {
	const struct run_cell *cell;
	const struct sample **round; /* in time order */
	size_t count;
	bool disturbed; /* disturbed rounds had to be kept */
	double *values; /* room for one value a round: where the functions below leave theirs */
};

/* What is drawn from a round; NaN: not known. `context` is the caller's. */
typedef double round_value(const struct rounds *rounds, const struct sample *sample, const void *context);

/* Returns 0 or -ENOMEM. After an error, or zeroed, release is harmless. */
int rounds_init(struct rounds *rounds, const struct run_cell *cell, enum rounds_kind kind);
void rounds_release(struct rounds *rounds);

/* Leaves each invocation's median in rounds->values, in time order. Returns how many invocations. */
size_t rounds_invocations(struct rounds *rounds, round_value *of, const void *context);

/* The same, sorted, as a median with its interval. */
struct interval rounds_interval(struct rounds *rounds, round_value *of, const void *context);

/* The median over all rounds, whatever their invocation. */
double rounds_median(struct rounds *rounds, round_value *of, const void *context);

#endif
