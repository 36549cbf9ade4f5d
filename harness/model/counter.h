/* The contract of a counter source. One file in run/counters/ defines one. */
#ifndef BENCH_MODEL_COUNTER_H
#define BENCH_MODEL_COUNTER_H

#include "model/sample.h"

#include <stdbool.h>
#include <stddef.h>

struct counter_source {
	const char *name;
	const char *summary;
	/* Whether it may be opened inside a timed round. false: where the crew is made inside the round, this source
	 * counts in extra rounds, which are marked as probed. */
	bool cheap;

	/* Lists what this source can count on this machine, which it finds out by counting a loop of known length.
	 * Fills at most `max` entries and returns how many. Called in the process that finds counters
	 * (run/counters/find.h); untimed. */
	size_t (*list)(struct counter_info *infos, size_t max);

	/* Returns whether an event that only the source knows by this name counts; fills `info` with its status. Called
	 * in the same process as list(). NULL: the source has only what list() returns. */
	bool (*try_event)(const char *name, struct counter_info *info);

	/* Opens those counters of `infos` (as list() filled them) that are wanted[i]. Called in the worker, after fork.
	 * Returns the source's state, or NULL: nothing can be counted. */
	void *(*open)(const struct counter_info *infos, const bool *wanted, size_t count);

	/* Called before and after a worker's round, on the worker's thread. end() writes one value for each of `count`
	 * infos, NaN where it has none. */
	void (*begin)(void *state);
	void (*end)(void *state, const struct counter_info *infos, double *values, size_t count);

	void (*close)(void *state); /* called in the worker; accepts NULL */
};

/* The counters that every worker of a run opens. */
struct counter_set {
	const struct counter_source *const *sources; /* registry_counter_sources */
	struct counter_info infos[COUNTERS_MAX];
	uint8_t source[COUNTERS_MAX]; /* for each info, the index of its source in `sources` */
	size_t count;
};

#endif
