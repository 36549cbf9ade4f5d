/* A bounded queue of messages in shared memory, for any number of threads and processes at both ends.
 *
 * RING_LOCK: one lock guards the whole queue; a caller that must wait sleeps on a word. (Not on a
 * pthread_cond_t, which may lose a wake-up until glibc 2.41.) RING_LOCKFREE: each slot says whose turn it is,
 * and a call takes one compare-and-swap, after Vyukov's bounded MPMC queue; a caller that must wait spins, then
 * gives its processor away. */
#ifndef BENCH_WORKLOADS_PARTS_RING_H
#define BENCH_WORKLOADS_PARTS_RING_H

#include "workloads/workload.h"

enum ring_kind { RING_LOCK, RING_LOCKFREE };

struct ring; /* has no pointers in it, so that processes can share it */

struct ring_shape {
	enum ring_kind kind;
	uint64_t capacity; /* messages; a power of two, at least 2 */
	size_t size;       /* bytes of a message */
};

size_t ring_size(const struct ring_shape *shape);

/* Makes an empty ring of zeroed memory of ring_size() bytes. Returns 0 or -errno. */
int ring_init(struct ring *ring, const struct ring_shape *shape);

/* Copies a message into the ring or out of it, and waits for room or for a message if need be. They report to
 * `waits` when they wait for one of these or for the lock. Messages leave in the order in which they came;
 * *place is set to how many were taken before this one. Call them in work() only.
 * Returns 0 or -errno: -ECANCELED after ring_break(). */
int ring_put(struct ring *ring, const void *message, void (*waits)(enum wait));
int ring_take(struct ring *ring, void *message, uint64_t *place, void (*waits)(enum wait));

/* Ends all waiting, now and later. A worker that fails calls it, so that no other worker waits for it. */
void ring_break(struct ring *ring);

/* Returns how many messages the ring holds. Call it while nobody puts or takes. */
uint64_t ring_length(const struct ring *ring);

/* Empties the ring and undoes ring_break(). Call it while nobody puts or takes. */
void ring_reset(struct ring *ring);

#endif
