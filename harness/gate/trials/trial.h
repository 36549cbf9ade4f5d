/* A trial: one fresh process of one side, and what it took. Called by the main process, one at a time. */
#ifndef BENCH_GATE_TRIALS_TRIAL_H
#define BENCH_GATE_TRIALS_TRIAL_H

#include "gate/sides/sides.h"
#include "run/supervise/invocation.h"
#include "base/janitor.h"

/* What does not change from one trial to the next. */
struct trial_setup {
	const struct side *sides; /* two */
	struct launcher launcher; /* but program and environment */
	const char *cache, *scratch;
	uint64_t started_ns;           /* of the gate, CLOCK_MONOTONIC */
	uint64_t random;               /* state of the gate's stream (base/random.h), from its seed */
	uint32_t rounds;               /* --rounds, 0: as many as are needed */
	const struct janitor *janitor; /* the only child that outlives a trial */
	int signal;                    /* that ended a trial; 0: none */
	bool addresses_vary;           /* where instructions were counted (instructions.h) */
};

/* What a cell needs for its trials. */
struct trial_plan {
	struct cpus *bind;  /* one a worker; NULL: a command */
	uint32_t rounds;    /* of each trial */
	uint64_t items;     /* 0: the cell's own */
	bool instructions;  /* are counted: nothing differs from run to run, and all may take COUNTING_SLOWER as long */
	char *const *words; /* that run instead of the side's program or command; NULL: those */
};

#define COUNTING_SLOWER 50

/* Runs one, with a random number of bytes more in its environment, so that no side has the luck of one place of
 * its stack. Returns 0; -ECHILD: it failed, and the cell says how; -EINTR: a signal ended it; -ETIME: it was still
 * running at the launcher's deadline; or -errno: it could not be started. */
int trial_run(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, enum gate_side side,
	      struct trial *trial);

/* The same for a command, in `launcher->program`; trial->side is set. */
int trial_command(struct trial_setup *setup, struct gate_cell *cell, const struct launcher *launcher,
		  struct trial *trial);

/* Notes the first failure of a cell. Returns -ECHILD. */
int trial_failed(struct gate_cell *cell, enum gate_side side, const struct failure *failure);

#endif
