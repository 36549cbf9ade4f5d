/* A shared array that all workers update at random places, after multiprocessing's Array: with one lock for
 * the whole array, one for each of some stripes, or one for each element. */
#include "workloads/parts/locks.h"
#include "workloads/parts/random.h"
#include "workloads/parts/values.h"

#include <stdlib.h>
#include <string.h>

#define ELEMENTS_MAX 1000000
#define STRIPES 16

enum { LOCKS_ARRAY, LOCKS_STRIPE, LOCKS_ELEMENT };

static const char *const words[] = { "array", "stripe", "element", NULL };

/* A lock has cache lines of its own, so that workers that wait for it or take it do not disturb those that take
 * another lock. */
struct array_lock {
	_Alignas(CACHE_LINES) struct lock lock;
	_Atomic uint64_t waited; /* acquisitions that had to wait; the lock guards it */
};

struct array {
	uint64_t elements, updates, locks; /* element i is guarded by lock i % locks */
	_Atomic uint64_t *values;          /* shared */
	struct array_lock *lock;           /* shared */
	uint64_t *expected;                /* what `expected_items` items must leave in each element */
	uint64_t expected_items;
	void (*waits)(enum wait what);
};

static const struct param params[] = {
	{ "locks", "array", NULL, "array|stripe|element",
	  "one lock, one for each of 16 stripes, or one for each element" },
	{ "elements", "1024", NULL, "1 to 1000000", "how many numbers the array has" },
	{ "updates", "10000", NULL, "1 to 100000000", "how many elements an item adds 1 to, one after the other" },
	{ 0 },
};

static void array_close(void *data)
{
	struct array *a = data;

	if (a)
		free(a->expected);
	free(a);
}

static int read_params(const struct workload_options *options, struct workload_state *state, struct array *a)
{
	unsigned word;
	int err = value_word(state, "locks", options->values[0], words, &word);

	err = err ? err : value_whole(state, "elements", options->values[1], 1, ELEMENTS_MAX, &a->elements);
	err = err ? err : value_whole(state, "updates", options->values[2], 1, 100000000, &a->updates);
	if (err)
		return err;
	a->locks = word == LOCKS_ARRAY ? 1 : word == LOCKS_STRIPE && STRIPES < a->elements ? STRIPES : a->elements;
	return 0;
}

static int share(const struct workload_options *options, struct workload_state *state, struct array *a)
{
	int err = 0;

	a->values = options->shared(options->context, a->elements * sizeof(*a->values));
	a->lock = a->values ? options->shared(options->context, a->locks * sizeof(*a->lock)) : NULL;
	if (!a->lock)
		return refuse(state, -errno, "cannot share the array: %s", strerror(errno));
	for (uint64_t i = 0; i < a->locks && !err && !options->again; i++)
		err = lock_init(&a->lock[i].lock, LOCK_MUTEX);
	return err ? refuse(state, err, "cannot make a lock: %s", strerror(-err)) : 0;
}

static int array_open(const struct workload_options *options, struct workload_state *state)
{
	struct array *a = calloc(1, sizeof(*a));
	int err;

	if (!a)
		return refuse(state, -ENOMEM, "no memory");
	a->waits = options->waits;
	err = read_params(options, state, a);
	err = err ? err : share(options, state, a);
	if (!err) {
		a->expected = calloc(a->elements, sizeof(*a->expected));
		err = a->expected ? 0 : refuse(state, -ENOMEM, "no memory");
	}
	if (err) {
		array_close(a);
		return err;
	}
	*state = (struct workload_state){
		.data = a,
		.items = options->items ? options->items : 256,
		.output_max = sizeof(uint64_t),
	};
	return 0;
}

/* Returns the element that update `i` of an item adds to. */
static inline uint64_t place(const struct array *a, uint64_t item, uint64_t i)
{
	return random_below(random_mix(item * a->updates + i), a->elements);
}

/* The output is the sum of the places, since only they depend on the item alone. */
static int array_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct array *a = data;
	uint64_t sum = 0;

	(void)in;
	for (uint64_t i = 0; i < a->updates; i++) {
		uint64_t at = place(a, item, i), old;
		struct array_lock *lock = &a->lock[at % a->locks];
		int got = lock_take(&lock->lock, LOCK_MUTEX, a->waits);

		if (got < 0)
			return got;
		if (got)
			atomic_fetch_add_explicit(&lock->waited, 1, memory_order_relaxed);
		old = atomic_load_explicit(&a->values[at], memory_order_relaxed);
		atomic_store_explicit(&a->values[at], old + 1, memory_order_relaxed);
		lock_drop(&lock->lock, LOCK_MUTEX);
		sum += at;
	}
	memcpy(out->data, &sum, sizeof(sum));
	out->size = sizeof(sum);
	return 0;
}

/* Counts only at the first call, since counting takes about as long as a round. */
static void count_expected(struct array *a, uint64_t items)
{
	if (a->expected_items == items)
		return;
	memset(a->expected, 0, a->elements * sizeof(*a->expected));
	for (uint64_t item = 0; item < items; item++)
		for (uint64_t i = 0; i < a->updates; i++)
			a->expected[place(a, item, i)]++;
	a->expected_items = items;
}

static int array_settle(void *data, uint64_t items, struct measure *measures, size_t max)
{
	struct array *a = data;
	uint64_t waited = 0;
	bool right = true;

	count_expected(a, items);
	for (uint64_t i = 0; i < a->elements; i++)
		right &= atomic_exchange(&a->values[i], 0) == a->expected[i];
	for (uint64_t i = 0; i < a->locks; i++)
		waited += atomic_exchange(&a->lock[i].waited, 0);
	if (!right)
		return -EBADMSG;
	if (max < 2)
		return 0;
	measures[0] = (struct measure){ "updates", "1", (double)(items * a->updates) };
	measures[1] = (struct measure){ "contended", "1", (double)waited };
	return 2;
}

const struct workload workload_array = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "array",
	.summary = "a shared array with a lock, or many: as multiprocessing.Array",
	.item = "turn",
	.params = params,
	.open = array_open,
	.work = array_work,
	.settle = array_settle,
	.close = array_close,
};
