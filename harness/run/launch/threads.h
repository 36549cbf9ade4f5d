/* Workers that are threads of the cell process. The threads are kept in crew->own. Called by the cell process's main
 * thread only. */
#ifndef BENCH_RUN_LAUNCH_THREADS_H
#define BENCH_RUN_LAUNCH_THREADS_H

#include "run/crew/crew.h"

/* Makes room for one thread for each worker, in start() of a mode. Returns 0 or -ENOMEM. */
int threads_prepare(struct crew *crew);

/* launch() and stop() of a mode. threads_stop() is for modes that have joined all threads before. */
int threads_launch(struct crew *crew, unsigned w, enum worker_task task);
void threads_stop(struct crew *crew);

/* Waits until worker `w` has ended; does nothing if there is none. */
void threads_join(struct crew *crew, unsigned w);

/* Whether worker `w` was launched and is not joined yet. */
bool threads_has(const struct crew *crew, unsigned w);

#endif
