/* Random numbers that are the same everywhere for the same seed. */
#ifndef BENCH_ANALYSE_RANDOM_H
#define BENCH_ANALYSE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The next of 64 random bits: splitmix64 (Steele, Lea, Flood, OOPSLA 2014). `*state` begins as the seed. */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* A whole number below `count`, which is below 2^32. */
static inline size_t random_below(uint64_t *state, size_t count)
{
	return (random_next(state) >> 32) * count >> 32;
}

#endif
