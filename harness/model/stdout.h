/* Where the commands that a gate compares print to while they are timed: the words of --stdout, and of gate.json. */
#ifndef BENCH_MODEL_STDOUT_H
#define BENCH_MODEL_STDOUT_H

#include <stdbool.h>

struct stdout_target {
	const char *name;
	const char *summary; /* what becomes of what is printed, as a predicate */
	bool piped;          /* bench reads it */
};

extern const struct stdout_target stdout_targets[]; /* ended by a name of NULL */

/* The target of that name; NULL: there is none, or `name` is NULL. */
const struct stdout_target *stdout_target_find(const char *name);

#endif
