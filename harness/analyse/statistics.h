/* Medians and how well they are known.
 *
 * Pure functions of arrays of finite numbers in any unit; results have the unit of the values. A parameter
 * `sorted` must be sorted by values_sort(); `in_time` must be in the order of measuring. An unknown number is
 * NaN (so is the median of no values), which the store writes as null. */
#ifndef BENCH_ANALYSE_STATISTICS_H
#define BENCH_ANALYSE_STATISTICS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIDENCE 0.95 /* the level that every interval aims at */

/* A median and an interval that contains the true median with probability `level`. */
struct interval {
	double median, low, high;
	double level; /* 0 to 1; below CONFIDENCE where there are too few values */
};

#define INTERVAL_UNKNOWN ((struct interval){ NAN, NAN, NAN, NAN })

/* Sorts in ascending order. */
void values_sort(double *values, size_t count);

double values_median(const double *sorted, size_t count);

/* Returns the value below which the share `q` of the values lies, interpolated between neighbours (type 7 of
 * Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996; the default of R and NumPy). */
double values_quantile(const double *sorted, size_t count, double q);

/* Returns the median, and as its interval the narrowest symmetric pair of order statistics (the k-th value from
 * below and the k-th from above) that covers the true median with probability CONFIDENCE or more. Values need
 * only be independent: the number of values below the true median is Binomial(n, 1/2), so the level of the pair
 * is exactly 1 - 2 P(Binomial(n, 1/2) < k) (David and Nagaraja, Order Statistics, 2003, section 7.1).
 * Of fewer than 6 values no pair is wide enough: then the interval goes from the least to the greatest, and its
 * level is 1 - 2 (1/2)^n. A single value is its own interval, with level 0. */
struct interval values_interval(const double *sorted, size_t count);

/* Sets *ratio to median(above) / median(below), with the percentile interval of 2000 seeded bootstrap resamples
 * of both (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). The same seed gives the
 * same interval. In trials with equal distributions, normal and skewed, the interval contained the true ratio
 * in 0.96 of 3000 trials with 5 to 48 values a side, in 0.92 with 4 and in 0.89 with 3; so the level is at most
 * what least and greatest of the shorter array could give.
 * `*ratio` is unknown if an array is empty. Returns 0 or -ENOMEM. */
int ratio_interval(struct interval *ratio, const double *above_sorted, size_t above_count, const double *below_sorted,
		   size_t below_count, uint64_t seed);

/* Does the same for median(a) - median(b), for values of any sign. */
int difference_interval(struct interval *interval, const double *a_sorted, size_t a_count, const double *b_sorted,
			size_t b_count, uint64_t seed);

/* Sets *ratio to what the ratios of pairs have in common, by their logarithms: the median of all Walsh averages (the
 * means of any two of them, or of one with itself), and as its interval the pair of Walsh averages that the exact
 * signed-rank test gives at CONFIDENCE (analyse/signed_rank.h). The level is exact where the logarithms are symmetric.
 * Of fewer than 6 ratios the interval goes from the least to the greatest, with the level of values_interval(), which
 * serves if there are more than GATE_PAIRS_MOST. Unknown without ratios. Leaves them sorted. Returns 0 or -ENOMEM. */
int paired_interval(struct interval *ratio, double *ratios, size_t count);

/* Return factor x interval, and factor / interval, for a positive factor and a positive interval. */
struct interval interval_times(struct interval interval, double factor);
struct interval interval_inverse(struct interval interval, double factor);

/* Returns whether the values rise or fall with time, by the test of Mann (Econometrica 13, 1945) and Kendall on
 * the signs of all differences: two-sided at 0.01, in the normal approximation with continuity correction. Ties
 * make it more cautious. Of 6 values only a strictly monotone series drifts, of fewer none does. */
bool values_drift(const double *in_time, size_t count);

/* Returns whether the values fall into two groups: some gap between neighbours is at least twice as wide as the
 * range of the values on either side, and each side has at least three values and a quarter of all. This is a
 * cautious rule of our own, for modes that one sees at a glance. Of 40,000 samples of a normal, lognormal or
 * exponential distribution it calls at most 1.2 % bimodal, of a uniform one 2.1 % (with 8 values; far fewer from
 * 10 on); and it finds half or more of the samples of 8 to 16 values whose modes lie 10 standard deviations
 * apart. Moments (Sarle's coefficient) would mistake skew, which times always have, for two modes. Of fewer than
 * 8 values it returns false. */
bool values_bimodal(const double *sorted, size_t count);

/* Returns the critical value of a test whose statistic has P(S = s) = law[s] for s = 0 to `last`: max{c : P(S <= c) <=
 * alpha}; -1: there is no such c. */
long law_critical(const double *law, size_t last, double alpha);

#endif
