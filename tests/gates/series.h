/* What a program took, run after run: recorded times and simulated ones, for drawing gates from (draws.h).
 *
 * Everything follows from the files and the seeds. */
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

/* Laws of the noise from run to run; standard deviations. */
enum noise {
	NOISE_QUIET,    /* normal, 0.5 % */
	NOISE_NORMAL,   /* normal, 1 % */
	NOISE_SPIKY,    /* 0.5 %, and in one run of ten an exponential delay of 10 % in the mean */
	NOISE_DRIFTING, /* 0.3 %, on an autoregressive drift of 3 % that is lost after about 50 runs */
	NOISE_BIMODAL,  /* 0.5 %, and in half of the runs 5 % more */
	NOISE_COUNT,
};

extern const char *const noise_words[NOISE_COUNT]; /* "normal" */

/* Reads the file of that name in tests/data: lines of wall_ns and cpu_ns, and comments that begin with #. BENCH_ROOT is
 * the root of the sources. Returns 0 or -errno; -EINVAL: a line is something else. */
int series_read(struct series *series, const char *name, enum measure measure);

/* Returns 0 or -ENOMEM. */
int series_simulate(struct series *series, enum noise noise, size_t count, uint64_t seed);

void series_release(struct series *series);

#endif
