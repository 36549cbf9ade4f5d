/* The rounds of a run file's cell, chosen and summed up by the same rules as when it was measured. */
#ifndef BENCH_STORE_RUN_ROUNDS_H
#define BENCH_STORE_RUN_ROUNDS_H

#include "analyse/rounds.h"

#include <jansson.h>

struct stored_rounds {
	const json_t *json;   /* the cell's, borrowed */
	struct run_cell cell; /* its samples, by model/keys.h; nothing else */
	struct rounds timed;
};

/* Reads a cell of a file that store_read() accepted. Returns 0 or -ENOMEM; release is harmless after it. */
int stored_rounds_init(struct stored_rounds *rounds, const json_t *cell);
void stored_rounds_release(struct stored_rounds *rounds);

/* A number of a sample: "wall_ns"; with `group` one in an object of it ("account_ns", "copy") or the value of a
 * list's entry of that name ("counters", "cpu_time"); or one of the sample's invocation: "invocations", "rss_bytes".
 * Leaves the invocations' medians, sorted, in rounds->timed.values, and returns how many know it. */
size_t stored_rounds_values(struct stored_rounds *rounds, const char *group, const char *key);

#endif
