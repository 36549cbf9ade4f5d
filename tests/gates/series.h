/* How long a program took, run after run: recorded and simulated times, from which draws.h draws gates.
 *
 * The same files and seeds give the same series. */
#ifndef BENCH_TESTS_GATES_SERIES_H
#define BENCH_TESTS_GATES_SERIES_H

#include <stddef.h>
#include <stdint.h>

/* x = ln(time), in the order of running. */
struct series {
	double *x; /* owned */
	size_t count;
};

enum measure { MEASURE_WALL, MEASURE_CPU };

/* Distributions of the noise from run to run; percentages are standard deviations. */
enum noise {
	NOISE_QUIET,    /* normal, 0.5 % */
	NOISE_NORMAL,   /* normal, 1 % */
	NOISE_SPIKY,    /* normal, 0.5 %; one run in ten has an exponential delay of 10 % in the mean */
	NOISE_DRIFTING, /* normal, 0.3 %, on an autoregressive drift of 3 % that is forgotten after about 50 runs */
	NOISE_BIMODAL,  /* normal, 0.5 %; half of the runs take 5 % more */
	NOISE_COUNT,
};

extern const char *const noise_words[NOISE_COUNT]; /* "normal" */

/* Reads the file `name` of tests/data below BENCH_ROOT, the root of the sources: lines of wall_ns and cpu_ns, and
 * comments that begin with #. Returns 0 or -errno; -EINVAL: some line is neither. */
int series_read(struct series *series, const char *name, enum measure measure);

/* Simulates `count` runs. Returns 0 or -ENOMEM. */
int series_simulate(struct series *series, enum noise noise, size_t count, uint64_t seed);

void series_release(struct series *series);

#endif
