/* For the open() of a workload: error messages, and reading of what the user typed.
 *
 * Reading is strict: digits only; no sign, blank, exponent or overflow. */
#ifndef BENCH_WORKLOADS_PARTS_VALUES_H
#define BENCH_WORKLOADS_PARTS_VALUES_H

#include "workloads/workload.h"

/* Sets state->why to one line without control characters, and returns `error`. */
__attribute__((format(printf, 3, 4))) int refuse(struct workload_state *state, int error, const char *format, ...);

/* Reads `text`, the value of the param `name`, as a whole number from `low` to `high`. Returns 0, or -EINVAL
 * with state->why quoting the text and naming the range. */
int value_whole(struct workload_state *state, const char *name, const char *text, uint64_t low, uint64_t high,
		uint64_t *value);

/* Does the same for a number that may have decimals. */
int value_decimal(struct workload_state *state, const char *name, const char *text, double low, double high,
		  double *value);

/* Finds the word `text` among `words`, which end with NULL, and sets *index to its place. Returns 0, or -EINVAL
 * with state->why naming all words. */
int value_word(struct workload_state *state, const char *name, const char *text, const char *const *words,
	       unsigned *index);

/* Reads the digits at the start of `text`. Returns what follows them; NULL: they are no number in the range. */
const char *value_digits(const char *text, uint64_t low, uint64_t high, uint64_t *value);

#endif
