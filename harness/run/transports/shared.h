/* Memory that a cell process shares with all its workers: those that it forks, and those that are
 * started afresh (modes `spawn` and `forkserver`), which find it at the same addresses.
 *
 * It is made of memfds that outlive exec, one a piece, in a region of the address space that nothing
 * else uses. It has no name in any file system and is gone with the last process. */
#ifndef BENCH_RUN_TRANSPORTS_SHARED_H
#define BENCH_RUN_TRANSPORTS_SHARED_H

#include <stddef.h>

/* A piece of `size` bytes, zeroed and touched, on pages of its own; NULL with errno set. In the cell
 * process before any worker exists; in a fresh worker the same calls in the same order give the pieces
 * that are there. */
void *shared_memory(size_t size);

/* Gives a piece back; accepts NULL. */
void shared_release(void *memory);

/* What a fresh worker needs to find the pieces made so far: a descriptor that outlives exec, or -errno. */
int shared_list(void);

/* In a fresh worker, first of all: maps all pieces of that list. Returns 0 or -errno. */
int shared_attach(int list);

#endif
