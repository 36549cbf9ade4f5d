/* The options of a run. Each stands once, in the table of option_specs.c: command lines are read by it
 * (options.c) and help is printed from it (help.c). */
#ifndef BENCH_PLAN_OPTION_SPECS_H
#define BENCH_PLAN_OPTION_SPECS_H

#include "plan/options.h"
#include "plan/words.h"

#define BIND_PRESET "core"                  /* left out of a cell's id */
#define SEED_MOST ((UINT64_C(1) << 53) - 1) /* exact for readers of JSON that know only doubles */

struct option_use;

/* One option, for all runs. */
struct option_spec {
	const char *name;     /* "--workload", as typed */
	const char *argument; /* "W,...", as help shows it; NULL: the option takes no value */
	const char *help;     /* one line, lower case, no full stop */
	const char *preset;   /* the value when none is given, as typed; NULL: `help` says what then */
	const char *heading;  /* of the group that this option begins; NULL: it is inside one */

	/* Checks the value and puts it into the options. Returns 0, -EINVAL with the reason, or -ENOMEM. */
	int (*take)(const struct option_use *use);
	size_t field;                   /* take: where, an offset in struct options */
	const struct vocabulary *names; /* take: what words it may be */
	uint64_t least, most;           /* take: what numbers it may be */
};

/* One option, met on a command line. */
struct option_use {
	const struct option_spec *spec;
	const char *value; /* never empty; NULL where the option takes none */
	struct options *options;
	const struct why *why;
};

extern const struct option_spec option_specs[]; /* ended by a name of NULL */

/* The workloads of this build. */
extern const struct vocabulary workload_names;

#endif
