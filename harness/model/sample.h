/* What one round measured: the value type that travels from a cell process to the result file.
 *
 * All times are nanoseconds of CLOCK_MONOTONIC unless a name says otherwise. */
#ifndef BENCH_MODEL_SAMPLE_H
#define BENCH_MODEL_SAMPLE_H

#include "workloads/workload.h"

#include <stdbool.h>
#include <stdint.h>

/* The parts that a worker's time is cut into while it runs (run/crew/account.h). */
enum part {
	PART_SPAWN,    /* from the round's start to the worker's first statement */
	PART_DISPATCH, /* from asking for work to having it */
	PART_LOCK,     /* waiting for a lock that was taken */
	PART_STARVE,   /* blocked, because there was no work yet */
	PART_COPY,     /* moving payloads */
	PART_BODY,     /* inside work() */
	PART_IDLE,     /* this worker is done, others are not */
	PART_TEARDOWN, /* all workers are done, the round is not */
	PART_COUNT,
};

#define COUNTERS_MAX 32  /* counters of one worker, all sources together */
#define MEASURES_MAX 24  /* numbers that a round yields besides its time */
#define CPUS_WORDS 16    /* 1024 processors, as many as in glibc's cpu_set_t */
#define COST_RANGES 4096 /* ranges of items, each with a cost of its own in the baseline */

/* A set of processors, by the system's numbers. */
struct cpus {
	uint64_t bits[CPUS_WORDS];
};

enum counter_status {
	COUNTER_COUNTED,
	COUNTER_MULTIPLEXED,   /* estimated: it counted during a part of the time only */
	COUNTER_NOT_AVAILABLE, /* `reason` says why */
};

/* What an invocation says once about a counter. */
struct counter_info {
	char name[48];
	char unit[16];
	enum counter_status status;
	char reason[96]; /* empty unless not available or multiplexed */
};

/* What one worker did in one round. "Body" is the time that part_ns[PART_BODY] holds. */
struct worker_sample {
	int32_t pid, tid;
	struct cpus bound_to; /* the processors it was bound to, read back after the round */
	uint64_t items;
	uint64_t part_ns[PART_COUNT]; /* they add up to the round's wall time less what is unexplained */
	uint64_t body_cpu_ns;         /* CPU time inside the body */
	uint64_t body_run_queue_ns;   /* inside the body, runnable but not running */
	uint64_t body_stolen_ns;      /* inside the body, neither running, nor runnable, nor asleep by its own choice */
	uint64_t body_wait_ns;        /* inside the body, asleep by its own choice: the body less the three above */
	double useful_share;          /* this worker's part of what all items cost in the baseline: 0 to 1 */
	double counters[COUNTERS_MAX]; /* in the order of the invocation's counter_info */
};

struct sample {
	uint32_t invocation, round;
	bool warmup, probed, disturbed, throttled;
	bool incomplete;     /* items failed, were cancelled or given up: digest and time cover fewer items */
	uint64_t started_ns; /* since the run's start */
	uint64_t wall_ns;
	uint64_t cpu_ns;      /* CPU time of cell process and workers */
	uint64_t bytes_moved; /* payload bytes that crossed between processes */
	uint64_t items;
	uint64_t digest;  /* over all pairs (item, output), in whatever order they came */
	bool own_answers; /* answers made and checked by another program than the baseline's: digests may differ */
	struct measure measures[MEASURES_MAX];
	uint32_t measure_count;
	uint32_t workers;
	struct worker_sample *worker; /* array of `workers`; NULL: only their sums in `total` were kept */
	struct worker_sample total;   /* sums over the workers; pid, tid and bound_to are empty */
};

#endif
