/* The rank test of a gate: van Elteren's stratified Wilcoxon test in its exact form, and bounds by inverting it.
 *
 * The test is that of P. H. van Elteren, On the combination of independent two-sample tests of Wilcoxon (1960), with
 * equal weights, since all strata have the same size; the bounds are those of J. L. Hodges and E. L. Lehmann, Estimates
 * of location based on rank tests (1963).
 *
 * A stratum has STRATUM_SIDE values x = ln(time) of each side, measured one after the other in an order that was drawn
 * at random, all orders being equally likely. U is the number of pairs within strata in which b lies below a. If B is
 * as fast as A, then U of one stratum follows the law of Mann and Whitney (1947) for 4 against 4, and U of several
 * strata follows the convolution of these laws. That holds for any distribution of the values, however they drift or
 * depend on each other, since only the order needs to be random. If all b are larger by a shift, the same holds of a
 * and b - shift; the bounds enclose the shifts that the test does not reject.
 *
 * A pair whose difference equals the shift that is tested counts against the rejection. No way of breaking such ties
 * would make U larger, so the level of a bound is never above what was asked for.
 *
 * Pure functions of finite values. */
#ifndef BENCH_ANALYSE_RANK_TEST_H
#define BENCH_ANALYSE_RANK_TEST_H

#include "model/verdict.h"

#include <stddef.h>

#define STRATUM_PAIRS (STRATUM_SIDE * STRATUM_SIDE)

struct stratum {
	double a[STRATUM_SIDE], b[STRATUM_SIDE];
};

/* Sets law[u] to P(U = u) under the null hypothesis, for u = 0 to STRATUM_PAIRS x strata; for up to 2600 strata. */
void rank_test_law(size_t strata, double *law);

/* Returns k(alpha) = max{c : P(U <= c) <= alpha}; -1: there is no such c, or no memory. */
long rank_test_critical(size_t strata, double alpha);

/* Estimates the shift of b against a, with each bound at the one-sided level `alpha`. Let D be the sorted differences
 * b - a of all pairs within strata, counted from one, and k = k(alpha): then theta = median(D), low = D[k + 1] and
 * high = D[pairs - k]. If k is -1 the bounds are infinite; without strata theta is NaN. So low > 0 rejects at `alpha`
 * that b is not larger than a, and high < d rejects that b is larger by d or more. Returns 0 or -ENOMEM. */
int rank_test_shift(const struct stratum *strata, size_t count, double alpha, struct shift *shift);

#endif
