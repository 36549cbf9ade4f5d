/* The registries: every workload, mode, transport, counter source, export, verb and experiment of this build, by name.
 * Meson generates the tables, which end with NULL, from the lists in the folders' meson.build. */
#ifndef BENCH_MODEL_REGISTRY_H
#define BENCH_MODEL_REGISTRY_H

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
const struct mode *registry_baseline(void);  /* the first that is not parallel */
size_t registry_mode_rank(const char *name); /* its place among the modes, which have the simplest first */
const struct transport *registry_transport(const char *name);

/* Adds a workload of a shared object (model/object.h), or what is known of one in a process that has not loaded it: its
 * name, params and files, without functions. It hides one of the same name in this build, and stays until the process
 * ends, as a second one does; there are no more. Nothing else about a registry ever changes. */
void registry_add(const struct workload *workload);

#endif
