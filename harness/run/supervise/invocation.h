/* One invocation as the supervisor sees it: starts a cell process, reads its frames under a deadline,
 * and makes of every way in which it can end a result. Called by the supervisor process only. */
#ifndef BENCH_RUN_SUPERVISE_INVOCATION_H
#define BENCH_RUN_SUPERVISE_INVOCATION_H

#include "model/run.h"
#include "run/wire/frames.h"
#include "run/wire/spec.h"

#include <signal.h>

/* What does not change from one invocation to the next. */
struct launcher {
	char *const *program;     /* PREFIX... PROGRAM, NULL-terminated */
	char *const *environment; /* "NAME=VALUE" each, set for them besides; NULL: none */
	uint64_t timeout_ns;      /* of a phase */
	uint64_t deadline_ns;     /* of the run, CLOCK_MONOTONIC; 0: none */
	int signal_fd;            /* SIGINT, SIGTERM and SIGHUP */
	sigset_t original_mask;   /* signals as they were before, for the children */
};

/* What an invocation has told. Zeroed to begin with; release with invocation_release(). */
struct invocation_result {
	struct facts facts;
	bool has_facts;
	struct sample *samples; /* owned; each with its own `worker` array */
	size_t sample_count;
	bool has_crew, has_costs;
	struct crew_report crew;
	double costs[COST_RANGES];
	bool failed;
	struct failure failure;
	bool out_of_budget;  /* `failed` by the run's deadline, not by the phase's own */
	bool stopped;        /* at its deadline, it or a worker was stopped (SIGSTOP) */
	uint64_t started_ns; /* CLOCK_MONOTONIC at its start */
	int interrupted;     /* signal that ended it, 0: none */
	uint64_t *digests;   /* of the items asked for, owned; NULL: none */
	uint64_t took_ns;    /* from start to end */
};

/* Is told of each input that is left out. */
typedef void invocation_skipped(void *context, const char *file, const char *why);

/* Runs one. The scratch folder of the specification is made before and removed afterwards. Returns 0,
 * also when the invocation failed; -errno when it could not even be started. */
int invocation_run(const struct launcher *launcher, struct spec *spec, const double *weights,
		   invocation_skipped *skipped, void *context, struct invocation_result *result);
void invocation_release(struct invocation_result *result);

#endif
