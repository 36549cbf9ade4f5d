/* A gate in memory: two sides, and what has been found about each cell so far.
 *
 * gate/campaign.h fills it, store/gate/write.h writes it; reports read the file instead. Single-threaded: only
 * the main process touches it. Words: a *trial* is one fresh process of one side; a *block* is four trials of
 * each side in random order. Logs are natural. */
#ifndef BENCH_MODEL_GATE_H
#define BENCH_MODEL_GATE_H

#include "model/run.h"
#include "model/verdict.h"

enum gate_side {
	SIDE_A,       /* the baseline */
	SIDE_B,       /* the contender */
	SIDE_CONTROL, /* the baseline a second time, held against itself */
	SIDE_COUNT,
};

/* What is judged of a trial. */
enum judged { JUDGED_WALL, JUDGED_CPU, JUDGED_INSTRUCTIONS };

enum gate_stage {
	STAGE_SCREEN, /* many cells: which of them may be slower? */
	STAGE_TEST,   /* fresh data for those */
};

/* What one process took. Of a cell: the lower quartiles of its rounds; of a command: the whole of it. */
struct trial {
	enum gate_side side;
	double wall_ns, cpu_ns;
	double run_queue_ns; /* of the wall time: runnable, but not running */
	double asleep;       /* share of the rest in which it did not run; below 0: it ran on several processors */
	uint64_t elapsed_ns; /* from before its start to its end */
	uint64_t digest;     /* of its outputs; 0: of a command */
};

struct block {
	enum gate_stage stage;
	bool dropped;        /* it was disturbed, and another one stands for it */
	uint64_t started_ns; /* since the gate's start */
	double disturbance;  /* what steal, waiting for a processor or other load took of it, a share */
	struct trial trials[STRATUM_SIDE * SIDE_COUNT]; /* in the order of running */
	size_t trial_count;
};

/* The first look at one of several cells. */
struct screening {
	bool done, flagged;
	struct shift slowdown;
	unsigned trials_a_side;
};

struct gate_cell {
	const char *id;
	const struct cell *cell; /* NULL: it is a command */
	enum verdict verdict;
	bool allowed;     /* it may be slower: `regressed` counts as `pass` in all */
	char reason[512]; /* of `cannot tell` and of a failure; "" */
	enum judged judged;
	bool measured; /* the next ones say something */
	bool tested;   /* ... of stage test; else of the screening */
	struct shift slowdown;
	unsigned trials_a_side, looks, dropped;
	double smallest_shown, smallest_excluded; /* ratios less 1 */
	uint32_t rounds;                          /* of each trial; 0: of a command */
	struct screening screening;
	uint64_t instructions[2]; /* of A and B; 0: not counted */
	bool out_of_time;         /* --budget was over before it was decided */
	bool failed;
	enum gate_side failed_side;
	struct failure failure;
	struct block *blocks; /* owned */
	size_t block_count, block_capacity;
};

/* A against A: with nothing added it must not be `regressed`, with ln(1.02) added it must not `pass`. */
struct control {
	bool done, holds;
	const char *cell; /* whose blocks it was measured in */
	enum verdict verdict;
	struct shift slowdown;
};

/* What stands on a side, for people. */
struct side_label {
	const char *kind; /* "revision", "folder", "program", "command", "object" */
	char name[256];   /* as it was given */
	char detail[256]; /* "1a2b3c4 area: change"; "": nothing is known */
	char text[1024];  /* what is run */
};

enum gate_doubt {
	GATE_DOUBT_OUTPUTS_DIFFER,
	GATE_DOUBT_ONE_SIDED,
	GATE_DOUBT_BUSY,
	GATE_DOUBT_BUDGET,
	GATE_DOUBT_ADDRESSES,
	GATE_DOUBT_COUNT,
};

struct gate {
	char *const *command;
	uint64_t seed;
	char started[32];
	uint64_t started_ns, ended_ns; /* CLOCK_MONOTONIC */
	const char *interrupted;       /* name of a signal, or NULL */
	json_t *machine, *versions;    /* owned */
	struct side_label sides[2];
	bool by_instructions;
	double tolerance, margin, level; /* a ratio less 1; ln; of the lower bound at each look */
	const char *on_unclear;          /* "pass", "fail", NULL */
	enum verdict verdict;
	char conclusion[1024];
	struct gate_cell *cells; /* owned */
	size_t cell_count;
	struct control aa, plus;
	double noise_floor, smallest_shown; /* ratios; NaN: not known */
	uint32_t doubts;                    /* bits by enum gate_doubt */
	const char *build_log; /* the file beside gate.json that a build wrote to; NULL: nothing was built */
	char left_out[512];    /* cells that one side does not have, "" */
};

void gate_release(struct gate *gate);

#endif
