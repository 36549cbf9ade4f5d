/* The plan: the list of cells that a command line asks for. */
#ifndef BENCH_COMMAND_PLAN_H
#define BENCH_COMMAND_PLAN_H

#include "model/cell.h"
#include "command/options.h"

struct plan {
	struct cell *cells;
	size_t count;
};

/* What must be known of a workload before its cells can be listed. */
struct workload_facts {
	const char *name;
	const char *const *values; /* as options_values() */
	uint64_t items;            /* as its open() said */
};

/* Lists the cells: for each workload its sequential baseline first, then modes x transports x
 * schedules x chunks x workers. Axes that do not apply to a mode collapse; duplicates are dropped.
 * A combination that cannot run (steal where ranges are not shared) is listed with `unavailable`.
 * `processors`: how many may be used, for the default sweep 1, 2, 4, ..., and that number itself.
 * The strings of `options` and `facts` must outlive the plan. Returns 0 or -errno. */
int plan_make(struct plan *plan, const struct options *options, const struct workload_facts *facts, size_t fact_count,
	      unsigned processors);
void plan_release(struct plan *plan);

/* The chunk that a cell has when none is asked for; 0: it has none. */
uint64_t cell_preset_chunk(const struct cell *cell);

/* The id of a cell: `workload[?p=v,...]/mode[:option]/transport or -/schedule:chunk or -/workers[@bind]`,
 * parts at their defaults left out. Owned by the caller; NULL without memory. */
char *cell_id(const struct cell *cell);

/* The part of the id that says how a mode is called: "item", "imap+recycle=100". "" if all is preset. */
void calling_text(char *text, size_t size, const struct cell *cell);

/* 1, 2, 4, ... below `processors`, then that number. */
struct numbers plan_sweep(unsigned processors);

#endif
