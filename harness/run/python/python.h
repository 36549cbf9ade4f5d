/* What the modes python_* share: a process of CPython that runs the items by the programs in run/python/,
 * as the reader of a tutorial on multiprocessing would write them. Called by the cell process only.
 *
 * It is started by the first `python3` in PATH that can import what the workload needs. Its workers
 * write what they do on the board (run/python/board.h); outputs come back after the timed part of a round,
 * over a socket, to be checked and compared like those of any other mode. */
#ifndef BENCH_RUN_PYTHON_PYTHON_H
#define BENCH_RUN_PYTHON_PYTHON_H

#include "run/crew/crew.h"

/* The slots of struct mode. `program`: the file in run/python/ that makes the crew, "pool". */
int python_start(struct crew *crew, const char *program);
int python_round(struct crew *crew, struct round *round);
void python_stop(struct crew *crew);

#endif
