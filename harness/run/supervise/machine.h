/* What machine this is: everything that a reader of a result needs to know to judge it.
 * Called by the supervisor, before any cell process runs. */
#ifndef BENCH_RUN_SUPERVISE_MACHINE_H
#define BENCH_RUN_SUPERVISE_MACHINE_H

#include "base/why.h"
#include "model/counter.h"
#include "run/supervise/placement.h"

#include <jansson.h>

/* An object: topology, kernel, governor, clock source, virtualisation, steal, load, mitigations and
 * limits. What cannot be read is null. Owned by the caller; NULL without memory. */
json_t *machine_describe(const struct placement *placement);

/* Versions of this program and of what it was built with. */
json_t *machine_versions(void);

/* Finds the counters for `--counters WHICH`: "auto" is all that count in one set, "none", or names. In a
 * forked child, since PAPI's state must not be inherited by others. Returns 0, or -errno with `why`. */
int counters_find(struct counter_set *set, const char *which, const struct why *why);

/* The table of counters as JSON: name, unit, source, status and reason of each. */
json_t *counters_describe(const struct counter_set *set);

#endif
