/* How items are dealt out: the schedules, over shared memory.
 *
 * One `struct ranges` lies in the arena of a cell. Any number of workers take from it at the same time, threads or
 * processes; or the parent takes for them where ranges travel as messages. Every item is taken exactly once. `static`,
 * `dynamic` and `guided` are those of OpenMP (4.5, section 2.7.1); `steal` gives each worker a range of its own; a
 * worker that has none left takes half of another's. */
#ifndef BENCH_RUN_CREW_RANGES_H
#define BENCH_RUN_CREW_RANGES_H

#include "model/schedule.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define ITEMS_MAX                                                                                                      \
	2000000000u /* begin and end of a range must fit 32 bits each, also a begin that is half a share too large */

struct range {
	uint64_t first, end; /* items, end excluded */
};

/* A worker's own range, in a cache line of its own. With `steal`, the begin is in the upper half of the word and the
 * end in the lower half; with `static` it is how many blocks the worker has taken. */
struct own_range {
	_Alignas(128) _Atomic uint64_t packed;
};

struct ranges {
	_Alignas(128) uint64_t items, chunk;
	uint32_t workers;
	enum schedule_kind schedule;
	_Alignas(128) _Atomic uint64_t next; /* dynamic, guided: the first item not taken yet */
	struct own_range own[];              /* one a worker */
};

/* Sets how the items are dealt out. The memory at `r` has room for `workers` elements of `own`. Called by the parent
 * once. */
void ranges_init(struct ranges *r, enum schedule_kind schedule, uint64_t items, uint64_t chunk, uint32_t workers);

/* Makes all items available again. Called by the parent before a round. */
void ranges_reset(struct ranges *r);

/* The parts of ranges_take() for schedules that need more than one instruction. */
bool ranges_take_static(struct ranges *r, unsigned worker, struct range *out);
bool ranges_take_guided(struct ranges *r, struct range *out);
bool ranges_steal(struct ranges *r, unsigned worker, struct range *out);

static inline bool ranges_take_dynamic(struct ranges *r, struct range *out)
{
	uint64_t first = atomic_fetch_add_explicit(&r->next, r->chunk, memory_order_relaxed);

	if (first >= r->items)
		return false;
	out->first = first;
	out->end = first + r->chunk < r->items ? first + r->chunk : r->items;
	return true;
}

/* How many items a worker takes out of its own range when `left` are in it: a chunk, but at most half, so that towards
 * the end others can still steal while it executes them. So a large chunk does not spoil the balance, and costs only a
 * few more takes. */
static inline uint64_t ranges_bite(const struct ranges *r, uint64_t left)
{
	uint64_t half = left / 2 + left % 2;

	return half < r->chunk ? half : r->chunk;
}

/* Only the owner moves the begin of a range, so it is known before the exchange; a thief may lower the end
 * meanwhile. */
static inline bool ranges_take_own(struct ranges *r, unsigned worker, struct range *out)
{
	uint64_t seen = atomic_load_explicit(&r->own[worker].packed, memory_order_relaxed);
	uint64_t begin = seen >> 32, end = (uint32_t)seen, size;

	if (begin >= end)
		return ranges_steal(r, worker, out);
	size = ranges_bite(r, end - begin);
	end = (uint32_t)atomic_fetch_add_explicit(&r->own[worker].packed, size << 32, memory_order_relaxed);
	if (begin >= end)
		return ranges_steal(r, worker, out);
	out->first = begin;
	out->end = begin + size < end ? begin + size : end;
	return true;
}

/* Takes the next range for `worker`. Returns false when nothing is left for it. */
static inline bool ranges_take(struct ranges *r, unsigned worker, struct range *out)
{
	switch (r->schedule) {
	case SCHEDULE_DYNAMIC:
		return ranges_take_dynamic(r, out);
	case SCHEDULE_STEAL:
		return ranges_take_own(r, worker, out);
	case SCHEDULE_GUIDED:
		return ranges_take_guided(r, out);
	case SCHEDULE_STATIC:
		return ranges_take_static(r, worker, out);
	}
	return false;
}

#endif
