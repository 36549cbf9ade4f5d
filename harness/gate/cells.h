/* The cells of a gate: those that the command line asks for and that both sides have. Called by the main process,
 * before anything is measured. */
#ifndef BENCH_GATE_CELLS_H
#define BENCH_GATE_CELLS_H

#include "base/why.h"
#include "gate/sides/sides.h"
#include "command/plan.h"
#include "run/supervise/supervisor.h"

struct gate_cells {
	struct plan plan;
	struct workload_facts *facts; /* of each workload and combination of its params; owned */
	size_t fact_count;
};

/* Asks both sides how many items the chosen workloads have, makes their input if there is none, lists the cells of the
 * chosen modes, and sets gate->cells, which point into `cells`. gate->left_out names what only one side has. For sides
 * that are commands there is one cell. Of `supervisor` it uses what supervisor_probe() uses, except the program. If
 * `timed` is set and --items does not say how many items, it chooses so few that rounds are short; then their number,
 * and the chunks in ids, depend on the machine. Returns 0; -EINTR with *signal set; or -errno with the reason: a
 * workload differs between the sides, or nothing is left. */
int gate_cells_open(struct gate_cells *cells, struct gate *gate, const struct side sides[2],
		    const struct gate_options *options, struct supervisor *supervisor, unsigned processors, bool timed,
		    int *signal, const struct why *why);
void gate_cells_close(struct gate_cells *cells);

#endif
