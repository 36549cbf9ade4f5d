#include "workloads/parts/ring.h"

#include "workloads/parts/locks.h"

#include <limits.h>
#include <string.h>

/* Something that workers sleep for. */
struct event {
	_Atomic uint32_t word; /* how often the event has come */
	uint32_t sleepers;     /* guarded by the lock */
};

struct ring {
	struct ring_shape shape;
	size_t stride; /* bytes of a slot */
	_Atomic bool broken;
	_Alignas(CACHE_LINES) _Atomic uint64_t put; /* number of messages since the ring was new */
	_Alignas(CACHE_LINES) _Atomic uint64_t taken;
	_Alignas(CACHE_LINES) struct lock lock;
	struct event message, room;
	_Alignas(CACHE_LINES) char slots[];
};

/* With RING_LOCKFREE the put with the number `turn` may fill the slot, and then, when `turn` has become one more,
 * the take with the number turn - 1 may empty it. */
struct slot {
	_Atomic uint64_t turn;
	char message[];
};

static size_t stride_of(const struct ring_shape *shape)
{
	return (sizeof(struct slot) + shape->size + 63) / 64 * 64;
}

static struct slot *slot_at(struct ring *r, uint64_t place)
{
	return (struct slot *)(r->slots + (place & (r->shape.capacity - 1)) * r->stride);
}

size_t ring_size(const struct ring_shape *shape)
{
	return sizeof(struct ring) + shape->capacity * stride_of(shape);
}

void ring_reset(struct ring *r)
{
	atomic_store(&r->broken, false);
	atomic_store(&r->put, 0);
	atomic_store(&r->taken, 0);
	for (uint64_t i = 0; i < r->shape.capacity; i++)
		atomic_store(&slot_at(r, i)->turn, i);
}

int ring_init(struct ring *r, const struct ring_shape *shape)
{
	r->shape = *shape;
	r->stride = stride_of(shape);
	ring_reset(r);
	return lock_init(&r->lock, LOCK_MUTEX);
}

uint64_t ring_length(const struct ring *r)
{
	return atomic_load(&r->put) - atomic_load(&r->taken);
}

void ring_break(struct ring *r)
{
	struct event *events[] = { &r->message, &r->room };

	atomic_store(&r->broken, true); /* before the words change, as sleep_for() needs it */
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		atomic_fetch_add(&events[i]->word, 1);
		word_wake(&events[i]->word, INT_MAX);
	}
}

/* ---- RING_LOCK ---- */

/* Drops the lock, sleeps until the event has come, and takes the lock again; after an error it does not have it. */
static int sleep_for(struct ring *r, struct event *event, void (*waits)(enum wait))
{
	uint32_t seen = atomic_load(&event->word); /* it changes only under the lock, or when the ring breaks */
	int got;

	if (atomic_load(&r->broken)) {
		lock_drop(&r->lock, LOCK_MUTEX);
		return -ECANCELED;
	}
	event->sleepers++;
	lock_drop(&r->lock, LOCK_MUTEX);
	waits(WAIT_WORK);
	word_sleep(&event->word, seen);
	waits(WAIT_OVER);
	got = lock_take(&r->lock, LOCK_MUTEX, waits);
	if (got < 0)
		return got;
	event->sleepers--;
	return 0;
}

/* Drops the lock and wakes one worker that sleeps for the event; one is enough, since each event serves only one. */
static void drop_and_wake(struct ring *r, struct event *event)
{
	bool wake = event->sleepers > 0;

	atomic_fetch_add(&event->word, 1);
	lock_drop(&r->lock, LOCK_MUTEX);
	if (wake)
		word_wake(&event->word, 1);
}

static int put_locked(struct ring *r, const void *message, void (*waits)(enum wait))
{
	int got = lock_take(&r->lock, LOCK_MUTEX, waits);
	uint64_t put;

	while (got >= 0 && ring_length(r) == r->shape.capacity)
		got = sleep_for(r, &r->room, waits);
	if (got < 0)
		return got;
	put = atomic_load_explicit(&r->put, memory_order_relaxed);
	memcpy(slot_at(r, put)->message, message, r->shape.size);
	atomic_store_explicit(&r->put, put + 1, memory_order_relaxed);
	drop_and_wake(r, &r->message);
	return 0;
}

static int take_locked(struct ring *r, void *message, uint64_t *place, void (*waits)(enum wait))
{
	int got = lock_take(&r->lock, LOCK_MUTEX, waits);

	while (got >= 0 && ring_length(r) == 0)
		got = sleep_for(r, &r->message, waits);
	if (got < 0)
		return got;
	*place = atomic_load_explicit(&r->taken, memory_order_relaxed);
	memcpy(message, slot_at(r, *place)->message, r->shape.size);
	atomic_store_explicit(&r->taken, *place + 1, memory_order_relaxed);
	drop_and_wake(r, &r->room);
	return 0;
}

/* ---- RING_LOCKFREE ---- */

/* Claims the next place of `counter` if the turn of its slot is place + `ahead`. Returns false if that turn is yet
 * to come. */
static bool claim(struct ring *r, _Atomic uint64_t *counter, uint64_t ahead, uint64_t *place)
{
	*place = atomic_load_explicit(counter, memory_order_relaxed);
	for (;;) {
		uint64_t turn = atomic_load_explicit(&slot_at(r, *place)->turn, memory_order_acquire);
		int64_t late = (int64_t)(turn - (*place + ahead));

		if (late < 0)
			return false;
		if (late > 0) /* another worker was faster */
			*place = atomic_load_explicit(counter, memory_order_relaxed);
		else if (atomic_compare_exchange_weak_explicit(counter, place, *place + 1, memory_order_relaxed,
							       memory_order_relaxed))
			return true;
	}
}

static int claim_or_wait(struct ring *r, _Atomic uint64_t *counter, uint64_t ahead, uint64_t *place,
			 void (*waits)(enum wait))
{
	int err = 0;

	if (claim(r, counter, ahead, place))
		return 0;
	waits(WAIT_WORK);
	for (unsigned i = 1; !err && !claim(r, counter, ahead, place); i++) {
		if (atomic_load_explicit(&r->broken, memory_order_relaxed))
			err = -ECANCELED;
		else
			spin_turn(i);
	}
	waits(WAIT_OVER);
	return err;
}

static int put_free(struct ring *r, const void *message, void (*waits)(enum wait))
{
	uint64_t place;
	int err = claim_or_wait(r, &r->put, 0, &place, waits);

	if (err)
		return err;
	memcpy(slot_at(r, place)->message, message, r->shape.size);
	atomic_store_explicit(&slot_at(r, place)->turn, place + 1, memory_order_release);
	return 0;
}

static int take_free(struct ring *r, void *message, uint64_t *place, void (*waits)(enum wait))
{
	int err = claim_or_wait(r, &r->taken, 1, place, waits);

	if (err)
		return err;
	memcpy(message, slot_at(r, *place)->message, r->shape.size);
	atomic_store_explicit(&slot_at(r, *place)->turn, *place + r->shape.capacity, memory_order_release);
	return 0;
}

int ring_put(struct ring *r, const void *message, void (*waits)(enum wait))
{
	return r->shape.kind == RING_LOCK ? put_locked(r, message, waits) : put_free(r, message, waits);
}

int ring_take(struct ring *r, void *message, uint64_t *place, void (*waits)(enum wait))
{
	return r->shape.kind == RING_LOCK ? take_locked(r, message, place, waits)
					  : take_free(r, message, place, waits);
}
