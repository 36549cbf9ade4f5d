/* Who ended the process: in a crew of threads a crash or an exit() takes all of them along, and only
 * the thread that caused it knows at which item it was. It leaves its number in the arena. */
#ifndef BENCH_RUN_CELL_LAST_WORDS_H
#define BENCH_RUN_CELL_LAST_WORDS_H

#include "run/crew/arena.h"

/* Once, in the cell process, before any worker exists; forked workers inherit it. Signals that have a
 * handler already (a sanitizer's) keep it. */
void last_words_prepare(struct arena *arena);

/* Ends are regular from now on. */
void last_words_dismiss(void);

#endif
