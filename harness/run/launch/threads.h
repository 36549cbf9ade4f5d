/* Workers that are threads of the cell process. crew->own is what this file knows of them. Called by the cell process's
 * main thread only. */
#ifndef BENCH_RUN_LAUNCH_THREADS_H
#define BENCH_RUN_LAUNCH_THREADS_H

#include "run/crew/crew.h"

/* Room for one thread a worker, in start() of a mode. Returns 0 or -ENOMEM. */
int threads_prepare(struct crew *crew);

/* The slots of a mode. threads_stop() is for one whose threads are all joined. */
int threads_launch(struct crew *crew, unsigned w, enum worker_task task);
void threads_stop(struct crew *crew);

/* Waits for worker `w` to end; nothing to do where there is none. */
void threads_join(struct crew *crew, unsigned w);

/* Whether worker `w` was launched and not joined. */
bool threads_has(const struct crew *crew, unsigned w);

#endif
