/* Help: what the program is, its verbs, the options of a run, examples, exit statuses. */
#ifndef BENCH_COMMAND_HELP_H
#define BENCH_COMMAND_HELP_H

#include <stdio.h>

/* Prints it: some seventy lines of less than 80 columns. The options come from option_specs. */
void help_print(FILE *out);

/* The page of `bench gate --help`. */
void help_print_gate(FILE *out);

#endif
