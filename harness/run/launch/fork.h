/* Workers that are forked from the cell process. */
#ifndef BENCH_RUN_LAUNCH_FORK_H
#define BENCH_RUN_LAUNCH_FORK_H

#include "run/crew/crew.h"

/* The launch() of a mode (model/mode.h). The worker dies with the cell process. */
int fork_launch(struct crew *crew, unsigned w, enum worker_task task);

#endif
