/* What goes into a round and what comes out of it. */
#ifndef BENCH_RUN_CREW_ROUND_H
#define BENCH_RUN_CREW_ROUND_H

#include "model/sample.h"

/* What came back of one item, in the parent where results travel. */
struct result {
	uint64_t item;
	struct bytes output; /* valid during the call */
	int error;           /* errno, above 0: there is no output but this; 0: none */
};

/* Is handed each result, in the order in which they complete. Called in the cell process. */
struct sink {
	void (*result)(void *context, const struct result *result);
	void *context;
};

struct round {
	uint32_t number; /* counts from 1 */
	bool warmup, probed;
	struct sink sink;
	/* out: */
	uint64_t start_ns, end_ns;
	uint64_t without_result; /* items that failed, were cancelled or given up, each known to its future */
	bool was_lost;           /* items of a lost worker were executed again */
	struct measure measures[MEASURES_MAX];
	uint32_t measure_count;
	/* out, of a mode whose workers are processes of another program's: */
	uint64_t cpu_ns;       /* of all of them in the round */
	uint64_t after_cpu_ns; /* ... and after it, for what is no part of it */
	uint64_t rss_bytes;    /* sum of their proportional set sizes at the peak, in the warm-up round */
	bool own_answers;      /* as in struct sample */
};

#endif
