/* The arena: the shared memory of one invocation.
 *
 * A memfd that the supervisor makes and the cell process lays out, so that after any death the
 * supervisor can still read who was at which item. Workers (threads or forked processes) wait at its
 * start gate, take ranges from it and write what they measure into their own slot. It has no name in
 * any file system: when the last process ends, it is gone.
 *
 *   header | slots | ranges | submissions | items of ranges | costs of ranges | marks of items | digests of items |
 *   numbers of items
 */
#ifndef BENCH_RUN_CREW_ARENA_H
#define BENCH_RUN_CREW_ARENA_H

#include "base/proc.h"
#include "model/sample.h"
#include "run/crew/account.h"
#include "run/crew/ranges.h"
#include "run/crew/submissions.h"

#include <stddef.h>

#define ARENA_MAGIC 0x62656e6368303031u
#define ITEM_NONE UINT64_MAX

enum gate_command { GATE_ROUND, GATE_EXIT };

/* What one worker writes. The parent clears it before a round; while the round runs only the worker writes. It adds to
 * the numbers that are there, since several workers may follow each other in one slot (--per item). */
struct slot {
	_Alignas(128) _Atomic uint64_t item; /* the item that it is at; ITEM_NONE: it is between items */
	_Atomic int32_t pid, tid;
	_Atomic uint32_t
		ended;       /* number of the last round that it has ended; by then it has written all members below */
	_Atomic bool leaves; /* it has executed as many items as it may, and exits */
	_Atomic int32_t error; /* errno of the item that failed; 0: none has */
	uint64_t error_item;
	uint64_t items;
	uint64_t digest;
	uint64_t sent_items, sent_digest; /* number and digest of the results that it has sent to the parent */
	uint64_t bytes_moved;
	uint64_t cpu_ns; /* CPU time from its first statement of the round to its last */
	uint64_t body_cpu_ns, body_run_queue_ns;
	uint64_t body_stolen_ns;   /* in bodies that did not sleep: time in which it neither ran nor was runnable */
	uint64_t initializer_ns;   /* sum over the workers that have begun in this slot since the last round */
	struct range left;         /* items that a worker which has left had taken, but not executed */
	struct peak_memory memory; /* read in the warm-up round; private: of the worker that had most */
	struct account account;
	struct cpus bound_to;
	double counters[COUNTERS_MAX];
};

struct arena {
	uint64_t magic;
	uint64_t size;
	uint32_t workers;
	uint64_t items;
	size_t slots_offset, ranges_offset, submissions_offset, range_items_offset, costs_offset, marks_offset,
		digests_offset, picked_offset; /* bytes */

	/* About the round; the parent sets it before it opens the gate. */
	_Alignas(128) uint64_t start_ns;
	uint32_t round; /* counts from 1 */
	bool warmup, probed;
	uint64_t stamp_every; /* 1: every item carries its own stamps; else one in so many does, at random */
	uint64_t cpu_every;   /* one in so many of the stamped items reads the CPU clock */
	uint64_t clock_cost_ns;
	uint64_t digest_first;    /* first of the items whose digests are kept one by one */
	uint32_t digest_count;    /* how many items; 0: none */
	_Atomic bool abort;       /* an item has failed: workers take no more */
	_Atomic int32_t last_tid; /* the thread that crashed or called exit(); 0: none */

	_Alignas(128) _Atomic uint32_t gate; /* futex: number of the round that may run */
	enum gate_command command;
	_Alignas(128) _Atomic uint32_t done; /* futex: how many workers have ended this round */
};

struct arena_layout {
	uint32_t workers;
	uint64_t items, chunk;
	enum schedule_kind schedule;
	const uint64_t *picked; /* as in struct cell; copied */
	uint32_t digest_count;
	bool submits; /* the parent hands out ranges through struct submissions */
};

/* Returns a fresh memfd, close-on-exec, or -errno. Called by the supervisor. */
int arena_create(void);

/* Lays the arena out in `fd`, maps it and touches all of it, so that rounds have no first faults. NULL with errno set
 * on failure. Called by the cell process. */
struct arena *arena_map(int fd, const struct arena_layout *layout);

/* Maps, read-only, the arena that a cell process has laid out; NULL if it has not come so far. Called by the
 * supervisor. */
const struct arena *arena_open(int fd);
void arena_unmap(const struct arena *arena);

static inline struct slot *arena_slot(const struct arena *a, unsigned worker)
{
	return (struct slot *)((char *)a + a->slots_offset) + worker;
}

static inline struct ranges *arena_ranges(const struct arena *a)
{
	return (struct ranges *)((char *)a + a->ranges_offset);
}

/* NULL: the arena has no submissions. */
static inline struct submissions *arena_submissions(const struct arena *a)
{
	return a->submissions_offset ? (struct submissions *)((char *)a + a->submissions_offset) : NULL;
}

/* How many stamped items `worker` has executed in each of the COST_RANGES ranges of items in this round. */
static inline uint32_t *arena_range_items(const struct arena *a, unsigned worker)
{
	return (uint32_t *)((char *)a + a->range_items_offset) + (size_t)worker * COST_RANGES;
}

/* What the stamped items of a range of items cost, over all rounds. Only worker 0 writes it. */
struct range_cost {
	uint64_t body_ns, items;
};

static inline struct range_cost *arena_costs(const struct arena *a)
{
	return (struct range_cost *)((char *)a + a->costs_offset);
}

/* How often each item was executed in the warm-up round, a byte an item. */
static inline _Atomic uint8_t *arena_marks(const struct arena *a)
{
	return (_Atomic uint8_t *)((char *)a + a->marks_offset);
}

/* Digests of the digest_count items from digest_first. */
static inline uint64_t *arena_digests(const struct arena *a)
{
	return (uint64_t *)((char *)a + a->digests_offset);
}

/* The workload's own number of an item, as people know it and digests have it (run/crew/picked.h). ITEM_NONE stays. */
static inline uint64_t arena_item(const struct arena *a, uint64_t item)
{
	if (!a->picked_offset || item >= a->items)
		return item;
	return ((const uint64_t *)((const char *)a + a->picked_offset))[item];
}

/* The shift by which item >> shift is the index of the range in which the item's cost is counted. */
static inline unsigned cost_shift(uint64_t items)
{
	unsigned shift = 0;

	while ((items - 1) >> shift >= COST_RANGES)
		shift++;
	return shift;
}

#endif
