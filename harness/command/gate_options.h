/* The command line of `bench gate`: that of a run, and what two sides are compared by. */
#ifndef BENCH_COMMAND_GATE_OPTIONS_H
#define BENCH_COMMAND_GATE_OPTIONS_H

#include "base/why.h"
#include "command/option_specs.h"

#define GATE_RUNS_MOST 400 /* of a side; for as many is known how often a gate errs (analyse/verdict.h) */

struct gate_options {
	struct options run;   /* --output, --seed, --timeout, --budget, the cells; first, as the table says */
	const char *baseline; /* a folder or a revision of git; NULL: --a and --b are given */
	const char *a, *b;    /* commands or shared objects */
	bool shell;
	double tolerance, instructions_tolerance; /* ratios less 1 */
	uint32_t max_runs;                        /* of a side, each cell */
	const char *on_unclear;                   /* "pass", "fail" or NULL */
	bool by_instructions;
	struct words allowed; /* ids of cells that may be slower */
};

extern const struct option_spec gate_option_specs[]; /* it goes on in option_specs */

/* Whether what was read says what is compared. What depends on the sides is not complete yet: options_complete() of
 * `run` does that. Returns 0, or -EINVAL with the reason. */
int gate_options_check(const struct gate_options *options, const struct why *why);

#endif
