/* Locks in shared memory, the same for threads and for processes, and sleeping on a word there.
 *
 * All kinds are process-shared: a private mutex costs less, so that threads and processes could not be
 * compared. Where a worker dies while it holds a lock, `robust` goes on; with the others those that want
 * it wait, until the harness has found the death and ends them.
 *
 * In a loop hand over `kind` as a constant: then no branch is left of it. */
#ifndef BENCH_WORKLOADS_PARTS_LOCKS_H
#define BENCH_WORKLOADS_PARTS_LOCKS_H

#include "workloads/workload.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#define SPINS 300       /* before a worker gives its processor away: 10 us or so */
#define CACHE_LINES 128 /* bytes that one write may take from others: a line, and the one fetched along */

enum lock_kind {
	LOCK_MUTEX,     /* pthread_mutex_t */
	LOCK_ROBUST,    /* the same, PTHREAD_MUTEX_ROBUST */
	LOCK_SEMAPHORE, /* sem_t, as multiprocessing's locks are */
	LOCK_SPIN,      /* test and test-and-set; see spin_turn() */
	LOCK_FUTEX,     /* three states: Drepper, "Futexes are tricky", 2011, mutex2 */
};

struct lock {
	union {
		pthread_mutex_t mutex;
		sem_t semaphore;
		_Atomic uint32_t word;
	};
};

/* What lock_take() has to tell: bits. */
enum lock_got {
	LOCK_WAITED = 1,    /* another one held it */
	LOCK_RECOVERED = 2, /* the one that held it has died; what it guards is as that one left it */
};

/* In open(), by the process that made the memory. Returns 0 or -errno. */
int lock_init(struct lock *lock, enum lock_kind kind);

/* The slow half of lock_take(): `err` is why trying failed. */
int lock_wait(struct lock *lock, enum lock_kind kind, int err, void (*waits)(enum wait));
void lock_wake(struct lock *lock);

/* Sleeps while *word is `seen`, in memory shared by processes; may return early. */
void word_sleep(_Atomic uint32_t *word, uint32_t seen);
void word_wake(_Atomic uint32_t *word, int sleepers);

/* One turn of a loop that waits without knowing who for, the `turn`-th, from 1. It spins at first; then it
 * gives its processor away, and in the end sleeps, longer each time: with more workers than processors the
 * one that it waits for may need just this one, and so may a thousand that wait. */
void spin_give_way(unsigned times);

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

/* Returns 0, EBUSY, EOWNERDEAD (it has the lock), or another errno. */
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

/* Returns bits of enum lock_got, or -errno: then the caller does not have it. In work() only. */
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
