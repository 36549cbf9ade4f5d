/* Workers that are threads of the cell process. Called by its main thread only. */
#ifndef BENCH_RUN_LAUNCH_THREADS_H
#define BENCH_RUN_LAUNCH_THREADS_H

#include "run/crew/crew.h"

/* Makes worker `w` as a thread that calls `body`. Returns 0 or -errno. */
int threads_create(struct crew *crew, unsigned w, void (*body)(struct crew *crew, unsigned w));

/* Waits for the thread to end; nothing to do where there is none. */
void threads_join(struct crew *crew, unsigned w);

#endif
