/* The command line of `bench gate`: that of a run, and what two sides are compared by. */
#ifndef BENCH_COMMAND_GATE_OPTIONS_H
#define BENCH_COMMAND_GATE_OPTIONS_H

#include "base/why.h"
#include "command/option_specs.h"

#define GATE_RUNS_MOST 400 /* of a side; for as many is known how often a gate errs (analyse/verdict.h) */

struct gate_options {
	struct options run;   /* --output, --seed, --timeout, --budget, the cells; first: options_take() relies on it */
	const char *baseline; /* a folder or a revision of git; NULL: --a and --b are given */
	const char *a, *b;    /* commands or shared objects */
	bool shell;
	double tolerance, instructions_tolerance; /* ratios less 1 */
	uint32_t max_runs;                        /* of a side, each cell */
	const char *on_unclear;                   /* "pass", "fail" or NULL */
	bool by_instructions;
	struct words allowed; /* ids of cells that may be slower */
};

extern const struct option_spec gate_option_specs[]; /* ended by a name of NULL */

/* Reads it. What depends on the sides is not complete yet: options_complete(&options->run) does that.
 * Returns 0, or -EINVAL with the reason. Release with gate_options_release(). */
int gate_options_take(struct gate_options *options, int argc, char *const *argv, const struct why *why);
void gate_options_release(struct gate_options *options);

#endif
