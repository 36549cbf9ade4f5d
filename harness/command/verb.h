/* The contract of a verb, which is a word of the command line: `bench list`, `bench history add`, `bench experiment
 * grain`. The program itself is a verb, too, which no word calls. A verb is one file in verbs/, an experiment one in
 * experiments/. */
#ifndef BENCH_COMMAND_VERB_H
#define BENCH_COMMAND_VERB_H

#include "command/option.h"

#include <stdio.h>

/* If several apply, the first in the order 2, 3, 1, 4 is returned. */
enum exit_status { EXIT_DONE = 0, EXIT_REGRESSED = 1, EXIT_USAGE = 2, EXIT_CELL_FAILED = 3, EXIT_CANNOT_TELL = 4 };

struct verb {
	const char *name;     /* the word */
	const char *summary;  /* one line, lower case, no full stop: help of the verb above shows it */
	const char *usage;    /* what follows the word, a line for each way to call it; NULL: as `options` says */
	const char *about;    /* what it does, in lines of less than 80 columns; NULL: nothing to say */
	const char *examples; /* commands, below each what it is good for; exit statuses; NULL: none */

	const char *verbs_kind;            /* what messages call one of `verbs`; NULL: "verb" */
	const struct verb *const *verbs;   /* the verbs that may follow the word, ended by NULL; NULL: none */
	const struct option_spec *options; /* what may follow if no verb does; NULL: common_options */
	size_t request_size;               /* bytes of the struct that they are read into */

	/* Called in the main process, single-threaded, if all options were right. `request`: the struct, which the
	 * caller releases afterwards; `argv`: the whole command line as main() has it. Returns the exit status, after
	 * saying on stderr what went wrong. NULL: one of `verbs` must follow. */
	int (*run)(void *request, char **argv);
};

/* Finds the verb of `program` that the command line names, and calls it, or prints its help, or says what is wrong.
 * Returns the exit status. */
int verb_call(const struct verb *program, char **argv);

/* Prints `text`, which says what went wrong, to stderr. Returns EXIT_USAGE. */
int verb_complain(const char *text);

#endif
