/* A gate in memory: its two sides, and what has been found out about each cell so far.
 *
 * gate/campaign.h fills it, store/gate/write.h writes it; reports read the file instead. Single-threaded: only the main
 * process touches it. Words: a *trial* is one fresh process of one side; a *block* is four trials of each side in
 * random order. Logarithms are natural. */
#ifndef BENCH_MODEL_GATE_H
#define BENCH_MODEL_GATE_H

#include "model/run.h"
#include "model/verdict.h"

enum gate_side {
	SIDE_A,       /* the baseline */
	SIDE_B,       /* the contender */
	SIDE_CONTROL, /* the baseline a second time, compared with itself */
	SIDE_COUNT,
};

/* Which number of the trials a cell is judged by. */
enum judged { JUDGED_WALL, JUDGED_CPU, JUDGED_INSTRUCTIONS };

enum gate_stage {
	STAGE_SCREEN, /* many cells: which of them may be slower? */
	STAGE_TEST,   /* fresh data for those */
};

/* What one trial took. For a cell the times are the lower quartiles of its rounds; for a command, those of the whole
 * process. */
struct trial {
	enum gate_side side;
	double wall_ns, cpu_ns;
	double run_queue_ns; /* part of the wall time in which the trial was runnable, but did not run */
	double asleep;       /* share of the rest that it slept; below 0: it ran on several processors */
	uint64_t elapsed_ns; /* from just before the process started to its end */
	uint64_t digest;     /* of its outputs; of a command only where they are read (gate/trials/outputs.h), else 0 */
};

struct block {
	enum gate_stage stage;
	bool dropped;        /* it was disturbed, and another block was measured in its place */
	uint64_t started_ns; /* since the gate's start */
	double disturbance;  /* the worst of stolen time, waiting for a processor and other load (disturbance()) */
	struct trial trials[STRATUM_SIDE * SIDE_COUNT]; /* in the order in which they ran */
	size_t trial_count;
};

/* What the slices or runs of one side took in a pair. */
struct pair_time {
	double undisturbed_ns, mean_ns; /* of one round of all items, or one run (analyse/stitch.h) */
	double *round_ns;               /* each of pair->rounds, in the order of running; owned; NULL: not kept */
	uint64_t digest;                /* of its outputs; 0: not read */
};

/* A pair: one process of each side in turn, in one layout of memory (gate/pairs/pairing.h). */
struct gate_pair {
	uint64_t started_ns, took_ns; /* since the gate's start */
	struct pair_time times[SIDE_COUNT];
	bool has_control;
	double added;    /* what the control executed more than A, by A's own times, a logarithm; 0: nothing */
	uint32_t rounds; /* that count, of each side */
	uint32_t slices; /* of each round */
};

/* What the screening, the first look at each of several cells, has found. */
struct screening {
	bool done, flagged;
	struct shift slowdown;
	unsigned trials_a_side;
};

/* What is known of the outputs of A [0] and B [1], over all trials: of items, or what a command prints. */
struct outputs {
	unsigned seen[2];                        /* in so many trials */
	bool varies[2];                          /* they were not the same each time */
	uint64_t digest[2];                      /* of the last trial */
	double read_cpu_ns[2], unread_cpu_ns[2]; /* the least CPU time with outputs read, and thrown away; 0: none */
};

/* With which probabilities bounds are wrong. */
struct levels {
	double low, high;
};

struct gate_cell {
	const char *id;
	const struct cell *cell; /* NULL: it is a command */
	enum verdict verdict;
	bool allowed;     /* the cell may be slower: in the gate's verdict its `regressed` counts as `pass` */
	char reason[512]; /* why the verdict is `cannot tell`, or how the cell failed; "": there is nothing to say */
	enum judged judged;
	bool measured; /* the members from here to `rounds` are known */
	bool tested;   /* they come from stage test; false: from the screening */
	struct shift slowdown;
	unsigned trials_a_side, looks, dropped;
	double smallest_shown, smallest_excluded; /* ratios less 1 */
	uint32_t rounds;                          /* of each trial; 0 for a command */
	struct screening screening;
	uint64_t instructions[2]; /* of A and B; 0: not counted */
	bool out_of_time;         /* --budget was over before it was decided */
	bool failed;
	enum gate_side failed_side;
	struct failure failure;
	char said[512];    /* the last lines of what the side that failed has said; "": nothing */
	uint64_t items_of; /* that the workload has: more than cell->items, so that rounds are short; 0: not known */
	struct outputs outputs;
	struct block *blocks; /* owned */
	size_t block_count, block_capacity;
	/* Where the sides are held against each other in pairs, and then there are no blocks: */
	const char *pairing;     /* a name of struct pairing; NULL: blocks, or instructions */
	struct gate_pair *pairs; /* owned */
	size_t pair_count, pair_capacity;
	struct shift mean;         /* as slowdown, of the means */
	struct levels levels;      /* of the bounds of `slowdown`: of a look, or what so few pairs can reach */
	struct levels mean_levels; /* and of those of `mean` */
	enum slower_kind kind;     /* of `cannot tell`: SLOWER_RARE if it was that, and is not believed */
	double slice_ns;           /* how long a slice is, about; 0: they are rounds or runs */
	double footprint; /* by how much a slice after the other side's is slower than after its own, a ratio less 1 */
	bool same_addresses;            /* both sides of each pair had one layout of memory */
	size_t files_used, files_found; /* in --input, for the {} of commands; 0: they have none */
	uint32_t doubts;                /* bits by enum gate_doubt, of what the pairing has found */
};

/* A control: A is compared with A. With nothing added the verdict must not be `regressed`, with ln(1.02) added it must
 * not be `pass`. */
struct control {
	bool done, holds;
	const char *cell; /* id of the cell in whose blocks the control was measured */
	enum verdict verdict;
	struct shift slowdown;
	bool has_mean;     /* it is A against A by pairs: */
	struct shift mean; /* as slowdown, of the means */
	bool rare;         /* by these A differs from itself: no cell that is slower in the mean only is believed */
};

/* What is compared on a side, in words for people. */
struct side_label {
	const char *kind; /* "revision", "folder", "program", "command", "object" */
	char name[256];   /* as the user gave it */
	char title[256];  /* what the report calls it; "": kind and name */
	char detail[256]; /* "1a2b3c4 area: change"; "": nothing is known */
	char text[1024];  /* the command line that is run */
};

enum gate_doubt {
	GATE_DOUBT_OUTPUTS_DIFFER,
	GATE_DOUBT_OUTPUT_UNREAD,
	GATE_DOUBT_ONE_SIDED,
	GATE_DOUBT_BUSY,
	GATE_DOUBT_BUDGET,
	GATE_DOUBT_ADDRESSES,
	GATE_DOUBT_LAYOUT, /* the sides of a pair had each its own layout of memory */
	GATE_DOUBT_SLEEPS, /* long slices that sleep were judged by wall time */
	GATE_DOUBT_SPINS,  /* a crew used processors while the other side had its turn */
	GATE_DOUBT_BLOCKS, /* a build is too old to take turns: judged in blocks */
	GATE_DOUBT_SAMPLE, /* a command was run with some of the files only */
	GATE_DOUBT_ROUNDS, /* fewer rounds than --rounds says */
	GATE_DOUBT_COUNT,
};

struct gate {
	char *const *command;
	uint64_t seed;
	char started[32];
	uint64_t started_ns, ended_ns; /* CLOCK_MONOTONIC */
	int interrupted;               /* the signal that ended it early; 0: none */
	json_t *machine, *versions;    /* owned */
	struct side_label sides[2];
	bool by_instructions;
	double tolerance;       /* a ratio less 1 */
	double margin;          /* a logarithm: verdict_margin() */
	double level;           /* of the lower bound at each look */
	const char *on_unclear; /* "pass", "fail", NULL */
	const char *stdout_to;  /* a name of stdout_targets; NULL: the sides are no commands */
	enum verdict verdict;
	char conclusion[1024];
	struct gate_cell *cells; /* owned */
	size_t cell_count;
	struct control aa, plus;
	double noise_floor, smallest_shown; /* ratios less 1; NaN: not known */
	uint32_t doubts;                    /* bits by enum gate_doubt */
	const char *build_log; /* the file beside gate.json that a build wrote to; NULL: nothing was built */
	char left_out[512];    /* cells that one side does not have; "": there are none */
};

void gate_release(struct gate *gate);

/* Frees what a pair owns. A zeroed pair is allowed. */
void gate_pair_release(struct gate_pair *pair);

#endif
