/* The contract of a counter source. One file in run/counters/ defines one. */
#ifndef BENCH_MODEL_COUNTER_H
#define BENCH_MODEL_COUNTER_H

#include "model/sample.h"

#include <stdbool.h>
#include <stddef.h>

struct counter_source {
	const char *name;
	const char *summary;
	/* May be opened inside a timed round. false: where a crew is made there, it counts in extra rounds,
	 * marked as probed. */
	bool cheap;

	/* What this source can count on this machine, found by counting a loop of known length. In the
	 * cell process or in `bench machine`; untimed. Fills at most `max`, returns how many. */
	size_t (*list)(struct counter_info *infos, size_t max);

	/* Whether an event by the source's own naming counts, with its status in `info`. The same process.
	 * NULL: the source has no others than those of list(). */
	bool (*try_event)(const char *name, struct counter_info *info);

	/* Opens those counters of `infos` (as list() filled them) that are wanted[i]. In the worker,
	 * after fork. Returns the source's state, or NULL: nothing can be counted. */
	void *(*open)(const struct counter_info *infos, const bool *wanted, size_t count);

	/* Around a worker's round, on the worker's thread. end() writes one value for each of `count`
	 * infos, NaN where it has none. */
	void (*begin)(void *state);
	void (*end)(void *state, const struct counter_info *infos, double *values, size_t count);

	void (*close)(void *state); /* in the worker; accepts NULL */
};

/* Counters that the workers open; the same for all of them. */
struct counter_set {
	const struct counter_source *const *sources; /* registry_counter_sources */
	struct counter_info infos[COUNTERS_MAX];
	uint8_t source[COUNTERS_MAX]; /* index of each info's source */
	size_t count;
};

#endif
