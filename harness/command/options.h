/* The command line of a run, parsed. Everything in it was checked against the registries. */
#ifndef BENCH_COMMAND_OPTIONS_H
#define BENCH_COMMAND_OPTIONS_H

#include "base/why.h"
#include "command/words.h"
#include "model/cell.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* `-p NAME=VALUE`, in the order given. */
struct setting {
	char *name;
	struct words values; /* at least one; each is measured */
};

struct options {
	struct words workloads, modes;      /* `all` is expanded; `sequential` is not added here */
	struct numbers workers;             /* empty: a sweep up to the processors that may be used */
	struct words transports, schedules; /* never empty: at least the default */
	bool transport_given, schedule_given, chunk_given;
	struct numbers chunks;  /* empty: ceil(items / (4 x workers)) */
	bool chunk_auto;        /* --chunk auto: several, to find the best */
	struct words calls;     /* never empty */
	struct calling calling; /* all members but `call` */
	const char *log;        /* LEVEL[:FILE], NULL: none */
	bool per_item;
	const char *bind;     /* "core" */
	const char *counters; /* "auto", "none" or names */
	const char *input;    /* NULL: embedded */
	uint64_t items;       /* 0: as many as the input has */
	struct setting *settings;
	size_t setting_count;
	uint64_t budget_ns; /* 0: no limit, since --rounds or --invocations is given and --budget is not */
	uint64_t timeout_ns;
	uint32_t rounds, invocations; /* 0: as the budget allows */
	uint64_t seed;                /* random unless it was given */
	bool seeded;
	const char *topology; /* hwloc's synthetic string, or NULL */
	bool dry_run;
	const char *output; /* NULL: a new folder below results/runs */
	bool no_plots;
	struct words exports; /* FORMAT=FILE each */
	bool quiet;
	bool version;
};

/* Parses the arguments of a run (those after the program's name). Returns 0, or -EINVAL with `why`
 * saying what is wrong and, for an unknown name, naming the nearest right one. */
int options_parse(struct options *options, int argc, char *const *argv, const struct why *why);

/* Completes the options, and checks what can be checked only when all are known. options_parse() calls it; a verb whose
 * table has option_specs as its rest calls it itself. Returns as options_parse(). */
int options_complete(struct options *options, const struct why *why);

void options_release(struct options *options);

/* Writes one line to `out` for each option that some of the chosen modes do not take. */
void options_notice(const struct options *options, FILE *out);

/* How many combinations of values the settings make for a workload: 1 where none is a list. */
struct workload;
size_t options_combinations(const struct options *options, const struct workload *workload);

/* Returns the values of a workload's params in combination `which`, in the order of the params. Settings of other
 * workloads are ignored; options_parse() has refused those that no chosen workload has. The array is owned by the
 * caller, the strings by the options or the workload; NULL without memory. */
const char **options_values(const struct options *options, const struct workload *workload, size_t which);

#endif
