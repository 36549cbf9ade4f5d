/* The account of a round: where workers x wall time went, in thirteen parts that add up exactly.
 *
 * A worker cuts its time into the parts of model/sample.h while it runs. These functions split the body, which is
 * the time inside work(), further: they compare its CPU time CPU and its voluntary waiting W with CPU0 and W0, which
 * the same items cost in the sequential baseline. That ran in another process and is known only afterwards (Eyerman,
 * Du Bois, Eeckhout, Speedup Stacks, ISPASS 2012):
 *
 *   useful    = CPU0 + W0   what the items cost sequentially
 *   inflation = CPU - CPU0  CPU time beyond that: caches, memory bandwidth, frequency
 *   blocked   = W - W0      waiting beyond that
 *   run_queue, stolen       as the worker has measured them
 *
 * Inflation and blocked are below 0 where the baseline was slower. All parts are integers: CPU0 and W0 are rounded to
 * whole nanoseconds for each worker, and `unexplained` is what the other parts leave of the time that the workers
 * had. */
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

/* How the result file, its schema and the tables describe a part. */
struct split_info {
	const char *name; /* "run_queue" */
	enum part part;   /* the worker's part that it is; PART_BODY: it is made of the body, or is what is left */
	const char *help; /* one sentence for the reader */
};

extern const struct split_info split_infos[SPLIT_COUNT];

struct split {
	int64_t ns[SPLIT_COUNT];
};

/* What all items together cost inside work() in the sequential baseline: medians over its rounds. */
struct body_cost {
	bool known; /* false: there is no baseline, and all CPU time and waiting counts as useful */
	uint64_t cpu_ns, wait_ns;
};

/* Splits the time of all workers of a round; the parts add up to workers x wall_ns. */
struct split split_round(const struct sample *sample, const struct body_cost *baseline);

/* Splits the time of one worker of a round; the parts add up to wall_ns. Its items cost the worker's useful_share of
 * the baseline. */
struct split split_worker(const struct sample *sample, const struct worker_sample *worker,
			  const struct body_cost *baseline);

#endif
