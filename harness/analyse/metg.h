/* How short an item may be: the minimum effective task granularity (METG) and the break-even.
 *
 * METG(50) is the smallest granularity, workers x wall time / items, at which each worker still reaches half of the
 * sequential rate (Slaughter et al., Task Bench, SC20, section IV). The number of items is fixed and the work of each
 * shrinks, so that the time of an item approaches what handing it out costs.
 *
 * Pure functions of positive numbers in any unit. Points with a NaN are skipped. */
#ifndef BENCH_ANALYSE_METG_H
#define BENCH_ANALYSE_METG_H

#include <stddef.h>

/* What is known of the place where a curve crosses a level. */
enum bound {
	BOUND_NONE,  /* nothing: there is no point, and `at` is NaN */
	BOUND_AT,    /* it is `at` */
	BOUND_BELOW, /* it is at most `at`, the first point, since all points reach the level */
	BOUND_ABOVE, /* it is above `at`, the last point, since that does not reach the level */
};

struct crossing {
	enum bound bound;
	double at;
};

struct curve_point {
	double x, y;
};

/* Finds the x from which on y stays at `level` or above. The points stand in the order in which they were planned
 * (of rising item cost or chunk). A later point that falls below the level, by noise or not, moves the crossing beyond
 * itself. Between the last point below the level and the next point, y is taken as linear in the logarithm of x. Where
 * x falls in spite of the order, the largest x so far takes its place, so that a higher level never has a smaller
 * crossing. */
struct crossing crossing_find(const struct curve_point *points, size_t count, double level);

/* What was measured at one size of items, in one unit of time. */
struct grain_point {
	double cost;        /* of an item in the sequential run */
	double granularity; /* workers x wall time / items */
};

/* Returns cost / granularity, the rate of a worker as a share of the sequential rate. */
double grain_efficiency(struct grain_point point);

/* Finds the smallest granularity with this efficiency: METG(50) for 0.5. The points stand in the order of their
 * cost. */
struct crossing metg(const struct grain_point *points, size_t count, double efficiency);

/* Finds the smallest cost of an item at which `workers` workers are as fast as the sequential run. */
struct crossing break_even_cost(const struct grain_point *points, size_t count, unsigned workers);

#endif
