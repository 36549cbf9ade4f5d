/* Which counters count on this machine. */
#ifndef BENCH_RUN_COUNTERS_FIND_H
#define BENCH_RUN_COUNTERS_FIND_H

#include "base/why.h"
#include "model/counter.h"

#include <jansson.h>

/* Finds the counters for `--counters WHICH`: "auto" is all that count in one set, "none", or names. In a
 * forked child, since PAPI's state must not be inherited by others. Returns 0, or -errno with `why`. */
int counters_find(struct counter_set *set, const char *which, const struct why *why);

/* The table of counters as JSON: name, unit, source, status and reason of each. */
json_t *counters_describe(const struct counter_set *set);

#endif
