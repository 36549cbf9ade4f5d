/* Finds where a series of measurements changed, by E-divisive means in sliding windows.
 *
 * Pure functions of a series of finite numbers, in the order of measuring and in any unit. A *change point* is the
 * first value of a new level.
 *
 * The method is that of Apache Otava, formerly Hunter (Fleming et al., Hunter: Using Change Point Detection
 * to Hunt for Performance Regressions, ICPE 2023), which rests on Matteson and James, A Nonparametric
 * Approach for Multiple Change Point Analysis of Multivariate Data, JASA 109, 2014:
 *
 * 1. Split. In windows that overlap by half, find the values X = z[s..t) and Y = z[t..k) that differ most, by
 *        Q(t, k) = nm / (n + m) (2 mean|x - y| - mean|x - x'| - mean|y - y'|),  n = t - s, m = k - t;
 *    if the split is significant, t is a change point, and both sides of t are split in turn.
 * 2. Merge. Each point is tested again on the values between its neighbours, up to a window of them on each side; its
 *    size follows from the means of all values there. Of the points that are not significant or too small the weakest
 *    is dropped and its neighbours are tested anew, until all that are left are significant and large enough.
 *
 * Significance is tested by permutations, as in Matteson and James, with a fixed seed: the same series gives the same
 * points. Hunter uses Student's t at the best split instead, because permutations were slow and random. But the t
 * test does not know that the split was chosen to be the best, and takes the noise for normal: at p = 0.001 Otava
 * finds a change in about 20 % of series of 300 values of pure normal noise, and in about 45 % if the noise is skewed
 * to the right, as times are. A permutation repeats the choice of the best split, so p is true in each window,
 * whatever the noise looks like; and it is fast enough, since few permutations show that a split is not significant.
 * The price is that few values cannot be significant. At p = 0.001 a change is found at the earliest among 14 runs
 * with 7 on either side, or when 4 runs follow 13, or 3 runs follow about 25. What lasts for less than CHANGE_LEAST
 * values is an outlier, not a change.
 *
 * Values must be exchangeable as long as nothing changes. A machine whose speed wanders slowly yields change points
 * that no commit has caused. */
#ifndef BENCH_ANALYSE_CHANGE_POINTS_H
#define BENCH_ANALYSE_CHANGE_POINTS_H

#include <stddef.h>

#define CHANGE_LEAST 3 /* values on either side of a change point */

/* How to search. */
struct change_search {
	size_t window;    /* values that are looked at together, at least 2 x CHANGE_LEAST */
	double p;         /* largest probability that a window without a change shows one, from 1e-5 to below 1 */
	double magnitude; /* changes up to this share of the smaller mean are left out: 0.01 is 1 % */
};

#define CHANGE_SEARCH_PRESET ((struct change_search){ .window = 50, .p = 0.001, .magnitude = 0.01 })

struct change_point {
	size_t at;            /* index of the first value of the new level */
	double before, after; /* means back to the previous change point, and up to the next one */
	double p;             /* share of the permutations, 999 or 1 / p of them, that differ as much */
};

/* Finds the change points, in their order. The caller frees `*changes`, which is NULL if there are none. The time
 * grows with count x window and with the number of change points; the memory is a few numbers for each value.
 * Returns 0 or -ENOMEM. */
int change_points_find(struct change_point **changes, size_t *found, const double *values, size_t count,
		       const struct change_search *search);

/* Returns by how much the level changed: after / before - 1. */
double change_point_size(const struct change_point *change);

#endif
