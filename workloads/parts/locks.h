/* Locks and sleeping in shared memory, the same for threads and for processes.
 *
 * All kinds are process-shared: a private mutex costs less, so that threads and processes could not be
 * compared. When a worker dies while it holds a lock, a LOCK_ROBUST goes to the next worker that wants it; with
 * the other kinds workers wait until the harness has found the death and ends them.
 *
 * In a loop pass `kind` as a constant: then the compiler leaves no branch on it. */
#ifndef BENCH_WORKLOADS_PARTS_LOCKS_H
#define BENCH_WORKLOADS_PARTS_LOCKS_H

#include "workloads/workload.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#define SPINS 300       /* turns of a loop, about 10 us, before a worker gives its processor away */
#define CACHE_LINES 128 /* bytes that a write can take from other processors: a line and its neighbour */

enum lock_kind {
	LOCK_MUTEX,     /* pthread_mutex_t */
	LOCK_ROBUST,    /* pthread_mutex_t with PTHREAD_MUTEX_ROBUST */
	LOCK_SEMAPHORE, /* sem_t, as multiprocessing's locks are */
	LOCK_SPIN,      /* test and test-and-set; waits by spin_turn() */
	LOCK_FUTEX,     /* a futex of three states: Drepper, "Futexes are tricky", 2011, mutex2 */
};

struct lock {
	union {
		pthread_mutex_t mutex;
		sem_t semaphore;
		_Atomic uint32_t word;
	};
};

/* What lock_take() returns: bits. */
enum lock_got {
	LOCK_WAITED = 1,    /* another worker held the lock */
	LOCK_RECOVERED = 2, /* the worker that held the lock has died; what it guards is as that worker left it */
};

/* Call it in open(), in the process that made the memory. Returns 0 or -errno. */
int lock_init(struct lock *lock, enum lock_kind kind);

/* The slow half of lock_take(): `err` is what lock_try() returned. Returns as lock_take() does. */
int lock_wait(struct lock *lock, enum lock_kind kind, int err, void (*waits)(enum wait));

/* The slow half of lock_drop() for LOCK_FUTEX: wakes one worker that sleeps for the lock. */
void lock_wake(struct lock *lock);

/* Sleeps while *word, in memory that processes share, is `seen`; may return early. */
void word_sleep(_Atomic uint32_t *word, uint32_t seen);

/* Wakes at most `sleepers` threads or processes that sleep on `word`. */
void word_wake(_Atomic uint32_t *word, int sleepers);

/* The slow half of spin_turn(): gives the processor away for the `times`-th time, from 1, or sleeps. */
void spin_give_way(unsigned times);

/* Is called in a loop that waits, with `turn` counting from 1. It spins at first, then gives the processor
 * away, and in the end sleeps, longer each time: with more workers than processors the worker that it waits
 * for may need this very processor, and so may a thousand others that wait. */
static inline void spin_turn(unsigned turn)
{
	if (turn % SPINS == 0) {
		spin_give_way(turn / SPINS);
		return;
	}
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Takes the lock if it is free. Returns 0, EBUSY, EOWNERDEAD (then the caller has the lock, too), or another
 * errno. */
static inline int lock_try(struct lock *lock, enum lock_kind kind)
{
	uint32_t free = 0;

	switch (kind) {
	case LOCK_SEMAPHORE:
		return sem_trywait(&lock->semaphore) == 0 ? 0 : errno == EAGAIN || errno == EINTR ? EBUSY : errno;
	case LOCK_SPIN:
	case LOCK_FUTEX:
		return atomic_compare_exchange_strong_explicit(&lock->word, &free, 1, memory_order_acquire,
							       memory_order_relaxed)
			       ? 0
			       : EBUSY;
	default:
		return pthread_mutex_trylock(&lock->mutex);
	}
}

/* Takes the lock, and waits for it if need be. Returns bits of enum lock_got, or -errno: then the caller does
 * not have the lock. Call it in work() only. */
static inline int lock_take(struct lock *lock, enum lock_kind kind, void (*waits)(enum wait))
{
	int err = lock_try(lock, kind);

	return err ? lock_wait(lock, kind, err, waits) : 0;
}

static inline void lock_drop(struct lock *lock, enum lock_kind kind)
{
	switch (kind) {
	case LOCK_SEMAPHORE:
		sem_post(&lock->semaphore);
		break;
	case LOCK_SPIN:
		atomic_store_explicit(&lock->word, 0, memory_order_release);
		break;
	case LOCK_FUTEX:
		if (atomic_exchange_explicit(&lock->word, 0, memory_order_release) > 1)
			lock_wake(lock);
		break;
	default:
		pthread_mutex_unlock(&lock->mutex);
	}
}

#endif
