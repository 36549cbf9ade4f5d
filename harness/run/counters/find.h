/* Finds out which counters count on this machine. */
#ifndef BENCH_RUN_COUNTERS_FIND_H
#define BENCH_RUN_COUNTERS_FIND_H

#include "base/why.h"
#include "model/counter.h"

#include <jansson.h>

/* Finds the counters for `--counters WHICH`: "auto" is all that can be counted in one set, "none", or names. Works in a
 * forked child, so that no later process inherits PAPI's state. Returns 0, or -errno with `why`. */
int counters_find(struct counter_set *set, const char *which, const struct why *why);

/* Returns the table of counters as JSON: name, unit, source, status and reason of each; owned by the caller. */
json_t *counters_describe(const struct counter_set *set);

#endif
