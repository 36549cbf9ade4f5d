#include "run/transports/rings.h"

#include "base/futex.h"
#include "run/transports/shared.h"

#include <errno.h>
#include <string.h>

#define RING_MAX (1u << 20)  /* bytes; sizes of rings are powers of two */
#define RING_MIN (1u << 16)
#define RINGS_MAX (1u << 25) /* bytes of all rings together, as long as rings have RING_MIN */
#define TELL_AT 8            /* an eighth of a ring is read before the other end is told */

static size_t whole_pages(size_t size)
{
	return (size + 4095) & ~(size_t)4095;
}

struct rings *rings_open(unsigned workers, size_t more)
{
	size_t ring = RING_MAX, head = sizeof(struct rings) + workers * sizeof(struct ring_channel);
	struct rings *r;

	while (ring > RING_MIN && 2 * ring * workers > RINGS_MAX)
		ring /= 2;
	r = shared_memory(whole_pages(head) + 2 * ring * workers + more);
	if (!r)
		return NULL;
	r->workers = workers;
	r->size = ring;
	r->data = (char *)r + whole_pages(head);
	r->more = r->data + 2 * ring * workers;
	for (unsigned w = 0; w < workers; w++)
		r->channel[w].end[END_PARENT].room_until = r->channel[w].end[END_WORKER].room_until = ring;
	return r;
}

void rings_close(struct rings *r)
{
	shared_release(r);
}

static struct ring_end *end_of(const struct rings *r, unsigned w, enum transport_end end)
{
	return (struct ring_end *)&r->channel[w].end[end];
}

/* The ring that is written at `end`. */
static char *ring_from(const struct rings *r, unsigned w, enum transport_end end)
{
	return r->data + r->size * (2 * (size_t)w + (end == END_WORKER));
}

static memory_order order_of(const struct bell *bell)
{
	return bell->ordered ? memory_order_seq_cst : memory_order_release;
}

/* Wakes the sleeper at `end` if it wants to be woken for `least`. */
static void ring_bell(struct rings *r, unsigned w, enum transport_end end, enum sleeper least, const struct bell *bell)
{
	_Atomic uint32_t *sleeper = rings_sleeper(r, w, end);

	if (atomic_load(sleeper) >= (uint32_t)least && atomic_exchange(sleeper, AWAKE) != AWAKE)
		bell->wake(r, w, end);
}

/* Updates `read`, if something was read. It lies in the cache line that a message moves anyway. */
static bool set_read(struct ring_end *me, memory_order order)
{
	if (atomic_load_explicit(&me->read, memory_order_relaxed) == me->taken)
		return false;
	atomic_store_explicit(&me->read, me->taken, order);
	return true;
}

void rings_tell_read(struct rings *r, unsigned w, enum transport_end end, const struct bell *bell)
{
	if (set_read(end_of(r, w, end), order_of(bell)))
		ring_bell(r, w, rings_other(end), FOR_ROOM, bell);
}

/* Puts one slice, or as much of it as fits, into the ring. Returns the number of bytes. */
static inline size_t put(struct rings *r, unsigned w, enum transport_end end, const char *data, size_t size,
			 memory_order order)
{
	struct ring_end *me = end_of(r, w, end), *peer = end_of(r, w, rings_other(end));
	uint64_t at = atomic_load_explicit(&me->written, memory_order_relaxed);
	size_t offset = at & (r->size - 1), first;

	if (me->room_until - at < size || size <= RINGS_SMALL)
		me->room_until = atomic_load_explicit(&peer->read, memory_order_acquire) + r->size;
	size = size < me->room_until - at ? size : me->room_until - at;
	if (size == 0)
		return 0;
	if (size <= RINGS_SMALL && me->room_until - at == r->size) {
		me->small_at = at;
		me->small_size = (uint16_t)size;
		memcpy(me->small, data, size);
	} else {
		if (me->small_at >= at) /* a process has left it that was killed before it updated `written` */
			me->small_size = 0;
		first = size < r->size - offset ? size : r->size - offset;
		memcpy(ring_from(r, w, end) + offset, data, first);
		memcpy(ring_from(r, w, end), data + first, size - first);
	}
	set_read(me, memory_order_release);
	atomic_store_explicit(&me->written, at + size, order);
	return size;
}

ssize_t rings_send(struct rings *r, unsigned w, enum transport_end end, const void *data, size_t size,
		   const struct bell *bell)
{
	size_t sent = 0, n;

	do {
		size_t slice = size - sent < RINGS_SLICE ? size - sent : RINGS_SLICE;

		n = put(r, w, end, (const char *)data + sent, slice, order_of(bell));
		if (n)
			ring_bell(r, w, rings_other(end), FOR_DATA, bell);
		sent += n;
	} while (n && sent < size);
	end_of(r, w, end)->blocked = sent ? BLOCKED_NOT : BLOCKED_BY_RING;
	return (ssize_t)sent;
}

/* Returns how many bytes may be taken now, up to an offer if there is one; or -EPROTO. */
static ssize_t bytes_there(const struct rings *r, const struct ring_end *me, const struct ring_end *peer)
{
	uint64_t there = atomic_load_explicit(&peer->written, memory_order_acquire) - me->taken;

	if (there == 0)
		return 0;
	if (there > r->size)
		return -EPROTO; /* a process has overwritten the numbers of the ring */
	if (atomic_load_explicit(&peer->offered, memory_order_acquire) !=
	    atomic_load_explicit(&me->accepted, memory_order_relaxed))
		there = peer->offer.at - me->taken < there ? peer->offer.at - me->taken : there;
	return (ssize_t)there;
}

/* Takes one slice, or as much of it as is there. Returns the number of bytes, or -EPROTO. */
static inline ssize_t get(struct rings *r, unsigned w, enum transport_end end, char *data, size_t size)
{
	struct ring_end *me = end_of(r, w, end), *peer = end_of(r, w, rings_other(end));
	ssize_t there = bytes_there(r, me, peer);
	const char *ring = ring_from(r, w, rings_other(end));
	uint64_t into_small = me->taken - peer->small_at;
	size_t offset = me->taken & (r->size - 1), first;

	if (there <= 0)
		return there;
	if (into_small < peer->small_size) {
		size = size < peer->small_size - into_small ? size : peer->small_size - into_small;
		memcpy(data, peer->small + into_small, size);
	} else {
		size = size < (size_t)there ? size : (size_t)there;
		first = size < r->size - offset ? size : r->size - offset;
		memcpy(data, ring + offset, first);
		memcpy(data + first, ring, size - first);
	}
	me->taken += size;
	return (ssize_t)size;
}

ssize_t rings_receive(struct rings *r, unsigned w, enum transport_end end, void *data, size_t size,
		      const struct bell *bell)
{
	struct ring_end *me = end_of(r, w, end);
	size_t received = 0;
	ssize_t n;

	do {
		size_t slice = size - received < RINGS_SLICE ? size - received : RINGS_SLICE;

		n = get(r, w, end, (char *)data + received, slice);
		if (n < 0)
			return n;
		received += (size_t)n;
		if (n == 0 || me->taken - atomic_load_explicit(&me->read, memory_order_relaxed) >= r->size / TELL_AT)
			rings_tell_read(r, w, end, bell);
	} while (n && received < size);
	return (ssize_t)received;
}

void rings_make_offer(struct rings *r, unsigned w, enum transport_end end, const struct bell *bell)
{
	struct ring_end *me = end_of(r, w, end);

	me->offer.at = atomic_load_explicit(&me->written, memory_order_relaxed);
	set_read(me, memory_order_release);
	atomic_fetch_add(&me->offered, 1);
	ring_bell(r, w, rings_other(end), FOR_DATA, bell);
}

struct offer *rings_next_offer(struct rings *r, unsigned w, enum transport_end end)
{
	struct ring_end *me = end_of(r, w, end), *peer = end_of(r, w, rings_other(end));

	if (atomic_load_explicit(&peer->offered, memory_order_acquire) ==
	    atomic_load_explicit(&me->accepted, memory_order_relaxed))
		return NULL;
	return me->taken == peer->offer.at ? &peer->offer : NULL;
}

void rings_accept_offer(struct rings *r, unsigned w, enum transport_end end, const struct bell *bell)
{
	struct ring_end *me = end_of(r, w, end);

	me->offer_taken = 0; /* first, or a successor would begin in the middle of the next offer */
	atomic_store(&me->accepted, atomic_load(&end_of(r, w, rings_other(end))->offered));
	ring_bell(r, w, rings_other(end), FOR_ROOM, bell);
}

bool rings_hold(const struct rings *r, unsigned w, enum transport_end end)
{
	const struct ring_end *me = end_of(r, w, end), *peer = end_of(r, w, rings_other(end));

	return atomic_load(&peer->written) != me->taken || atomic_load(&peer->offered) != atomic_load(&me->accepted);
}

bool rings_have_room(const struct rings *r, unsigned w, enum transport_end end)
{
	const struct ring_end *me = end_of(r, w, end), *peer = end_of(r, w, rings_other(end));

	if (me->blocked == BLOCKED_BY_OFFER)
		return atomic_load(&peer->accepted) == atomic_load(&me->offered);
	return atomic_load(&me->written) - atomic_load(&peer->read) < r->size;
}

struct readiness rings_look(const struct rings *r, unsigned w, enum transport_end end, const bool *to_send)
{
	struct readiness found = { false, false };

	if (end == END_WORKER) {
		found.data = rings_hold(r, w, end);
		found.room = end_of(r, w, end)->blocked && rings_have_room(r, w, end);
		return found;
	}
	for (unsigned i = 0; i < r->workers; i++) {
		found.data |= rings_hold(r, i, end);
		found.room |= to_send && to_send[i] && rings_have_room(r, i, end);
	}
	return found;
}

/* What this end must be woken for. */
static enum sleeper sleeps_for(const struct rings *r, unsigned w, enum transport_end end, const bool *to_send)
{
	bool room = end == END_WORKER && end_of(r, w, end)->blocked;

	for (unsigned i = 0; end == END_PARENT && to_send && i < r->workers && !room; i++)
		room = to_send[i];
	return room ? FOR_ROOM : FOR_DATA;
}

bool rings_wait(struct rings *r, unsigned w, enum transport_end end, const bool *to_send, int timeout_ms,
		const struct bell *bell)
{
	unsigned first = end == END_PARENT ? 0 : w, count = end == END_PARENT ? r->workers : 1;
	_Atomic uint32_t *sleeper = rings_sleeper(r, w, end);
	struct readiness found;

	for (unsigned i = first; i < first + count; i++)
		rings_tell_read(r, i, end, bell);
	found = timeout_ms && bell->spin ? bell->spin(r, w, end, to_send) : rings_look(r, w, end, to_send);
	if (timeout_ms && !found.data && !found.room) {
		enum sleeper level = sleeps_for(r, w, end, to_send);

		atomic_store(sleeper, level); /* set before it looks again, so that a change after that look wakes it */
		found = rings_look(r, w, end, to_send);
		if (!found.data && !found.room)
			bell->sleep(r, w, end, level, timeout_ms);
		atomic_store(sleeper, AWAKE);
		found = rings_look(r, w, end, to_send);
	}
	if (end == END_WORKER)
		end_of(r, w, end)->blocked = BLOCKED_NOT; /* if a dead worker has left it, one wait returns early */
	return found.data;
}

static void wake_futex(struct rings *r, unsigned w, enum transport_end end)
{
	futex_wake(rings_sleeper(r, w, end), 1);
}

static void sleep_futex(struct rings *r, unsigned w, enum transport_end end, uint32_t sleeper, int timeout_ms)
{
	futex_wait(rings_sleeper(r, w, end), sleeper, timeout_ms);
}

const struct bell rings_futex_bell = { .wake = wake_futex, .sleep = sleep_futex, .ordered = true };
