/* Finds out which thread has ended the process: in a crew of threads a crash or an exit() ends all of them, and only
 * the thread that caused it knows at which item it was. It leaves its number in the arena. */
#ifndef BENCH_RUN_CELL_LAST_WORDS_H
#define BENCH_RUN_CELL_LAST_WORDS_H

#include "run/crew/arena.h"

/* Called once in the cell process, before any worker exists; forked workers inherit the handlers. A signal that has a
 * handler already (a sanitizer's) keeps it. */
void last_words_prepare(struct arena *arena);

/* From now on the process may end: it is no failure. */
void last_words_dismiss(void);

#endif
