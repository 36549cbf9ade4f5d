/* A dictionary and a list that a server process owns and that workers change by asking the server, after
 * multiprocessing's Manager; or, for comparison, the same in shared memory with a lock.
 *
 * The time until the server's answer counts as the item's work, as a read from a disk would: it is what an
 * update by asking costs. More workers queue for the server, and the time that an item takes beyond its time in
 * the sequential run shows as blocked. */
#include "workloads/parts/book.h"
#include "workloads/parts/locks.h"
#include "workloads/parts/manager_server.h"
#include "workloads/parts/random.h"
#include "workloads/parts/values.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEYS_MAX 1000000

enum { VIA_SERVER, VIA_MEMORY };

static const char *const words[] = { "server", "memory", NULL };

/* What all workers share: the address with VIA_SERVER, the rest with VIA_MEMORY. */
struct manager_shared {
	struct manager_address address;         /* of the server */
	_Alignas(CACHE_LINES) struct lock lock; /* guards the book, which lies in other memory */
	uint64_t waited;                        /* acquisitions that had to wait; the lock guards it */
};

struct manager {
	unsigned via;
	uint64_t keys, updates, items;
	struct manager_shared *shared;
	struct book *book;                              /* VIA_MEMORY */
	int listener;                                   /* VIA_SERVER, until the server has inherited it; -1: none */
	pthread_key_t link;                             /* this thread's struct link */
	bool has_link;                                  /* the key `link` exists */
	uint64_t expected_items, expected[TOTAL_COUNT]; /* the totals that `expected_items` items must leave */
	void (*waits)(enum wait what);
};

/* A thread's connection. A forked process inherits its parent's, but must not talk on it. */
struct link {
	int fd;
	pid_t pid;
};

static const struct param params[] = {
	{ "via", "server", NULL, "server|memory",
	  "ask a process that owns the dictionary, or change it in shared memory" },
	{ "updates", "100", NULL, "1 to 10000000", "how often an item does d[key] += 1, one after the other" },
	{ "keys", "256", NULL, "1 to 1000000", "how many keys the dictionary has" },
	{ 0 },
};

/* ---- Open and close ---- */

static void end_link(void *data)
{
	struct link *link = data;

	if (link && link->fd >= 0)
		close(link->fd);
	free(link);
}

static void manager_close(void *data)
{
	struct manager *m = data;

	if (m && m->has_link) {
		end_link(pthread_getspecific(m->link));
		pthread_key_delete(m->link);
	}
	if (m && m->listener >= 0)
		close(m->listener);
	free(m);
}

static void serve(void *argument)
{
	const struct manager *m = argument;

	manager_serve(m->listener, m->keys, m->items);
}

static int start_server(const struct workload_options *options, struct workload_state *state, struct manager *m)
{
	int err = -pthread_key_create(&m->link, end_link);

	if (err)
		return refuse(state, err, "cannot keep a connection a thread: %s", strerror(-err));
	m->has_link = true;
	if (options->again)
		return 0;
	m->listener = manager_listen(&m->shared->address);
	if (m->listener < 0)
		return refuse(state, m->listener, "cannot listen on a socket: %s", strerror(-m->listener));
	err = options->server(options->context, serve, m);
	if (err)
		return refuse(state, err, "cannot start the server: %s", strerror(-err));
	close(m->listener); /* now only the server has it: when the server ends, connecting fails */
	m->listener = -1;
	return 0;
}

static int share_book(const struct workload_options *options, struct workload_state *state, struct manager *m)
{
	int err;

	m->book = options->shared(options->context, book_size(m->keys, m->items));
	if (!m->book)
		return refuse(state, -errno, "cannot share the dictionary: %s", strerror(errno));
	if (options->again)
		return 0;
	book_init(m->book, m->keys, m->items);
	err = lock_init(&m->shared->lock, LOCK_MUTEX);
	return err ? refuse(state, err, "cannot make a lock: %s", strerror(-err)) : 0;
}

static int read_params(const struct workload_options *options, struct workload_state *state, struct manager *m)
{
	int err = value_word(state, "via", options->values[0], words, &m->via);

	err = err ? err : value_whole(state, "updates", options->values[1], 1, 10000000, &m->updates);
	err = err ? err : value_whole(state, "keys", options->values[2], 1, KEYS_MAX, &m->keys);
	m->items = options->items ? options->items : 64;
	m->waits = options->waits;
	return err;
}

static int manager_open(const struct workload_options *options, struct workload_state *state)
{
	struct manager *m = calloc(1, sizeof(*m));
	int err;

	if (!m)
		return refuse(state, -ENOMEM, "no memory");
	m->listener = -1;
	err = read_params(options, state, m);
	if (!err) {
		m->shared = options->shared(options->context, sizeof(*m->shared));
		err = m->shared ? 0 : refuse(state, -errno, "cannot share memory: %s", strerror(errno));
	}
	if (!err)
		err = m->via == VIA_SERVER ? start_server(options, state, m) : share_book(options, state, m);
	if (err) {
		manager_close(m);
		return err;
	}
	*state = (struct workload_state){ .data = m, .items = m->items, .output_max = sizeof(uint64_t) };
	return 0;
}

/* ---- Work ---- */

/* Returns the descriptor of the calling thread's connection, which is made if there is none, or -errno. */
static int connection(const struct manager *m)
{
	struct link *link = pthread_getspecific(m->link);
	int err;

	if (link && link->fd >= 0 && link->pid == getpid())
		return link->fd;
	if (!link) {
		link = malloc(sizeof(*link));
		err = link ? -pthread_setspecific(m->link, link) : -ENOMEM;
		if (err) {
			free(link);
			return err;
		}
	} else if (link->fd >= 0) {
		close(link->fd);
	}
	*link = (struct link){ .fd = manager_connect(&m->shared->address), .pid = getpid() };
	return link->fd;
}

static int change_memory(const struct manager *m, enum manager_verb verb, uint64_t key, uint64_t *value)
{
	struct manager_shared *shared = m->shared;
	int got = lock_take(&shared->lock, LOCK_MUTEX, m->waits), err;

	if (got < 0)
		return got;
	shared->waited += got == LOCK_WAITED;
	err = verb == MANAGER_UPDATE ? book_update(m->book, key, value) : book_append(m->book, key, value);
	lock_drop(&shared->lock, LOCK_MUTEX);
	return err;
}

/* `fd` is the connection with VIA_SERVER. The new value or length must be 1 to `most`. */
static int change(const struct manager *m, int fd, enum manager_verb verb, uint64_t key, uint64_t most)
{
	uint64_t value = 0;
	int err = m->via == VIA_SERVER ? manager_ask(fd, verb, key, &value) : change_memory(m, verb, key, &value);

	return err ? err : value < 1 || value > most ? -EBADMSG : 0;
}

static uint64_t key_of(const struct manager *m, uint64_t item, uint64_t i)
{
	return random_below(random_mix(item * m->updates + i), m->keys);
}

/* The output is the sum of the keys, since only they depend on the item alone. */
static int manager_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct manager *m = data;
	int fd = m->via == VIA_SERVER ? connection(m) : 0, err = fd < 0 ? fd : 0;
	uint64_t sum = 0;

	(void)in;
	for (uint64_t i = 0; i < m->updates && !err; i++) {
		uint64_t key = key_of(m, item, i);

		err = change(m, fd, MANAGER_UPDATE, key, m->items * m->updates);
		sum += key;
	}
	err = err ? err : change(m, fd, MANAGER_APPEND, item, m->items);
	memcpy(out->data, &sum, sizeof(sum));
	out->size = sizeof(sum);
	return err;
}

/* ---- After a round ---- */

/* Counts only at the first call, since counting takes a while. */
static int count_expected(struct manager *m, uint64_t items)
{
	uint64_t *values;

	if (m->expected_items == items)
		return 0;
	values = calloc(m->keys, sizeof(*values));
	if (!values)
		return -ENOMEM;
	memset(m->expected, 0, sizeof(m->expected));
	for (uint64_t item = 0; item < items; item++) {
		for (uint64_t i = 0; i < m->updates; i++)
			values[key_of(m, item, i)]++;
		m->expected[TOTAL_LIST] += book_summand(item, 1);
	}
	for (uint64_t key = 0; key < m->keys; key++)
		m->expected[TOTAL_DICTIONARY] += values[key] ? book_summand(key, values[key]) : 0;
	m->expected[TOTAL_VALUES] = items * m->updates;
	m->expected[TOTAL_LENGTH] = m->expected_items = items;
	free(values);
	return 0;
}

static int compare_server(const struct manager *m)
{
	int fd = connection(m), err = fd < 0 ? fd : 0;
	bool right = true;
	uint64_t value = 0;

	for (unsigned total = 0; total < TOTAL_COUNT && !err; total++) {
		err = manager_ask(fd, MANAGER_TOTAL, total, &value);
		right &= value == m->expected[total];
	}
	err = err ? err : manager_ask(fd, MANAGER_RESET, 0, &value);
	return err ? err : right ? 0 : -EBADMSG;
}

static int compare_memory(const struct manager *m)
{
	bool right = true;

	for (unsigned total = 0; total < TOTAL_COUNT; total++)
		right &= book_total(m->book, (enum total)total) == m->expected[total];
	book_reset(m->book);
	return right ? 0 : -EBADMSG;
}

static int manager_settle(void *data, uint64_t items, struct measure *measures, size_t max)
{
	struct manager *m = data;
	int err = count_expected(m, items);

	if (!err)
		err = m->via == VIA_SERVER ? compare_server(m) : compare_memory(m);
	if (err || max < 2)
		return err ? -EBADMSG : 0;
	measures[0] = (struct measure){ "updates", "1", (double)(items * m->updates) };
	measures[1] = (struct measure){ "contended", "1", (double)m->shared->waited };
	m->shared->waited = 0;
	return m->via == VIA_SERVER ? 1 : 2; /* without a lock there is no `waited` */
}

const struct workload workload_manager = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "manager",
	.summary = "a dictionary in a server process, or in memory: as multiprocessing.Manager",
	.item = "turn",
	.params = params,
	.open = manager_open,
	.work = manager_work,
	.settle = manager_settle,
	.close = manager_close,
};
