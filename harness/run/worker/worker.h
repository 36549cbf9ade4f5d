/* A worker executes items and accounts for its time. The code is the same in every mode, whether the worker is a
 * thread, a process, or the cell process itself (sequential). */
#ifndef BENCH_RUN_WORKER_WORKER_H
#define BENCH_RUN_WORKER_WORKER_H

#include "run/crew/crew.h"

struct worker;

/* Makes worker `w` in the calling thread: binds it, opens its counters, takes its memory.
 * Returns NULL with errno set on failure. */
struct worker *worker_create(struct crew *crew, unsigned w);
void worker_destroy(struct worker *worker);

/* Executes items until none is left for this worker; then counts the worker as done. */
void worker_round(struct worker *worker);

/* A round in three steps, for a loop that deals out the items itself: worker_begin() begins the round, worker_do()
 * executes one item, worker_end() ends the round without counting the worker as done. Called on the worker's own
 * thread. */
void worker_begin(struct worker *worker);
void worker_do(struct worker *worker, uint64_t item);
void worker_end(struct worker *worker);

/* As worker_do(), but executes a range of items without any stamps, as a round does. Returns the digest of what it has
 * executed; after an error of an item, which is in the slot, it has left out the rest. */
uint64_t worker_do_range(struct worker *worker, struct range range);

/* Runs the whole life of worker `w` in the calling thread: makes it, does its task and destroys it. The worker ends
 * early when it has executed as many items as it may (--recycle). If an earlier worker or the parent has begun the
 * slot's account, it must be in PART_SPAWN. */
void worker_live(struct crew *crew, unsigned w, enum worker_task task);

/* Counts worker `index` as done in this round; all of its slot must be written before. */
void worker_count_as_done(struct arena *arena, unsigned index);

/* The `waits` of struct workload_options: notes that the calling thread's worker waits, or goes on. Does nothing in a
 * thread that is no worker. */
void worker_waits(enum wait what);

#endif
