/* Placement: which processors each worker is bound to, by hwloc's view of the machine.
 *
 * The topology is that of the processors within cpuset and affinity mask, or a synthetic one that only shows where
 * workers would go. Called by the supervisor and by `bench machine`; workers get plain sets of processors. */
#ifndef BENCH_RUN_SUPERVISE_PLACEMENT_H
#define BENCH_RUN_SUPERVISE_PLACEMENT_H

#include "base/why.h"
#include "model/sample.h"

#include <hwloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct placement {
	hwloc_topology_t topology;
	bool synthetic; /* it comes from --topology: nothing can be bound */
	unsigned units; /* processing units within cpuset and affinity mask */
	unsigned cores, nodes, packages;
	double quota;    /* processors' time that control groups allow, such as 0.5; 0: no limit */
	unsigned usable; /* the lesser of units and quota, rounded up */
};

/* `synthetic`: hwloc's synthetic description, or NULL: this machine. Returns 0, or -errno with `why`. */
int placement_open(struct placement *placement, const char *synthetic, const struct why *why);
void placement_close(struct placement *placement);

/* Chooses the set of processors of each worker by `bind`: "core", "pu", "numa", "none" (all processors that may be
 * used), or a list of processors, "0,2-3". If there are more workers than places, they start over at the first place.
 * Returns 0, or -EINVAL with `why`: a processor of the list may not be used. */
int placement_choose(const struct placement *placement, const char *bind, unsigned workers, struct cpus *sets,
		     const struct why *why);

/* How many of so many workers can run at the same time. */
unsigned placement_at_once(const struct placement *placement, unsigned workers);

/* placement_uses_smt(): whether workers with these sets share a core that has several threads;
 * placement_oversubscribes(): whether there are more workers than processors that they may use. */
bool placement_uses_smt(const struct placement *placement, const struct cpus *sets, unsigned workers);
bool placement_oversubscribes(const struct placement *placement, const struct cpus *sets, unsigned workers);

/* Writes where the processors of a set are, for people: "package 0 core 3 pu 3". */
void placement_describe(const struct placement *placement, const struct cpus *set, char *text, size_t size);

#endif
