/* Two rings in shared memory for each worker, a futex when idle. One copy in, one copy out.
 *
 * Each ring has one writer and one reader. Whoever changes a ring looks whether the other side sleeps,
 * and wakes it: the bell counts changes, so a change between looking and sleeping is not missed. */
#include "plan/transport.h"
#include "run/futex.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define RING_MAX (1u << 20)   /* bytes; a power of two, as all sizes of rings */
#define RING_MIN (1u << 16)
#define RINGS_MAX (1u << 27)  /* bytes of all rings together, if RING_MIN allows */

enum sleeper { AWAKE, FOR_DATA, FOR_ROOM };

struct bell {
	_Alignas(128) _Atomic uint32_t rung; /* futex */
	_Atomic uint32_t sleeper;            /* enum sleeper of the side that this bell wakes */
};

struct ring {
	_Alignas(128) _Atomic uint64_t written; /* bytes since the beginning; only the writer adds */
	_Alignas(128) _Atomic uint64_t read;    /* only the reader adds */
};

struct channel {
	struct ring down, up;
	struct bell bell; /* the worker's */
	uint32_t heard;   /* bell.rung as the worker last saw it */
};

struct shm {
	struct bell bell; /* the parent's */
	uint32_t heard;
	unsigned workers;
	size_t ring_size, map_size;
	char *data; /* down and up ring of worker 0, 1, ... */
	struct channel channel[];
};

static void *shm_open_rings(unsigned workers)
{
	size_t ring = RING_MAX, head = (sizeof(struct shm) + workers * sizeof(struct channel) + 4095) & ~(size_t)4095;
	struct shm *s;
	size_t size;

	while (ring > RING_MIN && 2 * ring * workers > RINGS_MAX)
		ring /= 2;
	size = head + 2 * ring * workers;
	s = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (s == MAP_FAILED)
		return NULL;
	s->workers = workers;
	s->ring_size = ring;
	s->map_size = size;
	s->data = (char *)s + head;
	return s;
}

static struct ring *ring_towards(struct shm *s, unsigned w, enum transport_end end)
{
	return end == END_WORKER ? &s->channel[w].down : &s->channel[w].up;
}

static char *ring_data(struct shm *s, unsigned w, enum transport_end end)
{
	return s->data + s->ring_size * (2 * (size_t)w + (end == END_PARENT));
}

static enum transport_end other(enum transport_end end)
{
	return end == END_PARENT ? END_WORKER : END_PARENT;
}

static struct bell *bell_of(struct shm *s, unsigned w, enum transport_end end)
{
	return end == END_PARENT ? &s->bell : &s->channel[w].bell;
}

/* Tells the side at `end` of a change: new data, or new room for its own. */
static void ring_bell(struct bell *bell, enum sleeper least)
{
	atomic_fetch_add(&bell->rung, 1);
	if (atomic_load(&bell->sleeper) >= (uint32_t)least)
		futex_wake(&bell->rung, 1);
}

static ssize_t shm_send(void *state, unsigned w, enum transport_end end, const void *data, size_t size)
{
	struct shm *s = state;
	struct ring *r = ring_towards(s, w, other(end));
	char *ring = ring_data(s, w, other(end));
	uint64_t at = atomic_load_explicit(&r->written, memory_order_relaxed);
	size_t room = s->ring_size - (size_t)(at - atomic_load_explicit(&r->read, memory_order_acquire));
	size_t offset = at & (s->ring_size - 1), first;

	size = size < room ? size : room;
	if (size == 0)
		return 0;
	first = size < s->ring_size - offset ? size : s->ring_size - offset;
	memcpy(ring + offset, data, first);
	memcpy(ring, (const char *)data + first, size - first);
	atomic_store_explicit(&r->written, at + size, memory_order_release);
	ring_bell(bell_of(s, w, other(end)), FOR_DATA);
	return (ssize_t)size;
}

static ssize_t shm_receive(void *state, unsigned w, enum transport_end end, void *data, size_t size)
{
	struct shm *s = state;
	struct ring *r = ring_towards(s, w, end);
	const char *ring = ring_data(s, w, end);
	uint64_t at = atomic_load_explicit(&r->read, memory_order_relaxed);
	size_t there = (size_t)(atomic_load_explicit(&r->written, memory_order_acquire) - at);
	size_t offset = at & (s->ring_size - 1), first;

	size = size < there ? size : there;
	if (size == 0)
		return 0;
	if (there > s->ring_size)
		return -EPROTO; /* someone wrote over the ring's head */
	first = size < s->ring_size - offset ? size : s->ring_size - offset;
	memcpy(data, ring + offset, first);
	memcpy((char *)data + first, ring, size - first);
	atomic_store_explicit(&r->read, at + size, memory_order_release);
	ring_bell(bell_of(s, w, other(end)), FOR_ROOM);
	return (ssize_t)size;
}

static bool holds(const struct ring *r)
{
	return atomic_load(&r->written) != atomic_load(&r->read);
}

static bool shm_wait(void *state, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms)
{
	struct shm *s = state;
	struct bell *bell = bell_of(s, w, end);
	uint32_t *heard = end == END_PARENT ? &s->heard : &s->channel[w].heard;
	enum sleeper sleeper = end == END_WORKER ? FOR_ROOM : FOR_DATA;

	for (unsigned i = 0; end == END_PARENT && to_send && i < s->workers; i++)
		if (to_send[i])
			sleeper = FOR_ROOM;
	atomic_store(&bell->sleeper, sleeper);
	if (timeout_ms && atomic_load(&bell->rung) == *heard)
		futex_wait(&bell->rung, *heard, timeout_ms);
	atomic_store(&bell->sleeper, AWAKE);
	*heard = atomic_load(&bell->rung);
	return end == END_WORKER && holds(&s->channel[w].down);
}

static void shm_close(void *state)
{
	struct shm *s = state;

	if (s)
		munmap(s, s->map_size);
}

const struct transport transport_shm = {
	.name = "shm",
	.summary = "rings in shared memory, a futex when idle",
	.copies = 2,
	.shared_ranges = true,
	.open = shm_open_rings,
	.send = shm_send,
	.receive = shm_receive,
	.wait = shm_wait,
	.close = shm_close,
};
