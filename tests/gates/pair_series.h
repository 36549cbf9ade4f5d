/* What the sides of pairs took, pair after pair: recorded and simulated, from which pair_draws.h draws gates.
 *
 * The same files and seeds give the same series. */
#ifndef BENCH_TESTS_GATES_PAIR_SERIES_H
#define BENCH_TESTS_GATES_PAIR_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAIR_SIDES 3 /* A, B, and A again, the control */

/* Logarithms of what the sides took. */
struct pair_values {
	double undisturbed[PAIR_SIDES], mean[PAIR_SIDES];
};

struct pair_series {
	struct pair_values *pairs; /* owned; in the order of measuring */
	size_t count;
	bool has_control;
};

/* How the machine disturbs slices. The sides take turns, in random order, so it meets all of them. */
enum pair_noise {
	PAIR_NOISE_NORMAL,     /* 1 % from slice to slice */
	PAIR_NOISE_SPIKY,      /* and one slice in ten has an exponential delay of 100 % in the mean */
	PAIR_NOISE_DRIFTING,   /* on an autoregressive drift of 5 % that is forgotten after a few pairs */
	PAIR_NOISE_BIMODAL,    /* half of the processes take 2 % more */
	PAIR_NOISE_NEIGHBOURS, /* other programs come and go, for times from slices to pairs, and take up to a half */
	PAIR_NOISE_COUNT,
};

extern const char *const pair_noise_words[PAIR_NOISE_COUNT]; /* "normal" */

/* What is peculiar to a side of simulated pairs beside noise. Zeroed: nothing. */
struct pair_peculiar {
	double rare;    /* chance of a round that takes half as long again */
	double scatter; /* added to the 1 % of its slices, with the same mean */
};

/* Simulates `count` pairs with controls, of 10 rounds of 16 slices; side B has `b`. Returns 0 or -ENOMEM. */
int pairs_simulate(struct pair_series *series, enum pair_noise noise, const struct pair_peculiar *b, size_t count,
		   uint64_t seed);

/* Reads a file, by its path or its name in tests/data below BENCH_ROOT, the root of the sources: lines of undisturbed
 * and mean time of A, those of B, and perhaps those of the control, in ns, and comments that begin with #. Returns 0 or
 * -errno; -EINVAL: some line is neither, or there is none. */
int pairs_read(struct pair_series *series, const char *name);

void pairs_release(struct pair_series *series);

#endif
