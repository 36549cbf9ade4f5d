/* The registries: every workload, mode, transport, counter source, export, verb and experiment of this build, by name.
 * Meson generates the tables, which end with NULL, from the lists in the folders' meson.build. */
#ifndef BENCH_MODEL_REGISTRY_H
#define BENCH_MODEL_REGISTRY_H

#include "base/why.h"
#include "model/counter.h"
#include "model/export.h"
#include "model/mode.h"
#include "model/transport.h"
#include "workloads/workload.h"

struct verb; /* command/verb.h */

extern const struct workload *const registry_workloads[];
extern const struct mode *const registry_modes[];
extern const struct transport *const registry_transports[];
extern const struct counter_source *const registry_counter_sources[];
extern const struct export *const registry_exports[];
extern const struct verb *const registry_verbs[];
extern const struct verb *const registry_experiments[];

/* The entry called `name`, or NULL. */
const struct workload *registry_workload(const char *name);
const struct mode *registry_mode(const char *name);
const struct mode *registry_baseline(void); /* the first that is not parallel */
const struct transport *registry_transport(const char *name);

/* Loads the workload `name` from a shared object that defines `const struct workload workload_NAME`; it then hides one
 * of the same name in this build, and stays until the process ends. Nothing else about a registry ever changes. The
 * main process and cell processes call this, before they have other threads. Returns the workload, or NULL with one
 * line in `why`: the object cannot be loaded, has no such workload, or was made for another workload.h. */
const struct workload *registry_load(const char *object, const char *name, const struct why *why);

#endif
