/* The rounds of a run file's cell, chosen and summed up by the same rules as when it was measured. */
#ifndef BENCH_STORE_RUN_ROUNDS_H
#define BENCH_STORE_RUN_ROUNDS_H

#include "analyse/quantities.h"
#include "analyse/rounds.h"

#include <jansson.h>

struct stored_rounds {
	const json_t *json;   /* the cell's, borrowed */
	struct run_cell cell; /* its invocations and samples, those without single workers, counters and measures */
	struct rounds timed;
};

/* Reads a cell of a file that store_read() accepted. Returns 0 or -ENOMEM; release is harmless after it. */
int stored_rounds_init(struct stored_rounds *rounds, const json_t *cell);
void stored_rounds_release(struct stored_rounds *rounds);

/* A quantity, as far as it needs neither single workers nor the baseline; or a number of a sample:
 * "body_cpu_ns", with `group` one in an object of it ("account_ns", "copy") or the value of a list's entry of that
 * name ("counters", "cpu_time"). Both leave the invocations' medians, sorted, in rounds->timed.values, and return how
 * many know it. */
size_t stored_rounds_quantity(struct stored_rounds *rounds, enum quantity_id id);
size_t stored_rounds_values(struct stored_rounds *rounds, const char *group, const char *key);

#endif
