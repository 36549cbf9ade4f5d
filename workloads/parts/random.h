/* Numbers that look random and are the same in every run and on every machine. Pure functions. */
#ifndef BENCH_WORKLOADS_PARTS_RANDOM_H
#define BENCH_WORKLOADS_PARTS_RANDOM_H

#include <stdint.h>

/* A permutation of all 64-bit numbers: the finalizer of splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
static inline uint64_t random_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* Maps the random 64-bit number `x` to a number below `limit` (Lemire 2019, without the last step: the bias is
 * at most limit / 2^64). */
static inline uint64_t random_below(uint64_t x, uint64_t limit)
{
	return (uint64_t)((unsigned __int128)x * limit >> 64);
}

#endif
