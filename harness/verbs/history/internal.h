/* `bench history`: its verbs, a file each, and what they share. */
#ifndef BENCH_VERBS_HISTORY_INTERNAL_H
#define BENCH_VERBS_HISTORY_INTERNAL_H

#include "command/verb.h"

#define HISTORY_DATABASE "results/history.db" /* of the checkout, wherever this is called from */

extern const struct verb history_add_verb, history_show_verb;

/* The file that --database names, or else that of the checkout; owned by the caller, NULL without memory. */
char *history_file(const char *database);

#endif
