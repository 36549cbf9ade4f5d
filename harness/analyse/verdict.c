#include "analyse/verdict.h"

#include "analyse/signed_rank.h"

#include <math.h>

enum verdict verdict_of(const struct shift *shift, double tolerance, double margin)
{
	if (shift->high < log1p(tolerance))
		return VERDICT_PASS;
	return shift->low > margin ? VERDICT_REGRESSED : VERDICT_CANNOT_TELL;
}

size_t verdict_looks(uint32_t runs_a_side, size_t looks[LOOKS_MOST])
{
	size_t blocks = runs_a_side / STRATUM_SIDE, last = 0, count = 0;

	for (size_t i = 1; i <= LOOKS_MOST; i++) {
		size_t at = blocks * i / LOOKS_MOST;

		if (at > last && rank_test_critical(at, LOOK_LEVEL) >= 0)
			looks[count++] = at;
		last = at;
	}
	return count;
}

double verdict_level(size_t cells)
{
	return cells > 1 ? TESTED_LEVEL / (LOOKS_MOST * (double)cells) : LOOK_LEVEL;
}

int verdict_look(const struct stratum *strata, size_t count, size_t cells, struct shift *shift)
{
	struct shift alarm;
	int err = rank_test_shift(strata, count, LOOK_LEVEL, shift);

	if (err || cells <= 1)
		return err;
	err = rank_test_shift(strata, count, verdict_level(cells), &alarm);
	shift->low = err ? shift->low : alarm.low;
	return err;
}

/* W+ is 0 with probability 2^-pairs. */
double verdict_pairs_to_reach(double level)
{
	return ceil(-log2(level));
}

size_t verdict_least_pairs(size_t cells)
{
	return (size_t)verdict_pairs_to_reach(verdict_level(cells));
}

size_t verdict_least_mean_pairs(size_t cells)
{
	return (size_t)verdict_pairs_to_reach(MEANS_LEVEL / (double)cells);
}

double verdict_reached(size_t pairs, double level)
{
	return pairs < PAIRS_BOUNDED ? level : fmax(level, ldexp(1, -(int)pairs));
}

double verdict_data_needed(const struct shift *shift, double tolerance, double margin)
{
	double to_pass = (shift->high - shift->theta) / (log1p(tolerance) - shift->theta);
	double to_regress = (shift->theta - shift->low) / (shift->theta - margin);
	double times = fmin(to_pass > 0 ? to_pass : INFINITY, to_regress > 0 ? to_regress : INFINITY);

	return times * times;
}

size_t verdict_pair_looks(uint32_t max_pairs, size_t looks[LOOKS_MOST])
{
	static const size_t of_24[LOOKS_MOST] = { 9, 12, 16, 24 };
	size_t least = verdict_least_pairs(1), last = 0, count = 0;

	for (size_t i = 0; i < LOOKS_MOST; i++) {
		size_t share = of_24[i] * max_pairs / 24, at = share < least ? least : share;

		if (i == 1 && max_pairs != 24)
			continue;
		if (at > last && at <= max_pairs)
			looks[count++] = at;
		last = at;
	}
	return count;
}

int verdict_pairs(const double *d, size_t count, size_t cells, struct shift *shift)
{
	return signed_rank_shift(d, count, verdict_level(cells), LOOK_LEVEL, shift);
}

int verdict_pair_means(const double *d, size_t count, size_t cells, struct shift *shift)
{
	return signed_rank_shift(d, count, MEANS_LEVEL / (double)cells, MEANS_LEVEL, shift);
}

int verdict_control_means(const double *d, size_t count, struct shift *shift)
{
	double level = verdict_reached(count, MEANS_LEVEL);

	return signed_rank_shift(d, count, level, level, shift);
}

bool verdict_means_slower(const struct shift *mean, double tolerance)
{
	return mean->low > 0 && mean->theta > log1p(tolerance);
}

bool verdict_means_differ(const struct shift *mean, double tolerance)
{
	const struct shift exchanged = { -mean->theta, -mean->high, -mean->low };

	return verdict_means_slower(mean, tolerance) || verdict_means_slower(&exchanged, tolerance);
}

bool verdict_mean_forbids(const struct shift *mean, double tolerance)
{
	double limit = log1p(tolerance);

	return mean->theta > (isfinite(mean->low) ? MEAN_FAR * limit : limit);
}

enum verdict verdict_of_pairs(const struct shift *undisturbed, const struct shift *mean, double tolerance,
			      double margin, bool last, enum slower_kind *kind)
{
	bool seems_slower = mean->theta > log1p(tolerance);
	enum verdict verdict = verdict_of(undisturbed, tolerance, margin);

	if (verdict == VERDICT_REGRESSED)
		*kind = SLOWER_TYPICAL;
	if (verdict == VERDICT_REGRESSED || !seems_slower)
		return verdict;
	if (verdict_means_slower(mean, tolerance)) {
		*kind = SLOWER_RARE;
		return VERDICT_REGRESSED;
	}
	return last && !verdict_mean_forbids(mean, tolerance) ? verdict : VERDICT_CANNOT_TELL;
}

bool verdict_control_holds(double theta, double added, const struct shift *pairs)
{
	double allowed = fmax(MARGIN_MOST, added / 2);

	return !(fabs(theta - added) > fmax(allowed, pairs->high - pairs->low)); /* NaN: there is no control yet */
}

double verdict_margin(double theta_aa)
{
	return fmin(MARGIN_MOST, fabs(theta_aa));
}

double verdict_added(double tolerance)
{
	return fmax(CONTROL_ADDED, 2 * tolerance);
}

double verdict_smallest_shown(const struct shift *shift, double tolerance, double margin)
{
	double above_margin = shift->theta - shift->low + margin;
	double above_tolerance = log1p(tolerance) - (shift->high - shift->theta);

	if (shift->high < 0)
		return NAN;
	return expm1(fmax(above_margin, above_tolerance));
}

double verdict_smallest_excluded(const struct shift *shift)
{
	return fmax(0, expm1(shift->high));
}

double verdict_percent(double ratio, double limit, int decimals)
{
	const double same = 1e-6; /* of a step: 500 is not below 0.005 * 1e5 */
	double steps = 100 * pow(10, decimals), rounded = round(ratio * steps);

	if (ratio < limit && rounded > limit * steps - same)
		rounded = floor(ratio * steps);
	if (ratio > limit && rounded < limit * steps + same)
		rounded = ceil(ratio * steps);
	return rounded / steps * 100;
}

int verdict_decimals(double ratio, bool counted)
{
	double size = fabs(ratio);

	return size >= 1 ? 0 : size >= 0.1 ? 1 : counted ? 3 : 2;
}

enum verdict verdict_in_all(const enum verdict *verdicts, size_t count)
{
	enum verdict all = count ? VERDICT_PASS : VERDICT_CANNOT_TELL;

	for (size_t i = 0; i < count; i++) {
		if (verdicts[i] == VERDICT_REGRESSED)
			return VERDICT_REGRESSED;
		if (verdicts[i] == VERDICT_CANNOT_TELL)
			all = VERDICT_CANNOT_TELL;
	}
	return all;
}
