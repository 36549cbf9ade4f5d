/* What changed between two measurements of the same quantity, a (the baseline) and b, and whether that is shown.
 *
 * Pure functions of the medians of invocations (analyse/rounds.h). A change is shown if its interval reaches
 * CONFIDENCE and lies on one side of no change; else it is not known to be any, whatever the medians say. Where
 * many are looked at, one of twenty intervals misses the truth.
 *
 * The intervals see the noise between the processes of each run, not what lies between the runs: a machine that
 * has become slower by itself is a change. Only measuring both in turn tells that apart (`bench gate`). */
#ifndef BENCH_ANALYSE_COMPARISON_H
#define BENCH_ANALYSE_COMPARISON_H

#include "analyse/statistics.h"

enum direction { DIRECTION_NOT_SHOWN, DIRECTION_LESS, DIRECTION_MORE };

struct change {
	double a, b;           /* medians; NaN: not known */
	struct interval ratio; /* b / a, by ratio_interval(); unknown unless all values of a are above 0 */
	struct interval apart; /* else b - a, by difference_interval() */
	enum direction shown;
	double beyond; /* of the difference, what is beyond noise: down to the end of the interval that lies
				   nearer to no change, with its sign; 0: none is shown */
};

#define CHANGE_UNKNOWN ((struct change){ .a = NAN, .b = NAN, .ratio = INTERVAL_UNKNOWN, .apart = INTERVAL_UNKNOWN })

/* On which side of no change an interval of CONFIDENCE lies as a whole. */
enum direction interval_direction(struct interval interval, double neutral);

/* Of sorted values, in one unit. The same values give the same change. Returns 0 or -ENOMEM. */
int change_find(struct change *change, const double *a_sorted, size_t a_count, const double *b_sorted, size_t b_count);

/* For qsort(), by how much they matter: the greatest `beyond` first, whatever its sign; then those that are not
 * shown, the furthest ratio first; then the unknown. 0: equal. */
int change_order(const struct change *left, const struct change *right);

#endif
