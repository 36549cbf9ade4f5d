/* Memory that a cell process shares with all its workers: those that it forks, and those that are
 * started afresh (modes `spawn` and `forkserver`), which find it at the same addresses.
 *
 * It is made of memfds that outlive exec, one a piece, in a region of the address space that nothing
 * else uses. It has no name in any file system and is gone with the last process. */
#ifndef BENCH_RUN_TRANSPORTS_SHARED_H
#define BENCH_RUN_TRANSPORTS_SHARED_H

#include <stddef.h>

/* Returns a piece of `size` bytes, zeroed and touched, on pages of its own; NULL with errno set. The cell process calls
 * it before any worker exists; in a fresh worker the same calls in the same order return the same pieces. */
void *shared_memory(size_t size);

/* Gives a piece back; accepts NULL. */
void shared_release(void *memory);

/* Returns a descriptor that outlives exec, of a list from which a fresh worker finds the pieces made so far; or
 * -errno. */
int shared_list(void);

/* Maps all pieces of that list. A fresh worker calls it first of all. Returns 0 or -errno. */
int shared_attach(int list);

#endif
