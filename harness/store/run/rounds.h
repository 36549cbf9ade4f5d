/* The rounds of a cell that was read from a run file, chosen and summarised by the same rules as when it was
 * measured. */
#ifndef BENCH_STORE_RUN_ROUNDS_H
#define BENCH_STORE_RUN_ROUNDS_H

#include "analyse/quantities.h"
#include "analyse/rounds.h"

#include <jansson.h>

struct stored_rounds {
	const json_t *json;   /* the cell in the run file, borrowed */
	struct cell plan;     /* its id and its numbers of items and workers */
	struct run_cell cell; /* of the plan: all but single workers, and whether single rounds are incomplete */
	struct rounds timed;
};

/* Reads a cell of a file that store_read() accepted, to where `rounds` stays until it is released. Returns 0 or
 * -ENOMEM; stored_rounds_release() may be called in both cases. */
int stored_rounds_init(struct stored_rounds *rounds, const json_t *cell);
void stored_rounds_release(struct stored_rounds *rounds);

/* Both compute the median over each invocation's rounds, leave these medians, sorted, in rounds->timed.values, and
 * return how many there are. stored_rounds_quantity() does so for a quantity that needs neither single workers nor the
 * baseline; stored_rounds_values() for a number of a sample: `key` ("body_cpu_ns"), or with `group` a number in an
 * object of the sample ("account_ns", "copy") or the value of the entry with this name in a list ("counters",
 * "cpu_time"). stored_rounds_median() returns the median of such a number over all rounds instead. */
size_t stored_rounds_quantity(struct stored_rounds *rounds, enum quantity_id id);
size_t stored_rounds_values(struct stored_rounds *rounds, const char *group, const char *key);
double stored_rounds_median(struct stored_rounds *rounds, const char *group, const char *key);

#endif
