/* How short an item may be: the minimum effective task granularity (METG) and the break-even.
 *
 * METG(50) is the smallest granularity, workers x wall time / items, at which a way of running still has half
 * the sequential rate on each worker (Slaughter et al., Task Bench, SC20, section IV). The number of items is
 * fixed and the work of each shrinks, so that the time of an item approaches what it costs to hand it out.
 *
 * Pure functions of rows of positive numbers in any unit; points that hold a NaN are passed over. */
#ifndef BENCH_ANALYSE_METG_H
#define BENCH_ANALYSE_METG_H

#include <stddef.h>

enum bound {
	BOUND_NONE,  /* there is no point: `at` is NaN */
	BOUND_AT,    /* crossed at `at` */
	BOUND_BELOW, /* reached at all points: somewhere up to `at`, the first of them */
	BOUND_ABOVE, /* not reached, or not for good: somewhere beyond `at`, the last of them */
};

struct crossing {
	enum bound bound;
	double at;
};

struct curve_point {
	double x, y;
};

/* From which x on y stays at `level` or above, of points in the order of their cause (rising item cost, chunk).
 * A point that falls below again, by noise or not, moves the crossing beyond it. Between the last point below
 * and the next, y is taken as linear in the logarithm of x. Where x falls in spite of the order, the largest so
 * far stands for it: so a higher level never has a smaller crossing. */
struct crossing crossing_find(const struct curve_point *points, size_t count, double level);

/* What was measured at one size of items, in one unit of time. */
struct grain_point {
	double cost;        /* of an item, sequentially */
	double granularity; /* workers x wall time / items */
};

/* cost / granularity: the rate of a worker against the sequential one. */
double grain_efficiency(struct grain_point point);

/* The smallest granularity with that efficiency, of points in the order of their cost: METG(50) at 0.5. */
struct crossing metg(const struct grain_point *points, size_t count, double efficiency);

/* The smallest cost of an item with which `workers` are as fast as the sequential run. */
struct crossing break_even_cost(const struct grain_point *points, size_t count, unsigned workers);

#endif
