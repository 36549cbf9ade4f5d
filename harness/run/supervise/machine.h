/* What machine this is: everything that a reader of a result needs to know to judge it.
 * Called by the supervisor, before any cell process runs. */
#ifndef BENCH_RUN_SUPERVISE_MACHINE_H
#define BENCH_RUN_SUPERVISE_MACHINE_H

#include "base/why.h"
#include "run/supervise/placement.h"

#include <jansson.h>

/* An object: topology, kernel, governor, clock source, virtualisation, steal, load, mitigations and
 * limits. What cannot be read is null. Owned by the caller; NULL without memory. */
json_t *machine_describe(const struct placement *placement);

/* Versions of this program and of what it was built with. */
json_t *machine_versions(void);

#endif
