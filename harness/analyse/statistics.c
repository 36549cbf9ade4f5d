#include "analyse/statistics.h"

#include "analyse/signed_rank.h"
#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RESAMPLES 2000

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void values_sort(double *values, size_t count)
{
	if (count > 1)
		qsort(values, count, sizeof(*values), ascending);
}

double values_median(const double *sorted, size_t count)
{
	return count ? (sorted[(count - 1) / 2] + sorted[count / 2]) / 2 : NAN;
}

double values_quantile(const double *sorted, size_t count, double q)
{
	double place, whole;
	size_t below;

	if (!count)
		return NAN;
	place = q * (double)(count - 1);
	whole = floor(place);
	below = (size_t)whole;
	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] + (place - whole) * (sorted[below + 1] - sorted[below]);
}

struct interval values_interval(const double *sorted, size_t count)
{
	double n = (double)count;
	double log_chance = -n * M_LN2; /* of exactly k values below the median, as 2^-1075 is 0 */
	double level = 1 - 2 * exp(log_chance), narrower;
	size_t k = 0;

	if (!count)
		return INTERVAL_UNKNOWN;
	for (;;) {
		log_chance += log((n - (double)k) / ((double)k + 1));
		narrower = level - 2 * exp(log_chance);
		if (narrower < CONFIDENCE)
			break;
		level = narrower;
		k++;
	}
	return (struct interval){ values_median(sorted, count), sorted[k], sorted[count - 1 - k], level };
}

/* Returns the median of `count` values drawn with replacement. It counts how often each place is drawn, so the
 * resample need not be sorted. */
static double resampled_median(const double *sorted, size_t count, uint32_t *drawn, uint64_t *random)
{
	size_t k = 0, seen;
	double lower;

	memset(drawn, 0, count * sizeof(*drawn));
	for (size_t i = 0; i < count; i++)
		drawn[random_below(random, count)]++;
	for (seen = drawn[0]; seen <= (count - 1) / 2; seen += drawn[k])
		k++;
	lower = sorted[k];
	for (; seen <= count / 2; seen += drawn[k])
		k++;
	return (lower + sorted[k]) / 2;
}

static double divide(double a, double b)
{
	return a / b;
}

static double subtract(double a, double b)
{
	return a - b;
}

static int bootstrap(struct interval *result, double (*of)(double a, double b), const double *a_sorted, size_t a_count,
		     const double *b_sorted, size_t b_count, uint64_t seed)
{
	size_t most = a_count > b_count ? a_count : b_count, least = a_count < b_count ? a_count : b_count;
	double results[RESAMPLES];
	uint32_t *drawn;

	*result = INTERVAL_UNKNOWN;
	if (!least)
		return 0;
	drawn = malloc(most * sizeof(*drawn));
	if (!drawn)
		return -ENOMEM;
	for (size_t i = 0; i < RESAMPLES; i++) {
		double a = resampled_median(a_sorted, a_count, drawn, &seed);

		results[i] = of(a, resampled_median(b_sorted, b_count, drawn, &seed));
	}
	free(drawn);
	values_sort(results, RESAMPLES);
	result->median = of(values_median(a_sorted, a_count), values_median(b_sorted, b_count));
	result->low = values_quantile(results, RESAMPLES, (1 - CONFIDENCE) / 2);
	result->high = values_quantile(results, RESAMPLES, (1 + CONFIDENCE) / 2);
	result->level = fmin(CONFIDENCE, 1 - 2 * exp2(-(double)least));
	return 0;
}

int ratio_interval(struct interval *ratio, const double *above_sorted, size_t above_count,
		   const double *below_sorted, size_t below_count, uint64_t seed)
{
	return bootstrap(ratio, divide, above_sorted, above_count, below_sorted, below_count, seed);
}

int difference_interval(struct interval *interval, const double *a_sorted, size_t a_count, const double *b_sorted,
			size_t b_count, uint64_t seed)
{
	return bootstrap(interval, subtract, a_sorted, a_count, b_sorted, b_count, seed);
}

/* The level of the interval of which each bound leaves out `critical` or less of W+; -1: -ENOMEM. */
static double level_of(size_t pairs, long critical)
{
	double *law = calloc(pairs * (pairs + 1) / 2 + 1, sizeof(*law)), level = 1;

	if (!law)
		return -1;
	signed_rank_law(pairs, law);
	for (long w = 0; w <= critical; w++)
		level -= 2 * law[w];
	free(law);
	return level;
}

int paired_interval(struct interval *ratio, double *ratios, size_t count)
{
	const double alpha = (1 - CONFIDENCE) / 2;
	long critical = count && count <= GATE_PAIRS_MOST ? signed_rank_critical(count, alpha) : -1;
	struct shift shift;
	double *logs;

	values_sort(ratios, count);
	*ratio = values_interval(ratios, count);
	if (critical < 0)
		return 0;
	logs = malloc(count * sizeof(*logs));
	for (size_t i = 0; logs && i < count; i++)
		logs[i] = log(ratios[i]);
	ratio->level = level_of(count, critical);
	if (!logs || ratio->level < 0 || signed_rank_shift(logs, count, alpha, alpha, &shift)) {
		free(logs);
		return -ENOMEM;
	}
	free(logs);
	*ratio = (struct interval){ exp(shift.theta), exp(shift.low), exp(shift.high), ratio->level };
	return 0;
}

struct interval interval_times(struct interval interval, double factor)
{
	return (struct interval){ factor * interval.median, factor * interval.low, factor * interval.high,
				  interval.level };
}

struct interval interval_inverse(struct interval interval, double factor)
{
	return (struct interval){ factor / interval.median, factor / interval.high, factor / interval.low,
				  interval.level };
}

bool values_drift(const double *in_time, size_t count)
{
	const double two_sided = 2.5758; /* the normal law's quantile at 0.995 */
	double n = (double)count, rises = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			rises += (in_time[j] > in_time[i]) - (in_time[j] < in_time[i]);
	return fabs(rises) - 1 > two_sided * sqrt(n * (n - 1) * (2 * n + 5) / 18);
}

bool values_bimodal(const double *sorted, size_t count)
{
	size_t least = count / 4 > 3 ? count / 4 : 3;

	if (count < 8)
		return false;
	for (size_t k = least; k + least <= count; k++) {
		double gap = sorted[k] - sorted[k - 1];
		double widest = fmax(sorted[k - 1] - sorted[0], sorted[count - 1] - sorted[k]);

		if (gap > 0 && gap >= 2 * widest)
			return true;
	}
	return false;
}

long law_critical(const double *law, size_t last, double alpha)
{
	double chance = 0;
	long critical = -1;

	for (size_t s = 0; s <= last; s++) {
		chance += law[s];
		if (chance > alpha)
			break;
		critical = (long)s;
	}
	return critical;
}
