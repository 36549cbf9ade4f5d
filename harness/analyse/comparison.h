/* Compares two measurements of the same quantity, a (the baseline) and b: how much changed, and whether the data show
 * that anything did.
 *
 * Pure functions of the medians of invocations (analyse/rounds.h). A change is shown if its interval reaches the level
 * CONFIDENCE and lies entirely above or entirely below "no change"; else nothing is known to have changed, whatever
 * the medians say. Of many comparisons, one interval in twenty misses the truth.
 *
 * The intervals include the noise between the processes of each run, not the differences between the runs: a machine
 * that has become slower by itself shows as a change. Only measuring both in turn (`bench gate`) tells these apart. */
#ifndef BENCH_ANALYSE_COMPARISON_H
#define BENCH_ANALYSE_COMPARISON_H

#include "analyse/statistics.h"

enum direction { DIRECTION_NOT_SHOWN, DIRECTION_LESS, DIRECTION_MORE };

struct change {
	double a, b;                /* medians; NaN: not known */
	struct interval ratio;      /* b / a, by ratio_interval(); unknown unless all values of a are above 0 */
	struct interval difference; /* b - a, by difference_interval(); unknown if `ratio` is known */
	enum direction direction;   /* of the change that is shown */

	/* The part of the difference that is beyond noise: the distance from "no change" to the nearer end of the
	 * interval, with its sign; 0: no change is shown. */
	double beyond_noise;
};

#define CHANGE_UNKNOWN                                                                                                 \
	((struct change){ .a = NAN, .b = NAN, .ratio = INTERVAL_UNKNOWN, .difference = INTERVAL_UNKNOWN })

/* Returns on which side of `neutral` the whole interval lies, if its level is CONFIDENCE or more. */
enum direction interval_direction(struct interval interval, double neutral);

/* Compares sorted values, all in one unit. The same values give the same change. Returns 0 or -ENOMEM. */
int change_find(struct change *change, const double *a_sorted, size_t a_count, const double *b_sorted, size_t b_count);

/* Orders changes for qsort(), those that matter most first: shown ones by `beyond_noise`, the largest first, whatever
 * its sign; then those not shown, the ratio furthest from 1 first; then unknown ones. */
int change_order(const struct change *left, const struct change *right);

#endif
