/* The one reader of command lines: of the program, of its verbs, of theirs. */
#ifndef BENCH_COMMAND_PARSER_H
#define BENCH_COMMAND_PARSER_H

#include "command/option.h"

/* Reads arguments by a table into `request`, which the caller has zeroed: first the presets, then the arguments one
 * after the other. Options are `--name VALUE`, `--name=VALUE`, `-n VALUE` or `-nVALUE`, anywhere among the operands;
 * where a table has operands, `--` makes all that follows one of them. `see` says where help is: "bench list --help".
 *
 * Returns 0, or -EINVAL with one line in `why`. That is empty where an operand is missing which is chosen from a list,
 * so that help, which shows the list, is the answer. */
int arguments_parse(const struct option_spec *table, void *request, int argc, char *const *argv, const char *see,
		    const struct why *why);

/* Frees what the types of the table own, whether all, some or none of it was read, and zeroes it. */
void arguments_release(const struct option_spec *table, void *request);

#endif
