/* Digests that tell whether two computations had the same results: fast, not cryptographic. Pure. */
#ifndef BENCH_BASE_DIGEST_H
#define BENCH_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): every bit depends on every other. */
static inline uint64_t digest_mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* The digest of `size` bytes. It takes eight at a time, several GB/s. */
static inline uint64_t digest_bytes(const void *data, size_t size)
{
	const unsigned char *p = data;
	uint64_t h = size * 0x9e3779b97f4a7c15u, word;

	for (; size >= sizeof(word); p += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = (h ^ word) * 0x94d049bb133111ebu;
		h ^= h >> 29;
	}
	if (size) {
		word = 0;
		memcpy(&word, p, size);
		h = digest_mix(h ^ word);
	}
	return h;
}

/* The digest of an item's number and its output. The sum of several is the digest of a set of items, in whatever order
 * they come. */
static inline uint64_t digest_item(uint64_t item, const void *output, size_t size)
{
	uint64_t h = (item + 1) * 0x9e3779b97f4a7c15u;

	return size ? digest_mix(h + digest_bytes(output, size)) : h ^ h >> 32;
}

#endif
