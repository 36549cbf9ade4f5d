/* The plan: the list of cells that a command line asks for. */
#ifndef BENCH_COMMAND_PLAN_H
#define BENCH_COMMAND_PLAN_H

#include "model/cell.h"
#include "command/options.h"

#define PLAN_CELLS_MOST 10000 /* a slip in a list must not fill the memory */

struct plan {
	struct cell *cells;
	size_t count;
};

/* What must be known of a workload before its cells can be listed. */
struct workload_facts {
	const char *name;
	const char *const *values; /* as options_values() returns them */
	uint64_t items;            /* as its open() said */
	uint64_t items_of;         /* that it has where it is not told how many; 0: not known */
};

/* Lists the cells: for each workload its sequential baseline first, then modes x transports x
 * schedules x chunks x workers. Axes that do not apply to a mode are left out; duplicates are dropped.
 * A combination that cannot run (steal where ranges are not shared) is listed with `unavailable`.
 * `processors`: how many may be used, for the default sweep 1, 2, 4, ..., and that number itself.
 * The strings of `options` and `facts` must outlive the plan. Returns 0 or -errno; -E2BIG: there are
 * more than PLAN_CELLS_MOST, or far too many combinations that are the same. */
int plan_make(struct plan *plan, const struct options *options, const struct workload_facts *facts, size_t fact_count,
	      unsigned processors);
void plan_release(struct plan *plan);

/* 1, 2, 4, ... below `processors`, then that number. */
struct numbers plan_sweep(unsigned processors);

#endif
