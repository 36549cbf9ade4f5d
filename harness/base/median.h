/* The median of a few numbers: what the supervisor and the cell process need before statistics begin. */
#ifndef BENCH_BASE_MEDIAN_H
#define BENCH_BASE_MEDIAN_H

#include <stddef.h>

/* Of `count` numbers, at least one, which it sorts. Pure. */
double median_of(double *values, size_t count);

#endif
