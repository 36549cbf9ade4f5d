#include "workloads/parts/locks.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define YIELDS 16            /* how often a worker that spins gives its processor away before it sleeps */
#define NAP_NS 50000L        /* the first sleep; each later one is twice as long */
#define NAP_DOUBLINGS_MAX 7u /* up to 6.4 ms */

void word_sleep(_Atomic uint32_t *word, uint32_t seen)
{
	syscall(SYS_futex, word, FUTEX_WAIT, seen, NULL, NULL, 0);
}

void word_wake(_Atomic uint32_t *word, int sleepers)
{
	syscall(SYS_futex, word, FUTEX_WAKE, sleepers, NULL, NULL, 0);
}

void spin_give_way(unsigned times)
{
	struct timespec nap = { 0 };
	unsigned doublings = times - YIELDS - 1;

	if (times <= YIELDS) {
		sched_yield();
		return;
	}
	nap.tv_nsec = NAP_NS << (doublings < NAP_DOUBLINGS_MAX ? doublings : NAP_DOUBLINGS_MAX);
	nanosleep(&nap, NULL);
}

static int init_mutex(pthread_mutex_t *mutex, bool robust)
{
	pthread_mutexattr_t how;
	int err = pthread_mutexattr_init(&how);

	if (err)
		return -err;
	err = pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
	if (!err && robust)
		err = pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
	if (!err)
		err = pthread_mutex_init(mutex, &how);
	pthread_mutexattr_destroy(&how);
	return -err;
}

int lock_init(struct lock *lock, enum lock_kind kind)
{
	switch (kind) {
	case LOCK_SEMAPHORE:
		return sem_init(&lock->semaphore, 1, 1) ? -errno : 0;
	case LOCK_SPIN:
	case LOCK_FUTEX:
		atomic_init(&lock->word, 0);
		return 0;
	default:
		return init_mutex(&lock->mutex, kind == LOCK_ROBUST);
	}
}

static int wait_semaphore(sem_t *semaphore)
{
	while (sem_wait(semaphore))
		if (errno != EINTR)
			return errno;
	return 0;
}

static int spin(struct lock *lock)
{
	for (unsigned i = 1;; i++) {
		if (atomic_load_explicit(&lock->word, memory_order_relaxed) == 0 && lock_try(lock, LOCK_SPIN) == 0)
			return 0;
		spin_turn(i);
	}
}

/* 2 means that somebody may sleep. A worker that has slept cannot know whether others still do, so it takes the
 * lock with 2. */
static int sleep_on(struct lock *lock)
{
	while (atomic_exchange_explicit(&lock->word, 2, memory_order_acquire) != 0)
		word_sleep(&lock->word, 2);
	return 0;
}

static int block(struct lock *lock, enum lock_kind kind)
{
	switch (kind) {
	case LOCK_SEMAPHORE:
		return wait_semaphore(&lock->semaphore);
	case LOCK_SPIN:
		return spin(lock);
	case LOCK_FUTEX:
		return sleep_on(lock);
	default:
		return pthread_mutex_lock(&lock->mutex);
	}
}

int lock_wait(struct lock *lock, enum lock_kind kind, int err, void (*waits)(enum wait))
{
	int got = 0;

	if (err == EBUSY) {
		waits(WAIT_LOCK);
		err = block(lock, kind);
		waits(WAIT_OVER);
		got = LOCK_WAITED;
	}
	if (err == EOWNERDEAD) {
		err = pthread_mutex_consistent(&lock->mutex);
		got |= LOCK_RECOVERED;
	}
	return err ? -err : got;
}

void lock_wake(struct lock *lock)
{
	word_wake(&lock->word, 1);
}
