/* What goes into a round and what comes out of it. */
#ifndef BENCH_RUN_CREW_ROUND_H
#define BENCH_RUN_CREW_ROUND_H

#include "model/sample.h"

/* What came back from one item. The parent has it if results travel. */
struct result {
	uint64_t item;
	struct bytes output; /* valid during the call */
	int error;           /* errno, above 0, in place of an output; 0: there was none */
};

/* Takes each result, in the order in which they complete. Called in the cell process. */
struct sink {
	void (*result)(void *context, const struct result *result);
	void *context;
};

struct round {
	uint32_t number; /* counts from 1 */
	bool warmup, probed;
	struct sink sink;
	uint32_t latencies; /* of how many items the time from submit to result may be measured, at most */
	/* out: */
	uint64_t start_ns, end_ns;
	uint64_t without_result; /* number of items that failed, were cancelled or given up: their futures say which */
	bool was_lost;           /* items of a lost worker were executed again */
	struct measure measures[MEASURES_MAX];
	uint32_t measure_count;
	/* out, only from modes whose workers are processes of another program: */
	uint64_t cpu_ns;       /* CPU time of all its processes in the round */
	uint64_t after_cpu_ns; /* ... and after the round, for work that is no part of it */
	bool own_answers;      /* as in struct sample */
};

/* Adds a measure, if there is room for it. Called in the cell process. */
void round_tell(struct round *round, const char *name, const char *unit, double value);

#endif
