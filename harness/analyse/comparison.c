#include "analyse/comparison.h"

#define SEED 1

enum direction interval_direction(struct interval interval, double neutral)
{
	if (!(interval.level >= CONFIDENCE))
		return DIRECTION_NOT_SHOWN;
	return interval.low > neutral ? DIRECTION_MORE : interval.high < neutral ? DIRECTION_LESS : DIRECTION_NOT_SHOWN;
}

/* Returns the end of the interval that is nearer to `neutral`; `neutral` itself if no change is shown. */
static double nearer(struct interval interval, enum direction shown, double neutral)
{
	return shown == DIRECTION_MORE ? interval.low : shown == DIRECTION_LESS ? interval.high : neutral;
}

int change_find(struct change *change, const double *a_sorted, size_t a_count, const double *b_sorted, size_t b_count)
{
	int err;

	*change = CHANGE_UNKNOWN;
	change->a = values_median(a_sorted, a_count);
	change->b = values_median(b_sorted, b_count);
	if (a_count && a_sorted[0] > 0) {
		err = ratio_interval(&change->ratio, b_sorted, b_count, a_sorted, a_count, SEED);
		change->direction = interval_direction(change->ratio, 1);
		change->beyond_noise = (nearer(change->ratio, change->direction, 1) - 1) * change->a;
	} else {
		err = difference_interval(&change->difference, b_sorted, b_count, a_sorted, a_count, SEED);
		change->direction = interval_direction(change->difference, 0);
		change->beyond_noise = nearer(change->difference, change->direction, 0);
	}
	return err;
}

/* Returns how far the medians lie apart, whatever the sign; -1: not known. */
static double distance(const struct change *change)
{
	return isfinite(change->ratio.median) && change->ratio.median > 0 ? fabs(log(change->ratio.median)) : -1;
}

int change_order(const struct change *left, const struct change *right)
{
	double x = fabs(left->beyond_noise), y = fabs(right->beyond_noise);

	if ((left->direction != DIRECTION_NOT_SHOWN) != (right->direction != DIRECTION_NOT_SHOWN))
		return left->direction != DIRECTION_NOT_SHOWN ? -1 : 1;
	if (x == y) {
		x = distance(left);
		y = distance(right);
	}
	return x > y ? -1 : x < y;
}
