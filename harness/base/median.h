/* The median of a few numbers, for code that needs no other statistics. */
#ifndef BENCH_BASE_MEDIAN_H
#define BENCH_BASE_MEDIAN_H

#include <stddef.h>

/* The median of `count` numbers, at least one, which it sorts. Pure. */
double median_of(double *values, size_t count);

#endif
