/* Timing through Google Benchmark, behind plain C: the one file of C++ is timer.cc.
 *
 * Times are manual: the round measures itself, since what counts is the wall time of a crew and Google
 * Benchmark would size its iterations by the CPU time of a parent that only waits. One repetition a
 * call, since it reports after the last one and a crash would lose them all. Not thread-safe; call it
 * from one thread of a process, the cell process or a micro-benchmark. */
#ifndef BENCH_RUN_CELL_TIMER_H
#define BENCH_RUN_CELL_TIMER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Executes `iterations` of what is timed; returns the nanoseconds that all of them took, or -1: failed. */
typedef int64_t timer_body(void *context, uint64_t iterations);

struct timing {
	uint64_t iterations;
	double ns_per_iteration; /* wall time, as Google Benchmark reports it */
};

/* Times `body` once. `iterations` 0: Google Benchmark chooses how many, for about `seconds` (operations
 * of nanoseconds). Returns 0, or -1 when the body failed or nothing was timed. */
int timer_run(const char *name, timer_body *body, void *context, uint64_t iterations, double seconds,
	      struct timing *timing);

/* Version of the library, as the run file names it; "unknown" where it does not say. */
const char *timer_version(void);

#ifdef __cplusplus
}
#endif

#endif
