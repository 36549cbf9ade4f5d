/* The supervisor: measures the cells of a plan by invocations in shuffled order, within a budget.
 *
 * Blocks of one invocation of every cell that still needs one; the first block begins with the
 * baselines, whose digest and costs the others are held against. Single-threaded; it does none of the
 * work. Whatever happens to a cell process becomes a failed cell, and the run goes on. */
#ifndef BENCH_RUN_SUPERVISE_SUPERVISOR_H
#define BENCH_RUN_SUPERVISE_SUPERVISOR_H

#include "base/why.h"
#include "model/counter.h"
#include "model/run.h"
#include "run/supervise/placement.h"
#include "run/wire/log.h"

/* What is called while it runs; any may be NULL. `context` is handed to all. */
struct observer {
	/* How far it is, and at what. Between invocations. */
	void (*progress)(void *context, uint64_t done_ns, uint64_t total_ns, const char *what);
	/* Saves the run. Between invocations, at most once a second. Returns 0, or -errno: the run ends. */
	int (*save)(void *context, const struct run *run);
	/* An input of `workload` is left out. */
	void (*skipped)(void *context, const char *workload, const char *file, const char *why);
	/* Whether the intervals of a cell are narrow enough. */
	bool (*precise)(void *context, const struct run_cell *cell);
	void *context;
};

struct supervisor {
	char *const *program;     /* PREFIX... PROGRAM of the cell processes, NULL-terminated */
	char *const *environment; /* as in struct launcher */
	const char *object;       /* that the workload is loaded from, NULL: none; supervisor_probe() only */
	const struct placement *placement;
	const struct counter_set *counters;
	const char *cache;            /* folder for generated input */
	const char *scratch;          /* the run's own folder, removed by the caller after the run */
	uint64_t budget_ns;           /* 0: no limit */
	uint64_t timeout_ns;          /* of one phase */
	uint32_t rounds, invocations; /* 0: as the budget allows */
	uint64_t items_asked;
	struct log log; /* of all cells */
	struct observer observer;
};

/* What open() of a workload says of these values; makes its input where there is none. Outside the
 * budget. `signal`: set if a signal ended it. Returns 0, or -errno with `why`. */
struct workload_probe {
	uint32_t rounds; /* asked: so many of the cell, to see what they take; 0: it is only opened */
	uint64_t items;
	bool skipped;
	uint64_t wall_ns; /* of the last round */
};

int supervisor_probe(struct supervisor *supervisor, const struct cell *cell, struct workload_probe *probe, int *signal,
		     const struct why *why);

/* Measures run->cells, whose `cell` is set. Returns 0; -EINTR after a signal, named in run->interrupted,
 * its number in *signal; or -errno when the run could not be saved or no process be started. */
int supervise(struct supervisor *supervisor, struct run *run, int *signal);

#endif
