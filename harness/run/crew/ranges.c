#include "run/crew/ranges.h"

static uint64_t pack(uint64_t begin, uint64_t end)
{
	return begin << 32 | end;
}

void ranges_init(struct ranges *r, enum schedule_kind schedule, uint64_t items, uint64_t chunk, uint32_t workers)
{
	uint64_t share = (items + workers - 1) / workers;

	r->items = items;
	r->chunk = schedule == SCHEDULE_STEAL && chunk > share ? share : chunk; /* no chunk exceeds a share */
	r->workers = workers;
	r->schedule = schedule;
}

void ranges_reset(struct ranges *r)
{
	atomic_store(&r->next, 0);
	for (uint32_t w = 0; w < r->workers; w++) {
		uint64_t begin = r->items * w / r->workers, end = r->items * (w + 1) / r->workers;

		atomic_store(&r->own[w].packed, r->schedule == SCHEDULE_STEAL ? pack(begin, end) : 0);
	}
}

/* Blocks of `chunk`, dealt round-robin: worker w has the blocks w, w + P, w + 2P, ... */
bool ranges_take_static(struct ranges *r, unsigned worker, struct range *out)
{
	uint64_t taken = atomic_load_explicit(&r->own[worker].packed, memory_order_relaxed);
	uint64_t first = (taken * r->workers + worker) * r->chunk;

	if (first >= r->items)
		return false;
	atomic_store_explicit(&r->own[worker].packed, taken + 1, memory_order_relaxed); /* only its owner writes it */
	out->first = first;
	out->end = first + r->chunk < r->items ? first + r->chunk : r->items;
	return true;
}

/* Takes a P-th of the items that are left, where P is the number of workers, but at least `chunk`. */
bool ranges_take_guided(struct ranges *r, struct range *out)
{
	uint64_t first = atomic_load_explicit(&r->next, memory_order_relaxed), size;

	do {
		if (first >= r->items)
			return false;
		size = (r->items - first + r->workers - 1) / r->workers;
		size = size > r->chunk ? size : r->chunk;
		size = size < r->items - first ? size : r->items - first;
	} while (!atomic_compare_exchange_weak_explicit(&r->next, &first, first + size, memory_order_relaxed,
							memory_order_relaxed));
	out->first = first;
	out->end = first + size;
	return true;
}

/* Takes the upper half of `victim`'s range, rounded up. A range that a thief has seen cannot come back with the same
 * begin, since that item has been executed meanwhile. So the exchange needs no version number. */
static bool steal_from(struct ranges *r, unsigned victim, struct range *out)
{
	uint64_t old = atomic_load_explicit(&r->own[victim].packed, memory_order_relaxed);

	for (;;) {
		uint64_t begin = old >> 32, end = (uint32_t)old, middle = begin + (end - begin) / 2;

		if (begin >= end)
			return false;
		if (atomic_compare_exchange_weak_explicit(&r->own[victim].packed, &old, pack(begin, middle),
							  memory_order_relaxed, memory_order_relaxed)) {
			out->first = middle;
			out->end = end;
			return true;
		}
	}
}

bool ranges_steal(struct ranges *r, unsigned worker, struct range *out)
{
	for (uint32_t i = 1; i < r->workers; i++) {
		unsigned victim = (worker + i) % r->workers;
		uint64_t end;

		if (!steal_from(r, victim, out))
			continue;
		/* the thief keeps the first bite and leaves the rest where others can steal it */
		end = out->end;
		out->end = out->first + ranges_bite(r, end - out->first);
		atomic_store_explicit(&r->own[worker].packed, pack(out->end, end), memory_order_relaxed);
		return true;
	}
	return false;
}
