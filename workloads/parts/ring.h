/* A bounded queue of messages in shared memory, for any number of threads and processes at both ends.
 *
 * `lock`: one lock for all of it, and sleeping on a word where there is nothing to do. (Not on a
 * pthread_cond_t: until glibc 2.41 it may lose a wake-up.) `lockfree`: a ring of slots that each say
 * whose turn it is, one compare-and-swap a call, after Vyukov's bounded MPMC queue; who has nothing to do
 * spins, and gives its processor away. */
#ifndef BENCH_WORKLOADS_PARTS_RING_H
#define BENCH_WORKLOADS_PARTS_RING_H

#include "workloads/workload.h"

enum ring_kind { RING_LOCK, RING_LOCKFREE };

struct ring; /* without pointers: the same for all processes */

struct ring_shape {
	enum ring_kind kind;
	uint64_t capacity; /* messages; a power of two, at least 2 */
	size_t size;       /* bytes of a message */
};

size_t ring_size(const struct ring_shape *shape);

/* Lays an empty ring out in zeroed memory of ring_size() bytes. Returns 0 or -errno. */
int ring_init(struct ring *ring, const struct ring_shape *shape);

/* Copies a message in or out, and waits for room or for a message, which it reports to `waits`; waiting for
 * the lock, too. In work() only. `place` counts from 0 in the order of taking: messages leave in the
 * order in which they came.
 * Returns 0 or -errno: -ECANCELED after ring_break(). */
int ring_put(struct ring *ring, const void *message, void (*waits)(enum wait));
int ring_take(struct ring *ring, void *message, uint64_t *place, void (*waits)(enum wait));

/* Ends all waiting, now and later: whoever would go on waiting waits for one that has failed. */
void ring_break(struct ring *ring);

/* Messages in it. While nobody puts or takes. */
uint64_t ring_length(const struct ring *ring);

/* Makes it as new. While nobody puts or takes. */
void ring_reset(struct ring *ring);

#endif
