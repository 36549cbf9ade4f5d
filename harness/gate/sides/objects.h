/* Finds workloads in shared objects. Any thread may call it. */
#ifndef BENCH_GATE_SIDES_OBJECTS_H
#define BENCH_GATE_SIDES_OBJECTS_H

#include "command/words.h"

/* Returns NAME of the `workload_NAME` that a shared object defines; the caller frees it. No code of the object is run.
 * Returns NULL with the reason: the object has none, or several. */
char *object_workload(const char *path, const struct why *why);

#endif
