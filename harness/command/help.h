/* Help: the page of the program or of one of its verbs. */
#ifndef BENCH_COMMAND_HELP_H
#define BENCH_COMMAND_HELP_H

#include "command/verb.h"

/* Prints a verb's usage, what it does, its verbs, its options with their presets, and examples, in lines of less than
 * 80 columns. `path`: the words that call the verb, "bench history add". */
void help_print(FILE *out, const struct verb *verb, const char *path);

#endif
