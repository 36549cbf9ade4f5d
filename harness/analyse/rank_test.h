/* The rank test of a gate: van Elteren's stratified test of Wilcoxon, exact, and the bounds that it has by inversion.
 *
 * P. H. van Elteren, On the combination of independent two-sample tests of Wilcoxon (1960), with equal weights, since
 * all strata are alike; bounds as J. L. Hodges and E. L. Lehmann, Estimates of location based on rank tests (1963).
 *
 * A stratum holds STRATUM_SIDE values of either side, x = ln(time), measured one after the other in an order that was
 * drawn with all orders equally likely. If B is as fast as A, then U, the number of pairs within strata in which b
 * lies below a, follows for one stratum the law of Mann and Whitney (1947) for 4 against 4, and for several its
 * convolution, whatever the values' law and however they drift or depend on each other: the order alone is random. If
 * b is larger by a shift everywhere, the same holds of a and b - shift; the bounds enclose what is not rejected so.
 *
 * Equal values: a pair whose difference is the shift in question counts against its rejection. Any way of telling
 * equal values apart makes U no larger than that, so a bound's level is never above what was asked for.
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

/* The null law: law[u] = P(U = u), u = 0 ... STRATUM_PAIRS x strata; for up to 2600 strata. */
void rank_test_law(size_t strata, double *law);

/* k(alpha) = max{c : P(U <= c) <= alpha}; -1: there is none, or no memory. */
long rank_test_critical(size_t strata, double alpha);

/* The shift of b against a, each bound at the one-sided level `alpha`. D are the differences b - a of all pairs within
 * strata, sorted and counted from one: theta = median(D), low = D[k + 1], high = D[pairs - k]. Where k is -1 the
 * bounds are infinite; without strata theta is NaN. So low > 0 rejects at `alpha` that b is not larger than a, and
 * high < d that it is larger by d or more. Returns 0 or -ENOMEM. */
int rank_test_shift(const struct stratum *strata, size_t count, double alpha, struct shift *shift);

#endif
