/* Workloads in shared objects. Any thread may call it. */
#ifndef BENCH_GATE_SIDES_OBJECTS_H
#define BENCH_GATE_SIDES_OBJECTS_H

#include "command/words.h"

/* NAME of the `workload_NAME` that a shared object defines, owned by the caller; the code of the object is not
 * run. NULL with the reason: it has none, or several. */
char *object_workload(const char *path, const struct why *why);

#endif
