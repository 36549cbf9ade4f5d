/* `bench history`: its verbs, each in a file of its own, and what they share. */
#ifndef BENCH_VERBS_HISTORY_INTERNAL_H
#define BENCH_VERBS_HISTORY_INTERNAL_H

#include "command/verb.h"

#define HISTORY_DATABASE "results/history.db" /* below the checkout's root, whatever the current folder is */

extern const struct verb history_add_verb, history_show_verb;

/* Returns the file that --database names, or else the checkout's; owned by the caller, NULL without memory. */
char *history_file(const char *database);

#endif
