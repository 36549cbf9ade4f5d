/* Random numbers of a few distributions; the same everywhere for the same state (base/random.h). */
#ifndef BENCH_TESTS_GATES_NOISE_H
#define BENCH_TESTS_GATES_NOISE_H

#include "base/random.h"

#include <math.h>

/* A number above 0 and at most 1. */
static inline double noise_uniform(uint64_t *random)
{
	return ((double)(random_next(random) >> 11) + 1) * 0x1p-53;
}

/* Box and Muller, 1958. */
static inline double noise_normal(uint64_t *random)
{
	double radius = sqrt(-2 * log(noise_uniform(random)));

	return radius * cos(2 * M_PI * noise_uniform(random));
}

/* Once in ten times an exponential delay of `mean`, else 0. */
static inline double noise_spike(double mean, uint64_t *random)
{
	return noise_uniform(random) < 0.1 ? -mean * log(noise_uniform(random)) : 0;
}

#endif
