/* The one parser of command lines: the program, its verbs and the verbs of those all use it. */
#ifndef BENCH_COMMAND_PARSER_H
#define BENCH_COMMAND_PARSER_H

#include "command/option.h"

#include <stdio.h>

/* Whether one of `words`, ended by NULL, is `--help` or `-h` where an option may stand: it is no option's value, and
 * `--` is not before it. What else is wrong with them does not matter. */
bool arguments_ask_help(const struct option_spec *table, char *const *words);

/* Says on `out` which options stand there again, so that an earlier value of them does not count. `words` are right and
 * end with NULL. */
void arguments_notice(const struct option_spec *table, char *const *words, FILE *out);

/* Reads arguments by a table into `request`, which the caller has zeroed: first the presets, then the arguments one
 * after the other. Options are `--name VALUE`, `--name=VALUE`, `-n VALUE` or `-nVALUE`, anywhere among the operands;
 * if a table has operands, every word after `--` is one. `see` is the command that messages name for help:
 * "bench list --help".
 *
 * Returns 0, or -EINVAL with one line in `why`. The line is empty if the missing operand is one of a list: the caller
 * then answers with help, which shows the list. */
int arguments_parse(const struct option_spec *table, void *request, int argc, char *const *argv, const char *see,
		    const struct why *why);

/* Frees what the types of the table own in `request`, whether all, some or none of it was read, and zeroes it. */
void arguments_release(const struct option_spec *table, void *request);

#endif
