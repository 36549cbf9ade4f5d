/* Sends messages through a bounded queue in shared memory, after multiprocessing's Queue.
 *
 * An item works in batches. For each batch it draws a ticket: with an even ticket it puts a batch of messages,
 * with an odd one it takes as many. An item draws as many tickets as putting and taking its messages needs, so a
 * single worker does both in turn, and two workers are a producer and a consumer.
 *
 * This never deadlocks, with any number of workers and items in any order. Let p be the number of even tickets
 * drawn and c that of odd ones (p is c or c + 1), B the size of a batch, and the capacity at least B. Suppose
 * that all workers that hold a ticket wait.
 *  - If all of them want to put, the takers are done: c * B messages were taken and, since no putter is
 *    done, less than p * B were put. So less than B are in the queue: there is room.
 *  - If all of them want to take, the putters are done: p * B >= c * B messages were put and less than
 *    c * B taken. So there is a message.
 *  - If some want to put and some to take, the queue is not both full and empty.
 * A worker that fails breaks the ring, so that no other worker waits for it. */
#include "workloads/parts/locks.h"
#include "workloads/parts/random.h"
#include "workloads/parts/ring.h"
#include "workloads/parts/values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_MAX_BYTES 65536
#define RING_MAX_BYTES ((size_t)1 << 30)
#define MESSAGES_MAX ((uint64_t)1 << 28) /* in a round; 4 bytes are kept of each */
#define STAMPED_EVERY 61                 /* one message in so many has its latency measured; prime to most batches */

static const char *const kinds[] = { "lock", "lockfree", NULL };

/* A message's content depends on its number alone; numbers count from 0 in order of (batch, place in the batch). */
struct message {
	uint64_t number;
	uint64_t put_ns; /* when it was put; 0: not stamped */
	uint64_t words[SIZE_MAX_BYTES / sizeof(uint64_t)];
};

struct queue {
	enum ring_kind kind;
	uint64_t messages, batch, capacity, size;
	uint64_t total; /* messages of a round */
	struct ring *ring;
	_Atomic uint64_t *tickets;    /* how many were drawn in this round */
	_Atomic uint32_t *places;     /* of each message: 1 + its place in the order of taking; 0: not taken */
	_Atomic uint32_t *latency_ns; /* of each message that is stamped */
	void (*waits)(enum wait what);
	uint64_t (*now_ns)(void);
};

static const struct param params[] = {
	{ "messages", "5000", NULL, "1 to 10000000, a multiple of batch", "how many an item puts, and takes" },
	{ "size", "64", "bytes", "1 to 65536", "payload of a message" },
	{ "batch", "10", NULL, "1 to capacity", "how many are put or taken in a row" },
	{ "capacity", "256", NULL, "2 to 65536, rounded up to a power of two", "how many fit into the queue" },
	{ "kind", "lock", NULL, "lock|lockfree", "one lock and sleeping, or a ring by compare-and-swap and spinning" },
	{ 0 },
};

/* ---- Open ---- */

static int read_params(const struct workload_options *options, struct workload_state *state, struct queue *q)
{
	const char *const *values = options->values;
	unsigned kind;
	int err = value_whole(state, "messages", values[0], 1, 10000000, &q->messages);

	err = err ? err : value_whole(state, "size", values[1], 1, SIZE_MAX_BYTES, &q->size);
	err = err ? err : value_whole(state, "capacity", values[3], 2, 65536, &q->capacity);
	err = err ? err : value_whole(state, "batch", values[2], 1, q->capacity, &q->batch);
	err = err ? err : value_word(state, "kind", values[4], kinds, &kind);
	if (err)
		return err;
	if (q->messages % q->batch)
		return refuse(state, -EINVAL, "messages must be a multiple of batch, %" PRIu64 ", not '%s'", q->batch,
			      values[0]);
	while (q->capacity & (q->capacity - 1))
		q->capacity++;
	q->kind = (enum ring_kind)kind;
	return 0;
}

static int count_messages(const struct workload_options *options, struct workload_state *state, struct queue *q)
{
	state->items = options->items ? options->items : 128;
	if (state->items > MESSAGES_MAX / q->messages)
		return refuse(state, -EINVAL,
			      "messages of all items must be at most %" PRIu64 ", not '%" PRIu64 " x %s'", MESSAGES_MAX,
			      state->items, options->values[0]);
	q->total = state->items * q->messages;
	return 0;
}

static uint64_t stamped(const struct queue *q)
{
	return (q->total + STAMPED_EVERY - 1) / STAMPED_EVERY;
}

static int share(const struct workload_options *options, struct workload_state *state, struct queue *q)
{
	struct ring_shape shape = { q->kind, q->capacity, offsetof(struct message, words) + q->size };
	size_t size = ring_size(&shape);
	int err;

	if (size > RING_MAX_BYTES)
		return refuse(state, -EINVAL, "capacity x size must be at most 1 GiB, not '%s x %s'",
			      options->values[3], options->values[1]);
	q->ring = options->shared(options->context, size);
	q->tickets = q->ring ? options->shared(options->context, CACHE_LINES) : NULL;
	q->places = q->tickets ? options->shared(options->context, q->total * sizeof(*q->places)) : NULL;
	q->latency_ns = q->places ? options->shared(options->context, stamped(q) * sizeof(*q->latency_ns)) : NULL;
	if (!q->latency_ns)
		return refuse(state, -errno, "cannot share the queue: %s", strerror(errno));
	err = options->again ? 0 : ring_init(q->ring, &shape);
	return err ? refuse(state, err, "cannot make a lock: %s", strerror(-err)) : 0;
}

static int queue_open(const struct workload_options *options, struct workload_state *state)
{
	struct queue *q = calloc(1, sizeof(*q));
	int err;

	if (!q)
		return refuse(state, -ENOMEM, "no memory");
	q->waits = options->waits;
	q->now_ns = options->now_ns;
	err = read_params(options, state, q);
	err = err ? err : count_messages(options, state, q);
	err = err ? err : share(options, state, q);
	if (err) {
		free(q);
		return err;
	}
	state->data = q;
	state->output_max = sizeof(uint64_t);
	return 0;
}

/* ---- Work ---- */

static void fill(const struct queue *q, struct message *message)
{
	uint64_t word = random_mix(message->number);

	for (uint64_t i = 0; i < q->size; i += sizeof(word))
		message->words[i / sizeof(word)] = word++;
}

static bool is_unchanged(const struct queue *q, const struct message *message)
{
	uint64_t word = random_mix(message->number), differs = 0, whole = q->size / sizeof(word);

	for (uint64_t i = 0; i < whole; i++)
		differs |= message->words[i] ^ word++;
	return differs == 0 && memcmp(&message->words[whole], &word, q->size % sizeof(word)) == 0;
}

static int put_batch(const struct queue *q, uint64_t batch, struct message *message)
{
	int err = 0;

	for (uint64_t i = 0; i < q->batch && !err; i++) {
		message->number = batch * q->batch + i;
		fill(q, message);
		message->put_ns = message->number % STAMPED_EVERY == 0 ? q->now_ns() : 0;
		err = ring_put(q->ring, message, q->waits);
	}
	return err;
}

static void keep_latency(const struct queue *q, const struct message *message)
{
	uint64_t ns = q->now_ns() - message->put_ns;

	ns = ns < UINT32_MAX ? ns : UINT32_MAX;
	atomic_store_explicit(&q->latency_ns[message->number / STAMPED_EVERY], (uint32_t)ns, memory_order_relaxed);
}

static int take_batch(const struct queue *q, struct message *message)
{
	for (uint64_t i = 0; i < q->batch; i++) {
		uint64_t place;
		int err = ring_take(q->ring, message, &place, q->waits);

		if (err)
			return err;
		if (message->number >= q->total || !is_unchanged(q, message))
			return -EBADMSG;
		if (message->put_ns)
			keep_latency(q, message);
		atomic_store_explicit(&q->places[message->number], (uint32_t)place + 1, memory_order_relaxed);
	}
	return 0;
}

/* The output is how many messages the item moves, which is the same for each item; which messages is chance. */
static int queue_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct queue *q = data;
	uint64_t batches = 2 * (q->messages / q->batch), most = 2 * (q->total / q->batch);
	struct message message;
	int err = 0;

	(void)item, (void)in;
	for (uint64_t i = 0; i < batches && !err; i++) {
		uint64_t ticket = atomic_fetch_add(q->tickets, 1);

		if (ticket >= most) /* some item was done twice */
			err = -EBADMSG;
		else
			err = ticket % 2 ? take_batch(q, &message) : put_batch(q, ticket / 2, &message);
	}
	if (err)
		ring_break(q->ring);
	batches *= q->batch;
	memcpy(out->data, &batches, sizeof(batches));
	out->size = sizeof(batches);
	return err;
}

/* ---- After a round ---- */

/* Returns whether each message was taken at a place of its own, and the messages of a batch, which one worker has
 * put, in their order. (The queue hands out each place once and there are as many places as messages, so it is
 * enough that each message has one.) */
static bool all_arrived(const struct queue *q)
{
	bool right = atomic_load(q->tickets) == 2 * (q->total / q->batch) && ring_length(q->ring) == 0;

	for (uint64_t i = 0; i < q->total; i++) {
		uint32_t place = atomic_load_explicit(&q->places[i], memory_order_relaxed);
		uint32_t before = i % q->batch ? atomic_load_explicit(&q->places[i - 1], memory_order_relaxed) : 0;

		right &= place > before && place <= q->total;
	}
	return right;
}

static int by_size(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static int queue_settle(void *data, uint64_t items, struct measure *measures, size_t max)
{
	struct queue *q = data;
	uint32_t *latency_ns = (uint32_t *)q->latency_ns; /* no worker uses it now */
	uint64_t count = stamped(q);
	bool right = items * q->messages == q->total && all_arrived(q);

	qsort(latency_ns, count, sizeof(*latency_ns), by_size);
	if (right && max >= 3) {
		measures[0] = (struct measure){ "messages", "1", (double)q->total };
		measures[1] = (struct measure){ "latency_median_ns", "ns", latency_ns[count / 2] };
		measures[2] = (struct measure){ "latency_p99_ns", "ns", latency_ns[count * 99 / 100] };
	}
	ring_reset(q->ring);
	atomic_store(q->tickets, 0);
	memset(latency_ns, 0, count * sizeof(*latency_ns));
	memset((uint32_t *)q->places, 0, q->total * sizeof(*q->places));
	return !right ? -EBADMSG : max >= 3 ? 3 : 0;
}

const struct workload workload_queue = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "queue",
	.summary = "messages through a bounded queue in shared memory: as multiprocessing.Queue",
	.item = "turn",
	.params = params,
	.open = queue_open,
	.work = queue_work,
	.settle = queue_settle,
	.close = free,
};
