/* Describes the workloads of shared objects. Called by the main process, which loads none of them. */
#ifndef BENCH_GATE_SIDES_OBJECTS_H
#define BENCH_GATE_SIDES_OBJECTS_H

#include "run/supervise/supervisor.h"

/* Finds out what workload the object of `supervisor` has (supervisor_describe()) and adds it to the registry, without
 * functions. Returns 0 with *workload set; -EINTR with *signal set; or -errno with the reason. */
int object_describe(struct supervisor *supervisor, const struct workload **workload, int *signal,
		    const struct why *why);

/* Whether two workloads have params of the same names, in the same order. */
bool object_same_params(const struct workload *a, const struct workload *b);

#endif
