/* The contract of a verb, a word of the command line: `bench list`, `bench history add`, `bench experiment grain`; and
 * of the program itself, which no word calls. A verb is one file in verbs/, an experiment one in experiments/. */
#ifndef BENCH_COMMAND_VERB_H
#define BENCH_COMMAND_VERB_H

#include "command/option.h"

#include <stdio.h>

/* Of several, the first in the order 2, 3, 1, 4. */
enum exit_status { EXIT_DONE = 0, EXIT_REGRESSED = 1, EXIT_USAGE = 2, EXIT_CELL_FAILED = 3, EXIT_CANNOT_TELL = 4 };

struct verb {
	const char *name;    /* the word */
	const char *summary; /* one line, lower case, no full stop, for the help of what it is a verb of */
	const char *usage;   /* what follows the word, a line each way; NULL: as the table of options says */
	const char *about; /* for its help: what it does, in lines of less than 80 columns; may be NULL, as examples */
	const char *examples; /* the command, and in the next line, indented, what it is good for; exit statuses */

	const struct verb *const *verbs;   /* ended by NULL: those that may follow the word; NULL: none */
	const struct option_spec *options; /* what may follow otherwise; NULL: only the common ones */
	size_t request_size;               /* bytes of the struct that they are read into */

	/* Called in the main process, single-threaded, when all options were right. `request`: the struct, freed by the
	 * caller as the types of its options say; `argv`: the whole command line as main() has it. Returns the exit
	 * status, after saying on stderr what went wrong. NULL: one of `verbs` must follow. */
	int (*run)(void *request, char **argv);
};

/* Finds the verb of `program` that the command line names, and calls it, or prints its help, or says what is wrong.
 * Returns the exit status. */
int verb_call(const struct verb *program, char **argv);

/* Says what went wrong on stderr. Returns EXIT_USAGE. */
int verb_complain(const char *text);

#endif
