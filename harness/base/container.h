/* The main process of a container. */
#ifndef BENCH_BASE_CONTAINER_H
#define BENCH_BASE_CONTAINER_H

/* Process 1 of a PID namespace cannot be ended by its own signals: the kernel drops each that has no handler, even one
 * that it raises itself. So if this is process 1, it forks: the child goes on as the program, and process 1 stays,
 * hands signals on, reaps orphans, and ends as the program has ended: with its status, or with 128 + n after signal n,
 * as a shell says it. Before that it waits, some seconds at most, for the aides of the program (base/aide.h), since
 * nothing outlives process 1. The program calls it once, before it opens or starts anything. */
void container_enter(void);

#endif
