/* The account of a round: where workers x wall time went, in thirteen parts that add up exactly.
 *
 * A worker cuts its time into the parts of model/sample.h while it runs. Here the body, the time inside
 * work(), is split further against what the same items cost in the sequential baseline, which is
 * another process and known only afterwards (Eyerman, Du Bois, Eeckhout, Speedup Stacks, ISPASS 2012):
 *
 *   useful    = CPU0 + W0   CPU time and waiting of its own will that the items cost sequentially
 *   inflation = CPU - CPU0  CPU time beyond that: caches, memory bandwidth, frequency
 *   blocked   = W - W0      waiting beyond that
 *   run_queue, stolen       as measured in the worker
 *
 * Inflation and blocked may be below 0 (the baseline was the slower one) and are kept so. Integers;
 * CPU0 and W0 are rounded to whole nanoseconds for each worker, and `unexplained` is what is left of
 * the time that the workers had, so the parts add up to it to the nanosecond. */
#ifndef BENCH_ANALYSE_ACCOUNT_SPLIT_H
#define BENCH_ANALYSE_ACCOUNT_SPLIT_H

#include "model/sample.h"

enum split_part {
	SPLIT_SPAWN,
	SPLIT_DISPATCH,
	SPLIT_LOCK,
	SPLIT_STARVE,
	SPLIT_COPY,
	SPLIT_USEFUL,
	SPLIT_INFLATION,
	SPLIT_RUN_QUEUE,
	SPLIT_BLOCKED,
	SPLIT_STOLEN,
	SPLIT_IDLE,
	SPLIT_TEARDOWN,
	SPLIT_UNEXPLAINED,
	SPLIT_COUNT,
};

/* A part as the result file, its schema and the tables know it. */
struct split_info {
	const char *name; /* "run_queue" */
	enum part part;   /* of the worker's own parts it is this one; PART_BODY: made of the body, or what is left */
	const char *help; /* one sentence for the reader */
};

extern const struct split_info split_infos[SPLIT_COUNT];

struct split {
	int64_t ns[SPLIT_COUNT];
};

/* What all items cost inside work() in the sequential baseline: medians of its rounds. */
struct body_cost {
	bool known; /* false: there is no baseline, and all CPU time and waiting is called useful */
	uint64_t cpu_ns, wait_ns;
};

/* Of a whole round, its workers summed up: adds up to workers x wall_ns. */
struct split split_round(const struct sample *sample, const struct body_cost *baseline);

/* Of one worker of a round: adds up to wall_ns. The baseline's cost is the worker's useful_share of it. */
struct split split_worker(const struct sample *sample, const struct worker_sample *worker,
			  const struct body_cost *baseline);

#endif
