/* A trial: one fresh process of one side, and how long it took. The main process runs one at a time. */
#ifndef BENCH_GATE_TRIALS_TRIAL_H
#define BENCH_GATE_TRIALS_TRIAL_H

#include "gate/sides/sides.h"
#include "run/supervise/invocation.h"

/* What does not change from one trial to the next. */
struct trial_setup {
	const struct side *sides;      /* two */
	struct cell_launcher launcher; /* without program and environment */
	const char *cache, *scratch;
	uint64_t started_ns;    /* when the gate started, by CLOCK_MONOTONIC */
	uint64_t random;        /* state of the gate's random numbers (base/random.h), from its seed */
	uint32_t rounds;        /* --rounds; 0: as many as are needed */
	int signal;             /* number of the signal that ended a trial; 0: none did */
	struct output *printed; /* reads what a command prints */
	bool pipes;             /* --stdout pipe: all that commands print is read */
	char **inputs;          /* files that commands get for {}, NULL-terminated; NULL: they have no {} */
	double tolerance;       /* a slow-down that is accepted: a ratio less 1 */
	bool addresses_vary;    /* they did where instructions were counted (gate/count/instructions.h) */
};

/* What a cell needs for its trials. */
struct trial_plan {
	struct cpus *bind;  /* of each worker; NULL: the side is a command */
	uint32_t rounds;    /* of each trial */
	uint64_t items;     /* of each round; 0: as many as the cell has */
	bool reads;         /* what a command prints is read, whatever --stdout says; else it goes to /dev/null */
	bool instructions;  /* they are counted: trials must not differ and may take COUNTING_SLOWER times as long */
	char *const *words; /* what to run instead of the side's program or command; NULL: these */
	const char *input;  /* the file that a command gets; NULL: if setup->inputs, a trial is a process for each */
	const unsigned *padding; /* of its environment, in bytes; NULL: drawn for each trial */
};

#define COUNTING_SLOWER 50
#define SCRATCH_SIZE 4096

#define PADDING_MOST 4096 /* bytes: a page, after which the alignment of the stack repeats */

/* Room for "BENCH_PADDING=" and so many bytes more; trial_pad() draws how many they are. */
#define PADDING_SIZE (sizeof("BENCH_PADDING=") + PADDING_MOST)
void trial_pad(uint64_t *random, char padding[PADDING_SIZE]);

/* Runs a trial, with a random number of bytes added to its environment, so that no side profits from one lucky place
 * of its stack. Before a command its --prepare is run and after it its --conclude, untimed; the latter also if the
 * command failed, but not after a signal or the end of all time. Returns 0; -ECHILD: the trial failed, and the cell
 * says how; -EINTR: a signal ended it; -ETIME: it was still running at the launcher's deadline; or -errno: it could not
 * be started. */
int trial_run(struct trial_setup *setup, struct gate_cell *cell, const struct trial_plan *plan, enum gate_side side,
	      struct trial *trial);

/* Does the same for a side that is a command, which is launcher->program before its {} is filled; trial->side must be
 * set. `printed` gets what it prints; NULL: that goes to /dev/null. */
int trial_command(struct trial_setup *setup, struct gate_cell *cell, const struct cell_launcher *launcher,
		  const char *input, struct output *printed, struct trial *trial);

/* Whether CPU time may stand for wall time: both sides hardly sleep, and equally long to within half of the tolerance,
 * so that a delay that is slept is not overlooked. `a`, `b`: the least shares of their time that trials slept. */
bool trials_awake(double a, double b, double tolerance);

/* Returns the least share of its time that a trial of the side slept, or `least` if that is less. It is the one to go
 * by, since what disturbs a trial only adds to it. */
double trials_least_asleep(const struct trial *trials, size_t count, enum gate_side side, double least);

/* The time by which a trial is judged, ns. CPU time leaves out sleep: one that has slept, though most do not, counts by
 * wall time, less what it waited for a processor. */
double trial_judged_ns(const struct trial *trial, enum judged judged);

/* Adds the times of a trial, and its digest, to those of the trials of other files before. */
void trial_add(struct trial *sum, const struct trial *one);

/* What a cell process of a side is told to do. `scratch` gets the name of the folder that it has to itself, so long as
 * no other one of the side has its `number`. */
struct spec trial_spec(const struct trial_setup *setup, const struct gate_cell *cell, const struct trial_plan *plan,
		       enum gate_side side, unsigned number, char scratch[SCRATCH_SIZE]);

/* What the end of an invocation means: 0, -ECHILD, -EINTR or -ETIME, as of trial_run(); trial_outcome() also keeps the
 * signal or the failure. */
int trial_end_of(const struct invocation_result *result);
int trial_outcome(struct trial_setup *setup, struct gate_cell *cell, enum gate_side side,
		  const struct cell_launcher *launcher, const struct invocation_result *result);

/* Keeps the failure of a trial, and what was said to launcher->said, if it is the cell's first. Returns -ECHILD. */
int trial_failed(struct gate_cell *cell, enum gate_side side, const struct cell_launcher *launcher,
		 const struct failure *failure);

#endif
