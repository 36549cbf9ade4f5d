/* The command line of `bench gate`: the options of a run, and those that say what is compared and how it is judged. */
#ifndef BENCH_COMMAND_GATE_OPTIONS_H
#define BENCH_COMMAND_GATE_OPTIONS_H

#include "base/why.h"
#include "command/option_specs.h"

struct gate_options {
	struct options run;   /* --output, --seed, --timeout, --budget, the cells; first, as the table's rest needs */
	const char *baseline; /* a folder or a revision of git; NULL: --a and --b are given */
	const char *a, *b;    /* commands or shared objects */
	const char *name_a, *name_b; /* what the report calls the sides; NULL: as they were given */
	bool shell;
	struct words prepare, conclude;           /* commands around each run: of both sides, or of A, then of B */
	const char *stdout_to;                    /* a name of stdout_targets */
	double tolerance, instructions_tolerance; /* ratios less 1 */
	uint32_t max_runs;                        /* of each side in each cell; 0: as is usual */
	const char *on_unclear;                   /* "pass", "fail" or NULL */
	bool by_instructions;
	struct words allowed; /* ids of cells that may be slower */
};

extern const struct option_spec gate_option_specs[]; /* into struct gate_options; its rest is option_specs */

/* Whether all that commands print is read through a pipe. */
bool gate_options_pipe(const struct gate_options *options);

/* Checks that the options name two sides to compare. What depends on the sides is left to options_complete(), which the
 * caller calls for `run` once it knows them. Returns 0, or -EINVAL with the reason. */
int gate_options_check(const struct gate_options *options, const struct why *why);

#endif
