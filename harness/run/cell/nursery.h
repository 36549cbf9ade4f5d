/* The nursery: a process that forks cell processes before it does anything else, so that they have the same layout of
 * memory, whatever the system permits. It watches over them and does not work itself. */
#ifndef BENCH_RUN_CELL_NURSERY_H
#define BENCH_RUN_CELL_NURSERY_H

#include <stddef.h>

/* Forks a cell process for each descriptor, on which its supervisor is told that it has begun (FRAME_BORN), and how it
 * has ended (FRAME_DIED). When the supervisor says no more on a descriptor, this cell process is killed. Returns
 * an exit status when all have ended; in a cell process, as cell_main() does. */
int nursery_main(const int *fds, size_t count);

#endif
