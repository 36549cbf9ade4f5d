/* The parts of the experiment `grain`; only the files of this folder include this header.
 *
 * grain.c reads the command line, walk.c decides what is measured, cells.c measures it by the machinery of
 * a run, report.c shows it. Times are in ns. */
#ifndef BENCH_EXPERIMENTS_GRAIN_INTERNAL_H
#define BENCH_EXPERIMENTS_GRAIN_INTERNAL_H

#include "analyse/metg.h"
#include "command/plan.h"
#include "experiments/kit/notebook.h"
#include "run/supervise/placement.h"

#include <math.h>

#define GRAINS_MOST 16 /* sizes of items */
#define CHUNKS_MOST 8

/* Work in items of several sizes (grains), for the modes that can do it. */
struct work {
	const char *workload;
	struct setting_of_work {
		const char *name, *value; /* NULL: the value is that of the grain */
	} settings[3];                    /* of its params; the others have their presets */
	const char *const *values;        /* for each grain */
	const double *about_ns;           /* for each grain: what an item costs, roughly */
	size_t grains;
	const char *reference; /* with one worker and one chunk it has the sequential rate; NULL: the sequential mode */
	bool of_references;    /* it is for modes that have a counterpart here, else for all other modes */
	uint64_t pilot_items;  /* items for each worker at first */
	unsigned weight;       /* share of the budget for each of its subjects */
	double start_ns;       /* how long a process takes before and after its rounds, roughly */
};

enum grain_outcome {
	OUTCOME_OK,
	OUTCOME_FAILED,        /* `why` says how */
	OUTCOME_NOT_AVAILABLE, /* this system or this work has no such mode or transport; `why` says more */
};

/* A mode over a transport with one work: a row of the result. */
struct subject {
	const struct work *work;
	const char *mode, *transport, *call; /* NULL: it has none */
	bool has_chunks;
	enum grain_outcome outcome;
	bool cut; /* the budget was over before it was done */
	char why[512];
	double expected_ns; /* what dispatch may cost, for planning; above 0 */
	double dispatch_ns; /* what an item costs its worker beyond the work; of the shortest items tried */
	struct grain_point points[GRAINS_MOST]; /* in the order of their cost */
	size_t point_count;
	size_t first_grain; /* index of the first grain to measure; shorter ones would tell nothing */
	bool grains_over;   /* no further grain is measured */
	struct curve_point chunks[CHUNKS_MOST]; /* x: chunk, y: speedup, with the shortest items */
	size_t chunk_count;
	uint64_t first_chunk; /* the first chunk to measure */
	bool chunks_over;     /* no further chunk is measured */
	struct crossing metg50, metg90, break_even_cost, break_even_chunk;
};

/* How long to measure. */
struct grain_effort {
	uint64_t budget_ns; /* for everything */
	uint64_t round_ns;  /* how long a round should be */
	uint32_t rounds, invocations;
	unsigned enough; /* a subject is done after so many points in succession that reach METG_HIGH */
};

/* The experiment. */
struct grain {
	const struct options *options; /* of a run, without its workloads */
	struct notebook book;
	struct placement placement;
	char program_path[4096];
	uint32_t workers;
	uint64_t chunk; /* with which grains are measured */
	struct grain_effort effort;
	struct subject *subjects; /* those of all works, one work after the other */
	size_t subject_count;
	char why[1024];
};

/* Everything that measuring one work needs. */
struct grain_setup {
	struct grain *grain;
	const struct work *work;
	struct options options;                   /* the experiment's, with all chunks; borrows the other lists */
	struct workload_facts facts[GRAINS_MOST]; /* of the workload, for each grain */
	struct plan plan;                         /* all cells that may be measured */
	uint64_t started_ns, end_ns;              /* of this work's share of the budget */
	uint64_t phase_end_ns;                    /* end of the share for the current phase, grains or chunks */
	struct subject *subjects;                 /* those of this work */
	size_t subject_count;
};

/* A question to the machine: how long does a subject take? */
struct question {
	struct subject *subject;
	size_t grain;
	uint64_t chunk;
	uint64_t items;
	double wall_ns;      /* the answer; NAN: it is not known, and subject->why says why */
	double reference_ns; /* the answer for the same items in the sequential run */
};

/* In cells.c. Lists the cells of a work. Returns 0 or -errno. */
int setup_open(struct grain_setup *setup, struct grain *grain, const struct work *work);
void setup_close(struct grain_setup *setup);

/* Appends the modes of the setup's work over their transports to the subjects of all. Returns 0 or -ENOMEM. */
int setup_subjects(struct grain_setup *setup);

/* Answers questions with the same grain and the same number of items: fresh processes, in shuffled order, measure them
 * and the reference. Returns 0; -EINTR: a signal has come; or -errno with grain->why. */
int setup_ask(struct grain_setup *setup, struct question *questions, size_t count, uint64_t budget_ns, uint32_t rounds,
	      uint32_t invocations);

/* In walk.c. Measures and fills the setup's subjects, and keeps the result after each step. Returns as setup_ask(). */
int setup_walk(struct grain_setup *setup);

/* In report.c. What the notebook shows of a struct grain. */
void grain_print(const void *grain, FILE *out);
void grain_conclude(const void *grain, const char *micro, FILE *out);
json_t *grain_pack(const void *grain);

#endif
