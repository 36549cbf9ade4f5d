/* Where a series of measurements changed: E-divisive means, in sliding windows.
 *
 * Pure functions of a row of finite numbers in the order of measuring, in any unit. What is found is a
 * *change point*: the first value of a new level.
 *
 * The method is that of Apache Otava, formerly Hunter (Fleming et al., Hunter: Using Change Point Detection
 * to Hunt for Performance Regressions, ICPE 2023), which rests on Matteson and James, A Nonparametric
 * Approach for Multiple Change Point Analysis of Multivariate Data, JASA 109, 2014:
 *
 * 1. Split. In windows that overlap by half, find the values X = z[s..t) and Y = z[t..k) that differ most, by
 *        Q(t, k) = nm / (n + m) (2 mean|x - y| - mean|x - x'| - mean|y - y'|),  n = t - s, m = k - t;
 *    if it is significant, t is kept, and both sides of t are split in turn.
 * 2. Merge. Each point is tested again between the points beside it, with up to a window of values to each
 *    side, and measured by the means of all values there. The weakest that is not significant or is too small
 *    goes, its neighbours are tested anew, and so on.
 *
 * Significance is by permutation, as in Matteson and James, with a fixed seed: the same series gives the same
 * points. Hunter replaced that by Student's t at the best split, because permutations were slow and random.
 * But the t test does not know that the split was chosen to be the best, and takes its numbers for normal: at
 * its p = 0.001 Otava finds a change in some 20 % of series of 300 values of pure normal noise, and in some 45 %
 * where the noise is skewed to the right, as times are. A permutation repeats the choosing, so p is what it says
 * in each window, whatever the noise looks like; and since one that is not significant shows that after few
 * permutations, it is fast enough.
 * The price: few values cannot be significant. At p = 0.001 a change is found at the earliest among 14 runs
 * with 7 on either side, or when 4 runs follow 13, or 3 runs follow some 25. What lasts for less than
 * CHANGE_LEAST values is an outlier, not a change.
 *
 * Values must be exchangeable where nothing changes. A machine whose speed wanders slowly yields change points
 * that no commit is to blame for. */
#ifndef BENCH_ANALYSE_CHANGE_POINTS_H
#define BENCH_ANALYSE_CHANGE_POINTS_H

#include <stddef.h>

#define CHANGE_LEAST 3 /* values on either side of a change point */

struct change_search {
	size_t window;    /* values that are looked at together: 2 x CHANGE_LEAST or more */
	double p;         /* how often, at most, a window without a change may show one: 1e-5 to below 1 */
	double magnitude; /* changes up to this share of the smaller mean are left out: 0.01 is 1 %; 0: none */
};

#define CHANGE_SEARCH_PRESET ((struct change_search){ .window = 50, .p = 0.001, .magnitude = 0.01 })

struct change_point {
	size_t at;            /* index of the first value after it */
	double before, after; /* means from the change point before it, and to the one after it */
	double p;             /* share of permutations that differ as much: of 999, or 1 / p */
};

/* Finds the change points, in their order; `*changes` is the caller's to free(), NULL when there are none.
 * Time grows with count x window, and with the number of change points; memory is a few numbers a value.
 * Returns 0 or -ENOMEM. */
int change_points_find(struct change_point **changes, size_t *found, const double *values, size_t count,
		       const struct change_search *search);

/* By how much it changed: after / before - 1. */
double change_point_size(const struct change_point *change);

#endif
