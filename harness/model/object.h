/* Shared objects that define one workload, `const struct workload workload_NAME` (workloads/workload.h). */
#ifndef BENCH_MODEL_OBJECT_H
#define BENCH_MODEL_OBJECT_H

#include "base/why.h"
#include "workloads/workload.h"

#define OBJECT_TEXT 256   /* bytes that a name or a preset of a loaded workload may take, with its NUL */
#define OBJECT_PARAMS 256 /* params that it may have */

/* Finds the workload that a shared object defines, without running any of its code. Returns its symbol, to be freed;
 * NULL with one line in `why`: it is no object, has no workload or several, or one of another size. */
char *object_symbol(const char *path, const struct why *why);

/* Loads the workload of a shared object and adds it to the registry; it stays until the process ends. This runs code
 * of the object, its constructors, which may crash the process, end it or never come back. So only cell processes and
 * their workers call it, before they have other threads. Returns NULL with one line in `why`: the object cannot be
 * loaded, has no workload or several, was made for another workload.h, or breaks the contract there. */
const struct workload *object_load(const char *path, const struct why *why);

#endif
