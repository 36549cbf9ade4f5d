/* A description of the machine: what a reader needs to know about it to judge a result. Called by the supervisor,
 * before any cell process runs. */
#ifndef BENCH_RUN_SUPERVISE_MACHINE_H
#define BENCH_RUN_SUPERVISE_MACHINE_H

#include "base/why.h"
#include "run/supervise/placement.h"

#include <jansson.h>

/* Returns an object with topology, kernel, governor, clock source, virtualisation, steal, load, mitigations and limits;
 * what cannot be read is null. Owned by the caller; NULL without memory. */
json_t *machine_describe(const struct placement *placement);

/* Returns an object with the versions of this program and of what it was built with. Owned by the caller; NULL without
 * memory. */
json_t *machine_versions(void);

#endif
