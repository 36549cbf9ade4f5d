/* A worker: executes items and accounts for its time. The same code in every mode, in a thread, in a
 * forked process, or in the cell process itself (sequential). */
#ifndef BENCH_RUN_WORKER_WORKER_H
#define BENCH_RUN_WORKER_WORKER_H

#include "run/crew/crew.h"

struct worker;

/* Makes worker `w` in the calling thread: binds it, opens its counters, takes its memory.
 * Returns NULL with errno set on failure. */
struct worker *worker_create(struct crew *crew, unsigned w);
void worker_destroy(struct worker *worker);

/* Executes items until none is left for this worker; then counts itself as done. */
void worker_round(struct worker *worker);

/* The same in three steps, for a loop that deals the items out itself: begins a round, executes one item, ends the
 * round without counting as done. On the worker's own thread. */
void worker_begin(struct worker *worker);
void worker_do(struct worker *worker, uint64_t item);
void worker_end(struct worker *worker);

/* The whole life of worker `w`, in the calling thread: it is made, does its task and is gone. It ends early when it has
 * executed as many items as it may (--recycle). The account of a worker before it, or that the parent has begun, is in
 * PART_SPAWN. */
void worker_live(struct crew *crew, unsigned w, enum worker_task task);

/* Counts worker `index` as done in this round, with all in its slot written. */
void worker_count_as_done(struct arena *arena, unsigned index);

/* The `waits` of struct workload_options: the calling thread's worker waits, or goes on. Does nothing in a
 * thread that is no worker. */
void worker_waits(enum wait what);

#endif
