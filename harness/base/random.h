/* Random numbers that are the same everywhere for the same seed. */
#ifndef BENCH_BASE_RANDOM_H
#define BENCH_BASE_RANDOM_H

#include "base/digest.h"

#include <stddef.h>
#include <stdint.h>

/* The next 64 random bits: splitmix64 (Steele, Lea, Flood, OOPSLA 2014). `*state` begins as the seed. */
static inline uint64_t random_next(uint64_t *state)
{
	return digest_mix(*state += 0x9e3779b97f4a7c15);
}

/* A whole number below `count`, which is below 2^32. */
static inline size_t random_below(uint64_t *state, size_t count)
{
	return (random_next(state) >> 32) * count >> 32;
}

/* Brings `count` items, each of `size` bytes, into an order that is drawn: all are equally likely. */
void random_shuffle(void *items, size_t count, size_t size, uint64_t *state);

#endif
