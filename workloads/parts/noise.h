/* Pseudo-random numbers for generated input, the same on every machine. Pure functions.
 *
 * The generator is SplitMix64 (Steele, Lea, Flood, OOPSLA 2014); any number will do as a first state. */
#ifndef BENCH_WORKLOADS_PARTS_NOISE_H
#define BENCH_WORKLOADS_PARTS_NOISE_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Returns the next number of the sequence. */
static inline uint64_t noise_next(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

/* Returns a number from 0 to bound - 1; `bound` is at least 1. */
static inline uint64_t noise_below(uint64_t *state, uint64_t bound)
{
	return (uint64_t)((unsigned __int128)noise_next(state) * bound >> 64);
}

/* Fills `size` bytes. */
static inline void noise_fill(uint64_t *state, void *data, size_t size)
{
	uint8_t *next = data;
	uint64_t word;

	for (; size >= sizeof(word); size -= sizeof(word), next += sizeof(word)) {
		word = htole64(noise_next(state));
		memcpy(next, &word, sizeof(word));
	}
	if (size) {
		word = htole64(noise_next(state));
		memcpy(next, &word, size);
	}
}

#endif
