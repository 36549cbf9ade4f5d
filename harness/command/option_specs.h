/* The options of a run. Each stands once, in the table of option_specs.c: command lines are read by it
 * (options.c) and help is printed from it (help.c). A verb whose command line is a run's and more has a
 * table of its own beside it, whose entries take precedence (gate_options.c). */
#ifndef BENCH_COMMAND_OPTION_SPECS_H
#define BENCH_COMMAND_OPTION_SPECS_H

#include "command/options.h"
#include "command/words.h"

#define SEED_MOST ((UINT64_C(1) << 53) - 1) /* exact for readers of JSON that know only doubles */

struct option_use;

/* One option, for all runs. */
struct option_spec {
	const char *name;     /* "--workload", as typed */
	const char *argument; /* "W,...", as help shows it; NULL: the option takes no value */
	const char *help;     /* one line, lower case, no full stop; NULL: not shown */
	const char *preset;   /* the value when none is given, as typed; NULL: `help` says what then */
	const char *heading;  /* of the group that this option begins; NULL: it is inside one */

	/* Checks the value and puts it into the options. Returns 0, -EINVAL with the reason, or -ENOMEM. */
	int (*take)(const struct option_use *use);
	size_t field;                   /* take: where, an offset in struct options, or in what begins with one */
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

/* The workloads and modes of this build. */
extern const struct vocabulary workload_names, mode_names;

/* Ways to take a value, for the tables. */
int take_nothing(const struct option_use *use); /* others heed it: the launcher and main() */
int take_refused(const struct option_use *use); /* an option of a run that makes no sense here */
int take_flag(const struct option_use *use);    /* bool */
int take_text(const struct option_use *use);    /* const char * */
int take_word(const struct option_use *use);    /* const char *, one of `names` */
int take_names(const struct option_use *use);   /* struct words, of `names` */
int take_number(const struct option_use *use);  /* uint64_t */
int take_number32(const struct option_use *use);
int take_numbers(const struct option_use *use);  /* struct numbers */
int take_duration(const struct option_use *use); /* uint64_t, ns */
int take_share(const struct option_use *use);    /* double: "1%" is 0.01 */
int take_export(const struct option_use *use);   /* struct words: FORMAT=FILE each */

#endif
