/* What the modes python_* share: a process of CPython that executes the items. Its programs in run/python/ are written
 * as a reader of a tutorial on multiprocessing would write them. Called by the cell process only.
 *
 * The interpreter is the first `python3` in PATH that can import what the workload needs. The workers write on the
 * board what they do (run/python/board.h). Outputs come back over a socket after the timed part of a round, and are
 * checked and compared as those of other modes are. */
#ifndef BENCH_RUN_PYTHON_PYTHON_H
#define BENCH_RUN_PYTHON_PYTHON_H

#include "run/crew/crew.h"

/* The slots of struct mode. `program`: the file in run/python/ that makes the crew, without its suffix: "pool". */
int python_start(struct crew *crew, const char *program);
int python_round(struct crew *crew, struct round *round);
void python_stop(struct crew *crew);

#endif
