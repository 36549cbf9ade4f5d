/* Finding out what fits the budget, in three steps: fitting.c lists the cells and lets fit.c choose; trial.c tries a
 * cell with a few items, and finds out what items cost; estimate.c finds out what all cells take. Only these files
 * include this header. Called before the run, by the supervisor. */
#ifndef BENCH_RUN_SUPERVISE_FITTING_H
#define BENCH_RUN_SUPERVISE_FITTING_H

#include "run/supervise/fit.h"
#include "run/supervise/internal.h"

struct trial_work {
	size_t baseline; /* index of its cell in the run */
	struct priced *priced;
	size_t count;
	double fixed_ns; /* of an invocation of the baseline */
};

struct fitting {
	struct supervisor *s;
	struct run *run;
	struct fit fit;
	struct trial_work *works; /* beside fit.works */
	size_t *place;            /* of each fit_cell in the run */
	uint64_t started_ns, random;
	bool disturbed; /* while cells were tried: then rounds are repeated (run/cell/rounds.c) */
	int signal;
};

/* How long it has taken so far. */
double fitting_spent_ns(const struct fitting *f);

/* Whether fewer items must be opened, since none can be executed without those before it. */
bool fitting_shares_state(const struct cell *cell);

/* Tries cell `i` of work `k` with so many of its items. Returns their numbers, owned by the caller, and the wall time
 * of a round; NULL: it did not get so far. `r`: zeroed, to be released in any case. */
uint64_t *fitting_try(struct fitting *f, size_t i, size_t k, uint64_t count, struct invocation_result *r,
		      double *wall_ns);

/* What an invocation took besides its rounds. */
double fitting_fixed_ns(const struct invocation_result *r, double wall_ns);

/* Finds out what the items of work `k` cost, in the baseline. Returns whether it could. */
bool fitting_price(struct fitting *f, size_t k);

/* Finds out what the cells take; drops those that turn out not to be available. Returns 0 or -ENOMEM. */
int fitting_estimate(struct fitting *f);

#endif
