#include "analyse/metg.h"

#include <math.h>

/* What is known of the points so far. */
struct curve {
	double x;                /* the largest x so far; NaN: there was no point yet */
	double first_x;          /* of the first point */
	double below_x, below_y; /* the last point below the level; NaN: there was none */
	double next_x, next_y;   /* the point that follows it; NaN: there was none */
};

#define EMPTY { NAN, NAN, NAN, NAN, NAN, NAN }

static void take(struct curve *r, struct curve_point point, double level)
{
	if (isnan(point.x) || isnan(point.y))
		return;
	if (isnan(r->x))
		r->first_x = point.x;
	r->x = fmax(r->x, point.x); /* fmax() ignores a NaN */
	if (point.y < level) {
		r->below_x = r->x;
		r->below_y = point.y;
		r->next_x = r->next_y = NAN;
	} else if (isnan(r->next_x)) {
		r->next_x = r->x;
		r->next_y = point.y;
	}
}

static struct crossing crossing_of(const struct curve *r, double level)
{
	if (isnan(r->x))
		return (struct crossing){ BOUND_NONE, NAN };
	if (isnan(r->below_x))
		return (struct crossing){ BOUND_BELOW, r->first_x };
	if (isnan(r->next_x))
		return (struct crossing){ BOUND_ABOVE, r->x };
	return (struct crossing){
		BOUND_AT,
		r->below_x * pow(r->next_x / r->below_x, (level - r->below_y) / (r->next_y - r->below_y)),
	};
}

struct crossing crossing_find(const struct curve_point *points, size_t count, double level)
{
	struct curve row = EMPTY;

	for (size_t i = 0; i < count; i++)
		take(&row, points[i], level);
	return crossing_of(&row, level);
}

double grain_efficiency(struct grain_point point)
{
	return point.cost / point.granularity;
}

struct crossing metg(const struct grain_point *points, size_t count, double efficiency)
{
	struct curve row = EMPTY;

	for (size_t i = 0; i < count; i++)
		take(&row, (struct curve_point){ points[i].granularity, grain_efficiency(points[i]) }, efficiency);
	return crossing_of(&row, efficiency);
}

struct crossing break_even_cost(const struct grain_point *points, size_t count, unsigned workers)
{
	struct curve row = EMPTY;

	for (size_t i = 0; i < count; i++)
		take(&row, (struct curve_point){ points[i].cost, workers * grain_efficiency(points[i]) }, 1);
	return crossing_of(&row, 1);
}
