/* One invocation as the supervisor sees it: it starts a cell process, reads the frames of the process under a deadline,
 * and makes a result, however the process ends. Called by the supervisor process only. */
#ifndef BENCH_RUN_SUPERVISE_INVOCATION_H
#define BENCH_RUN_SUPERVISE_INVOCATION_H

#include "base/output.h"
#include "model/run.h"
#include "run/wire/frames.h"
#include "run/wire/spec.h"

/* What does not change from one invocation to the next. */
struct cell_launcher {
	char *const *program;     /* PREFIX... PROGRAM, NULL-terminated */
	char *const *environment; /* "NAME=VALUE" each, set for the cell processes in addition; NULL: none */
	uint64_t timeout_ns;      /* the most that a phase may take */
	uint64_t deadline_ns;     /* when the run must end, CLOCK_MONOTONIC; 0: no limit */
	int signal_fd;            /* of interrupts_catch(): SIGINT, SIGTERM and SIGHUP */
	bool same_addresses;      /* their memory is not laid out at random, where the system permits that */
	struct output *said;      /* gets what they print; NULL: it goes to stderr, since stdout carries the result */
};

/* What an invocation has sent, and how it ended. Zeroed to begin with; release with invocation_release(). */
struct invocation_result {
	struct facts facts;
	bool has_facts;
	struct description description; /* of the object that was to be described; owned */
	struct sample *samples;         /* owned; each with its own `worker` array */
	size_t sample_count;
	bool has_crew, has_costs;
	struct crew_report crew;
	double costs[COST_RANGES];
	bool failed;
	struct failure failure;
	bool out_of_budget;  /* it failed by the run's deadline, not by the phase's */
	bool stopped;        /* the cell process or a worker was stopped (SIGSTOP) at the deadline */
	uint64_t started_ns; /* CLOCK_MONOTONIC at its start */
	int interrupted;     /* the signal that ended it; 0: none */
	uint64_t *digests;   /* of the items asked for, owned; NULL: none */
	uint64_t took_ns;    /* from the start of the process to its end */
};

/* Called for each input that is left out. */
typedef void invocation_skipped(void *context, const char *file, const char *why);

/* Runs an invocation. Makes the specification's scratch folder before and removes it afterwards. That no process can be
 * started is a failure as any other. */
void invocation_run(const struct cell_launcher *launcher, struct spec *spec, const double *weights,
		    invocation_skipped *skipped, void *context, struct invocation_result *result);
void invocation_release(struct invocation_result *result);

#endif
