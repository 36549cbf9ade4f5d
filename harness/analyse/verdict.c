#include "analyse/verdict.h"

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

double verdict_level(size_t flagged)
{
	return flagged > 1 ? FLAGGED_LEVEL / (LOOKS_MOST * (double)flagged) : LOOK_LEVEL;
}

int verdict_look(const struct stratum *strata, size_t count, size_t flagged, struct shift *shift)
{
	struct shift alarm;
	int err = rank_test_shift(strata, count, LOOK_LEVEL, shift);

	if (err || flagged <= 1)
		return err;
	err = rank_test_shift(strata, count, verdict_level(flagged), &alarm);
	shift->low = err ? shift->low : alarm.low;
	return err;
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
