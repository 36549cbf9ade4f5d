/* The supervisor measures the cells of a plan by invocations in shuffled order, within a budget.
 *
 * It runs block after block; a block has one invocation of every cell that still needs one. Those of the same work make
 * a generation: their processes, and one of their baseline, are open at the same time and take turns, round by round.
 * The first block begins with the baselines, since the answers and costs of the other cells are compared with theirs.
 * The supervisor is single-threaded and does none of the work. Whatever happens to a cell process becomes a failed
 * cell, and the run goes on. */
#ifndef BENCH_RUN_SUPERVISE_SUPERVISOR_H
#define BENCH_RUN_SUPERVISE_SUPERVISOR_H

#include "base/why.h"
#include "model/counter.h"
#include "model/run.h"
#include "run/supervise/placement.h"
#include "run/wire/frames.h"
#include "run/wire/log.h"

/* Callbacks during the run; each may be NULL. `context` is passed to all of them. */
struct observer {
	/* Shows how far the run is, and at which cell. Called between invocations. */
	void (*progress)(void *context, uint64_t done_ns, uint64_t total_ns, const char *what);
	/* Saves the run. Called between invocations, at most once a second. Returns 0, or -errno, which ends the
	 * run. */
	int (*save)(void *context, const struct run *run);
	/* Called when an input of `workload` is left out. */
	void (*skipped)(void *context, const char *workload, const char *file, const char *why);
	/* Returns whether the intervals of a cell are narrow enough. */
	bool (*precise)(void *context, const struct run_cell *cell);
	void *context;
};

struct supervisor {
	char *const *program;     /* PREFIX... PROGRAM of the cell processes, NULL-terminated */
	char *const *environment; /* as in struct cell_launcher */
	const char *object;       /* from which the workload is loaded, NULL: none; only for the functions below */
	struct output *said;      /* as in struct cell_launcher; only for these, too */
	const struct placement *placement;
	const struct counter_set *counters;
	const char *cache;            /* folder for generated input */
	const char *scratch;          /* the run's scratch folder; the caller removes it after the run */
	uint64_t budget_ns;           /* 0: no limit */
	uint64_t timeout_ns;          /* the most that a phase of an invocation may take */
	uint32_t rounds, invocations; /* how many of each; 0: as the budget allows */
	uint64_t items_asked;
	bool all_items;    /* a round executes all items, even if there is no time for it */
	bool chunks_asked; /* cells keep their chunk if a round executes fewer items */
	struct log log;    /* for all cells */
	struct observer observer;
};

/* Lets a cell process load the shared object and say what workload it has, since whatever its code does then is the end
 * of that process only. `description`: zeroed; the caller owns what is in it afterwards. Returns as supervisor_probe().
 */
int supervisor_describe(struct supervisor *supervisor, struct description *description, int *signal,
			const struct why *why);

/* What supervisor_probe() finds out about a workload with given values. */
struct workload_probe {
	uint32_t rounds; /* asked: so many rounds of the cell, to see how long they take; 0: none */
	uint64_t items;
	bool skipped;
	uint64_t wall_ns; /* of the last round */
};

/* Opens the workload of `cell`, which makes its input where there is none, and executes the rounds asked for. Outside
 * the budget. `signal`: set if a signal ended it. Returns 0, or -errno with `why`. */
int supervisor_probe(struct supervisor *supervisor, const struct cell *cell, struct workload_probe *probe, int *signal,
		     const struct why *why);

/* What supervisor_fit() has found out. Release with fitted_release() after the run, whose cells point into it. */
struct fitted {
	size_t cells, kept; /* that can run here, and those of them that are measured; 0: nothing was found out */
	bool fits;          /* those that are measured get their intervals, as far as can be foreseen */
	uint64_t needed_ns; /* a budget in which all cells get them */
	uint64_t took_ns;   /* to find it out, which is taken off the supervisor's budget */
	uint64_t **picked;  /* one array for each work */
	size_t works;
};

/* Tries the cells, makes rounds smaller and leaves cells out, so that as many as possible get an interval within the
 * budget (run/supervise/fit.h); does nothing if counts were asked for. Sets the cells' items and `left_out`, whose
 * reason the caller gives. *signal:
 * set if a signal came. Returns 0, also if it could find nothing out, or -ENOMEM. */
int supervisor_fit(struct supervisor *supervisor, struct run *run, struct fitted *fitted, int *signal);

/* After supervise(): if some of the cells that were to get an interval have none, raises needed_ns by as much as the
 * invocations took longer than was thought, so that it is more than the budget that did not suffice. */
void supervisor_fit_again(const struct supervisor *supervisor, const struct run *run, struct fitted *fitted);
void fitted_release(struct fitted *fitted);

/* Measures run->cells, whose `cell` is set; nothing if *signal is set, as after a signal in supervisor_fit().
 * Returns 0; -EINTR after a signal, whose name is then in run->interrupted and its number in *signal; or -errno if the
 * run could not be saved or no process could be started. */
int supervise(struct supervisor *supervisor, struct run *run, int *signal);

#endif
