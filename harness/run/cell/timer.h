/* Timing by Google Benchmark, with an interface in C: timer.cc is the only file in C++.
 *
 * Times are manual: the round measures its own wall time, since Google Benchmark would choose the number of iterations
 * by the CPU time of a parent that only waits. A call makes one repetition, since Google Benchmark reports after the
 * last one and a crash would lose them all. Not thread-safe: only one thread of a process may call it. */
#ifndef BENCH_RUN_CELL_TIMER_H
#define BENCH_RUN_CELL_TIMER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Executes what is timed `iterations` times; returns the nanoseconds that all of them took together, or -1 if it
 * failed. */
typedef int64_t timer_body(void *context, uint64_t iterations);

struct timing {
	uint64_t iterations;
	double ns_per_iteration; /* wall time, as Google Benchmark reports it */
};

/* Times `body` once. `iterations` 0: Google Benchmark chooses how many, for about `seconds` (operations
 * of nanoseconds). Returns 0, or -1 when the body failed or nothing was timed. */
int timer_run(const char *name, timer_body *body, void *context, uint64_t iterations, double seconds,
	      struct timing *timing);

/* The library's version, for the run file; "unknown" if the library does not say. */
const char *timer_version(void);

#ifdef __cplusplus
}
#endif

#endif
