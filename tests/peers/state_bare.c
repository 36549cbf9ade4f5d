/* Measures what an addition to a number in shared memory costs one process, or two at the same time, with nothing
 * around it. Prints nanoseconds of wall time per addition of either process, a line for each round. Arguments: atomic,
 * mutex, robust, semaphore, spin or futex; 1 or 2 processes; additions of each process; rounds. */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared {
	_Alignas(128) _Atomic uint64_t value;
	union {
		pthread_mutex_t mutex;
		sem_t semaphore;
		_Atomic uint32_t word;
	};
	_Alignas(128) pthread_barrier_t barrier;
};

static void add(struct shared *s)
{
	uint64_t old = atomic_load_explicit(&s->value, memory_order_relaxed);

	atomic_store_explicit(&s->value, old + 1, memory_order_relaxed);
}

static void add_atomic(struct shared *s, uint64_t n)
{
	while (n--)
		atomic_fetch_add_explicit(&s->value, 1, memory_order_relaxed);
}

static void add_mutex(struct shared *s, uint64_t n)
{
	while (n--) {
		pthread_mutex_lock(&s->mutex);
		add(s);
		pthread_mutex_unlock(&s->mutex);
	}
}

static void add_semaphore(struct shared *s, uint64_t n)
{
	while (n--) {
		while (sem_wait(&s->semaphore))
			continue;
		add(s);
		sem_post(&s->semaphore);
	}
}

static void add_spin(struct shared *s, uint64_t n)
{
	while (n--) {
		while (atomic_exchange_explicit(&s->word, 1, memory_order_acquire))
			while (atomic_load_explicit(&s->word, memory_order_relaxed))
#if defined(__x86_64__) || defined(__i386__)
				__builtin_ia32_pause();
#else
				continue;
#endif
		add(s);
		atomic_store_explicit(&s->word, 0, memory_order_release);
	}
}

/* Drepper's mutex2, as workloads/parts/locks.c has it. */
static void add_futex(struct shared *s, uint64_t n)
{
	while (n--) {
		uint32_t free = 0;

		if (!atomic_compare_exchange_strong(&s->word, &free, 1))
			while (atomic_exchange(&s->word, 2))
				syscall(SYS_futex, &s->word, FUTEX_WAIT, 2, NULL, NULL, 0);
		add(s);
		if (atomic_exchange(&s->word, 0) > 1)
			syscall(SYS_futex, &s->word, FUTEX_WAKE, 1, NULL, NULL, 0);
	}
}

static const struct kind {
	const char *name;
	void (*add)(struct shared *s, uint64_t n);
} kinds[] = {
	{ "atomic", add_atomic }, { "mutex", add_mutex }, { "robust", add_mutex }, { "semaphore", add_semaphore },
	{ "spin", add_spin },     { "futex", add_futex },
};

struct contest {
	const struct kind *kind;
	unsigned processes;
	uint64_t additions; /* of each process */
	long rounds;
};

static bool make_shared(struct shared *s, const struct kind *kind, unsigned processes)
{
	pthread_mutexattr_t mutex_how;
	pthread_barrierattr_t barrier_how;

	pthread_barrierattr_init(&barrier_how);
	pthread_barrierattr_setpshared(&barrier_how, PTHREAD_PROCESS_SHARED);
	if (pthread_barrier_init(&s->barrier, &barrier_how, processes))
		return false;
	if (kind->add == add_semaphore)
		return sem_init(&s->semaphore, 1, 1) == 0;
	if (kind->add != add_mutex)
		return true;
	pthread_mutexattr_init(&mutex_how);
	pthread_mutexattr_setpshared(&mutex_how, PTHREAD_PROCESS_SHARED);
	if (strcmp(kind->name, "robust") == 0)
		pthread_mutexattr_setrobust(&mutex_how, PTHREAD_MUTEX_ROBUST);
	return pthread_mutex_init(&s->mutex, &mutex_how) == 0;
}

/* Binds each process to another of the processors that it may use; if that fails the kernel places it. */
static void bind_to(unsigned process)
{
	cpu_set_t all, one;

	CPU_ZERO(&one);
	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	for (unsigned processor = 0, place = 0; processor < CPU_SETSIZE; processor++)
		if (CPU_ISSET(processor, &all) && place++ == process)
			CPU_SET(processor, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void run_rounds(struct shared *s, const struct contest *c, unsigned process)
{
	bind_to(process);
	for (long round = 0; round <= c->rounds; round++) { /* the first one warms up */
		double from_ns;

		pthread_barrier_wait(&s->barrier);
		from_ns = now_ns();
		c->kind->add(s, c->additions);
		pthread_barrier_wait(&s->barrier);
		if (process == 0 && round > 0)
			printf("%.3f\n", (now_ns() - from_ns) / ((double)c->additions * c->processes));
	}
	fflush(stdout);
}

static bool read_arguments(int argc, char **argv, struct contest *c)
{
	if (argc != 5)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(argv[1], kinds[i].name) == 0)
			c->kind = &kinds[i];
	c->processes = (unsigned)atoi(argv[2]);
	c->additions = strtoull(argv[3], NULL, 10);
	c->rounds = atol(argv[4]);
	return c->kind && (c->processes == 1 || c->processes == 2);
}

int main(int argc, char **argv)
{
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct contest contest = { 0 };
	pid_t child;

	if (!read_arguments(argc, argv, &contest) || s == MAP_FAILED ||
	    !make_shared(s, contest.kind, contest.processes)) {
		fprintf(stderr, "usage: state_bare KIND PROCESSES ADDITIONS ROUNDS\n");
		return 2;
	}
	if (contest.processes == 1) {
		run_rounds(s, &contest, 0);
		return 0;
	}
	child = fork();
	if (child < 0)
		return 2;
	if (child == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	run_rounds(s, &contest, child == 0);
	return child && waitpid(child, NULL, 0) != child;
}
