/* The cells of a gate: what the command line asks for, and both sides have. Called by the main process, before
 * anything is measured. */
#ifndef BENCH_GATE_CELLS_H
#define BENCH_GATE_CELLS_H

#include "base/why.h"
#include "gate/sides/sides.h"
#include "command/plan.h"
#include "run/supervise/supervisor.h"

struct gate_cells {
	struct plan plan;
	struct workload_facts *facts; /* one a workload and combination of its params; owned */
	size_t fact_count;
};

/* Asks both sides what the chosen workloads hold, makes their input where there is none, lists the cells of the
 * chosen modes, and sets gate->cells, which point into `cells`. What only one side has is named in gate->left_out.
 * Of `supervisor` counts what supervisor_probe() heeds, but for its program. `timed`: where --items does not say how
 * many, there are only so many that rounds are short; so they, and the chunks in ids, depend on the machine. For
 * commands: one cell. Returns 0; -EINTR with *signal; or -errno with the reason: the sides do not hold the same, or
 * nothing is left. */
int gate_cells_open(struct gate_cells *cells, struct gate *gate, const struct side sides[2],
		    const struct gate_options *options, struct supervisor *supervisor, unsigned processors, bool timed,
		    int *signal, const struct why *why);
void gate_cells_close(struct gate_cells *cells);

#endif
