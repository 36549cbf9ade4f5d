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

/* Waits at the gate and executes rounds until told to exit, or until it has executed as many items as it may. */
void worker_serve(struct crew *crew, unsigned w);

/* The same, but begins with the round that runs, in place of another worker whose account is in PART_SPAWN. */
void worker_join(struct crew *crew, unsigned w);

/* Counts worker `index` as done in this round, with all in its slot written. */
void worker_count_as_done(struct arena *arena, unsigned index);

/* One round, for a worker that lives no longer. */
void worker_serve_one_round(struct crew *crew, unsigned w);

/* The one item that its slot names, for a worker that lives no longer (--per item). The parent has
 * begun the account with PART_SPAWN; it is left in PART_TEARDOWN. Does not count itself as done. */
void worker_serve_one_item(struct crew *crew, unsigned w);

/* The `waits` of struct workload_options: the calling thread's worker waits, or goes on. Does nothing in a
 * thread that is no worker. */
void worker_waits(enum wait what);

#endif
