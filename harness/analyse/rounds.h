/* The rounds of a cell that count, and numbers drawn from them.
 *
 * Neither warm-up rounds count, nor probed ones (in which counters were opened), which can be selected by
 * themselves. Disturbed rounds are left out if at least ROUNDS_UNDISTURBED others remain in the cell, from at least
 * INVOCATIONS_UNDISTURBED invocations or from all that there are; else all rounds are kept, since intervals are over
 * invocations. A failed cell has no rounds, since its answers are not known to be right.
 *
 * An invocation is the unit of replication: its value is the median over its rounds, and intervals are over
 * invocations. A value is NaN in a round in which it is not known; such rounds are skipped. */
#ifndef BENCH_ANALYSE_ROUNDS_H
#define BENCH_ANALYSE_ROUNDS_H

#include "analyse/statistics.h"
#include "model/run.h"

#define ROUNDS_UNDISTURBED 3
#define INVOCATIONS_UNDISTURBED 6 /* what an interval of 95 % needs */

enum rounds_kind { ROUNDS_TIMED, ROUNDS_PROBED };

/* The rounds that were selected. The cell must outlive them and keep its samples where they are. */
struct rounds {
	const struct run_cell *cell;
	const struct sample **round; /* in time order */
	size_t count;
	bool disturbed;       /* disturbed rounds had to be kept */
	double *values;       /* room for one value a round, which the functions below use */
	uint32_t *invocation; /* of each value, after rounds_invocations() */
};

/* Computes a number from a round; NaN: not known. `context` is the caller's. */
typedef double round_value(const struct rounds *rounds, const struct sample *sample, const void *context);

/* Selects the rounds of one kind. Returns 0 or -ENOMEM. Releasing is harmless after an error, or if `rounds` is
 * zeroed. */
int rounds_init(struct rounds *rounds, const struct run_cell *cell, enum rounds_kind kind);
void rounds_release(struct rounds *rounds);

/* Puts each invocation's median into rounds->values, in time order. Returns the number of invocations. */
size_t rounds_invocations(struct rounds *rounds, round_value *of, const void *context);

/* Puts into values of `below` the ratio of the value above to the value below for each pair of invocations that took
 * turns in one generation, in time order. The values may come from different functions. Returns the number of pairs. */
size_t rounds_ratios(struct rounds *above, round_value *of_above, struct rounds *below, round_value *of_below,
		     const void *context);

/* Returns the median over the invocations with its interval. Leaves the invocations' values sorted in
 * rounds->values. */
struct interval rounds_interval(struct rounds *rounds, round_value *of, const void *context);

/* Returns the median over all rounds, of whatever invocation. */
double rounds_median(struct rounds *rounds, round_value *of, const void *context);

#endif
