/* A shared integer that all workers add to, after multiprocessing's Value. It shows what a lock costs, what
 * waiting for a lock costs, and how many additions are lost without one.
 *
 * With two counters each worker adds to one of them: the workers take them in turn, in the order in which they
 * come to their first items. Then two workers never wait for each other's lock, and the difference that is left
 * is whether the two counters lie in the same cache line. */
#include "workloads/parts/locks.h"
#include "workloads/parts/values.h"

#include <stdlib.h>
#include <string.h>

#define COUNTERS 2

/* How an addition is kept whole, in the order of `locks`. From UPDATE_LOCKED on it is an enum lock_kind. */
enum { UPDATE_NONE, UPDATE_ATOMIC, UPDATE_LOCKED };

static const char *const locks[] = { "none", "atomic", "mutex", "robust", "semaphore", "spin", "futex", NULL };

enum layout { LAYOUT_ONE, LAYOUT_PADDED, LAYOUT_SHARED };

static const char *const layouts[] = { "one", "padded", "shared", NULL };

/* It has 48 bytes, so that a counter's value and lock share a cache line with the value of the next counter. */
struct counter {
	_Atomic uint64_t value;
	struct lock lock;
};

/* What the workers share. */
struct shared_counters {
	_Alignas(CACHE_LINES) _Atomic uint64_t workers; /* how many have come to their first items */
	_Atomic uint64_t waited, recovered;             /* acquisitions; each item adds its own at its end */
	_Alignas(CACHE_LINES) char counters[COUNTERS * CACHE_LINES];
};

struct state {
	uint64_t adds;
	unsigned update;
	enum lock_kind kind;
	enum layout layout;
	bool has_turn;
	pthread_key_t turn; /* this thread's place in the order of the workers' first items, from 1 */
	struct shared_counters *shared;
	void (*waits)(enum wait what);
};

static const struct param params[] = {
	{ "adds", "10000", NULL, "1 to 100000000", "how many times an item adds 1" },
	{ "lock", "mutex", NULL, "none|atomic|mutex|robust|semaphore|spin|futex", "what keeps an addition whole" },
	{ "layout", "one", NULL, "one|padded|shared",
	  "one counter for all; two, in cache lines of their own; two in the same" },
	{ 0 },
};

static struct counter *counter_at(const struct state *s, unsigned i)
{
	size_t stride = s->layout == LAYOUT_SHARED ? sizeof(struct counter) : CACHE_LINES;

	return (struct counter *)(s->shared->counters + i * stride);
}

static void counter_close(void *data)
{
	struct state *s = data;

	if (s && s->has_turn)
		pthread_key_delete(s->turn);
	free(s);
}

static int read_params(const struct workload_options *options, struct workload_state *state, struct state *s)
{
	unsigned layout;
	int err = value_whole(state, "adds", options->values[0], 1, 100000000, &s->adds);

	err = err ? err : value_word(state, "lock", options->values[1], locks, &s->update);
	err = err ? err : value_word(state, "layout", options->values[2], layouts, &layout);
	if (err)
		return err;
	s->layout = (enum layout)layout;
	if (s->update >= UPDATE_LOCKED)
		s->kind = (enum lock_kind)(s->update - UPDATE_LOCKED);
	return 0;
}

static int make_tally(const struct workload_options *options, struct workload_state *state, struct state *s)
{
	int err = 0;

	s->shared = options->shared(options->context, sizeof(*s->shared));
	if (!s->shared)
		return refuse(state, -errno, "cannot share %zu bytes: %s", sizeof(*s->shared), strerror(errno));
	for (unsigned i = 0; i < COUNTERS && !err && !options->again && s->update >= UPDATE_LOCKED; i++)
		err = lock_init(&counter_at(s, i)->lock, s->kind);
	return err ? refuse(state, err, "cannot make a lock: %s", strerror(-err)) : 0;
}

static int counter_open(const struct workload_options *options, struct workload_state *state)
{
	struct state *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return refuse(state, -ENOMEM, "no memory");
	s->waits = options->waits;
	err = read_params(options, state, s);
	err = err ? err : make_tally(options, state, s);
	if (!err) {
		err = -pthread_key_create(&s->turn, NULL);
		s->has_turn = !err;
	}
	if (err) {
		counter_close(s);
		return err;
	}
	*state = (struct workload_state){
		.data = s,
		.items = options->items ? options->items : 512,
		.output_max = sizeof(uint64_t),
	};
	return 0;
}

/* Reads, adds and writes; what another worker writes in between is lost. The accesses are relaxed atomics, so
 * that they cost what a plain addition does, but the compiler does not join many additions to a single one. */
static void add_one(_Atomic uint64_t *value)
{
	uint64_t old = atomic_load_explicit(value, memory_order_relaxed);

	atomic_store_explicit(value, old + 1, memory_order_relaxed);
}

/* Inlined, so that each kind of lock has a loop of its own without a branch on the kind. */
static inline __attribute__((always_inline)) int add_locked(const struct state *s, struct counter *c,
							    enum lock_kind kind)
{
	uint64_t waited = 0, recovered = 0;
	int got = 0;

	for (uint64_t i = 0; i < s->adds; i++) {
		got = lock_take(&c->lock, kind, s->waits);
		if (got) {
			if (got < 0)
				break;
			waited += (got & LOCK_WAITED) != 0;
			recovered += (got & LOCK_RECOVERED) != 0; /* the number is whole at any time */
		}
		add_one(&c->value);
		lock_drop(&c->lock, kind);
	}
	if (waited)
		atomic_fetch_add(&s->shared->waited, waited);
	if (recovered)
		atomic_fetch_add(&s->shared->recovered, recovered);
	return got < 0 ? got : 0;
}

static int add_by_lock(const struct state *s, struct counter *c)
{
	switch (s->kind) {
	case LOCK_MUTEX:
		return add_locked(s, c, LOCK_MUTEX);
	case LOCK_ROBUST:
		return add_locked(s, c, LOCK_ROBUST);
	case LOCK_SEMAPHORE:
		return add_locked(s, c, LOCK_SEMAPHORE);
	case LOCK_SPIN:
		return add_locked(s, c, LOCK_SPIN);
	case LOCK_FUTEX:
		return add_locked(s, c, LOCK_FUTEX);
	}
	return -EINVAL;
}

static struct counter *counter_of_worker(const struct state *s)
{
	uintptr_t turn;

	if (s->layout == LAYOUT_ONE)
		return counter_at(s, 0);
	turn = (uintptr_t)pthread_getspecific(s->turn);
	if (turn == 0) {
		turn = (uintptr_t)atomic_fetch_add(&s->shared->workers, 1) + 1;
		pthread_setspecific(s->turn, (void *)turn); /* failing does no harm: the next item draws a new turn */
	}
	return counter_at(s, (unsigned)(turn % COUNTERS));
}

static int counter_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct state *s = data;
	struct counter *c = counter_of_worker(s);
	int err = 0;

	(void)item, (void)in;
	if (s->update == UPDATE_NONE)
		for (uint64_t i = 0; i < s->adds; i++)
			add_one(&c->value);
	else if (s->update == UPDATE_ATOMIC)
		for (uint64_t i = 0; i < s->adds; i++)
			atomic_fetch_add_explicit(&c->value, 1, memory_order_relaxed);
	else
		err = add_by_lock(s, c);
	memcpy(out->data, &s->adds, sizeof(s->adds));
	out->size = sizeof(s->adds);
	return err;
}

static int counter_settle(void *data, uint64_t items, struct measure *measures, size_t max)
{
	struct state *s = data;
	uint64_t expected = items * s->adds, sum = 0;
	const struct measure all[] = {
		{ "increments", "1", (double)expected },
		{ "lost_updates", MEASURE_INCIDENTS, 0 },
		{ "contended", "1", (double)atomic_exchange(&s->shared->waited, 0) },
		{ "recovered", "1", (double)atomic_exchange(&s->shared->recovered, 0) },
	};
	size_t count = s->update < UPDATE_LOCKED ? 2 : s->kind == LOCK_ROBUST ? 4 : 3;

	for (unsigned i = 0; i < (s->layout == LAYOUT_ONE ? 1 : COUNTERS); i++)
		sum += atomic_exchange(&counter_at(s, i)->value, 0);
	if (sum > expected || (sum < expected && s->update != UPDATE_NONE))
		return -EBADMSG;
	count = count < max ? count : max;
	memcpy(measures, all, count * sizeof(*all));
	if (count > 1)
		measures[1].value = (double)(expected - sum);
	return (int)count;
}

const struct workload workload_counter = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "counter",
	.summary = "a shared integer, with a lock or without: as multiprocessing.Value",
	.item = "turn",
	.params = params,
	.open = counter_open,
	.work = counter_work,
	.settle = counter_settle,
	.close = counter_close,
};
