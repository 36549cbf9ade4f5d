/* The signed-rank test of pairs in its exact form (F. Wilcoxon, Individual comparisons by ranking methods, 1945), and
 * bounds by inverting it (J. L. Hodges and E. L. Lehmann, 1963).
 *
 * A pair gives one value d = ln(B/A). Which of its two processes was A was drawn, so under the null hypothesis all
 * signs of the d are equally likely, however the pairs scatter. W+ is the sum of the ranks of |d| over the positive d.
 * Ties and zeros count against the rejection. Pure functions of finite values. */
#ifndef BENCH_ANALYSE_SIGNED_RANK_H
#define BENCH_ANALYSE_SIGNED_RANK_H

#include "model/verdict.h"

#include <stddef.h>

/* Sets law[w] to P(W+ = w) for w = 0 to pairs (pairs + 1) / 2, for up to GATE_PAIRS_MOST pairs. */
void signed_rank_law(size_t pairs, double *law);

/* Returns k(alpha) = max{c : P(W+ <= c) <= alpha}; -1: there is no such c. */
long signed_rank_critical(size_t pairs, double alpha);

/* Estimates the shift of the values, with each bound at its own one-sided level. Of the sorted Walsh averages
 * (d_i + d_j) / 2 for i <= j, theta is the median, `low` the (k(alpha_low) + 1)-th from below and `high` the
 * (k(alpha_high) + 1)-th from above. If k is -1 that bound is infinite; without values theta is NaN. Returns 0 or
 * -ENOMEM. */
int signed_rank_shift(const double *d, size_t pairs, double alpha_low, double alpha_high, struct shift *shift);

#endif
