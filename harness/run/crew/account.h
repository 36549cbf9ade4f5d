/* One worker's time, cut into parts without gaps.
 *
 * A worker is always in exactly one part. account_switch() ends the current part and begins the next
 * with one reading of the clock, so the parts of a round add up to its length by construction. Each
 * worker writes only its own account, in cache lines of its own; others read it after the round.
 *
 * Items of less than 10 us cannot carry their own stamps: reading the clock would cost more than the
 * item. They run in groups of 64 of which one, at a random place, is stamped in full. Its parts are
 * added to `sampled_ns`, and account_split() then divides the time spent in groups in proportion: a
 * ratio of sums, so that one interrupted sample does not stand for a whole group alone. */
#ifndef BENCH_RUN_CREW_ACCOUNT_H
#define BENCH_RUN_CREW_ACCOUNT_H

#include "model/sample.h"
#include "base/clock.h"

struct account {
	uint64_t part_ns[PART_COUNT];
	int64_t sampled_ns
		[PART_COUNT]; /* parts of the stamped items, less the cost of reading the clock; may be below 0 */
	uint64_t asked_ns;    /* the time within PART_DISPATCH that was measured by itself: it is not divided */
	uint64_t waited_ns
		[PART_COUNT]; /* waits inside work(), for a lock or for others' work: also measured by themselves */
	uint64_t since_ns;    /* when the current part began */
	enum part current;
};

/* Begins a round: the worker is in part `first` since `start_ns`, which the parent has read. Called by the worker. */
static inline void account_begin(struct account *a, enum part first, uint64_t start_ns)
{
	*a = (struct account){ .since_ns = start_ns, .current = first };
}

/* Ends the current part at `now_ns`, a reading of the clock, and begins `next`. */
static inline void account_switch_at(struct account *a, enum part next, uint64_t now_ns)
{
	a->part_ns[a->current] += now_ns - a->since_ns;
	a->since_ns = now_ns;
	a->current = next;
}

/* As account_switch_at(), but reads the clock itself and returns the time. Called by the worker, or for it once it has
 * ended. */
static inline uint64_t account_switch(struct account *a, enum part next)
{
	uint64_t now_ns = clock_ns();

	account_switch_at(a, next, now_ns);
	return now_ns;
}

/* Adds `ns` to a part of the stamped items: the time between two readings of the clock, one of which costs
 * `clock_cost_ns`. */
static inline void account_sample(struct account *a, enum part part, uint64_t ns, uint64_t clock_cost_ns)
{
	a->sampled_ns[part] += (int64_t)ns - (int64_t)clock_cost_ns;
}

/* Takes the waits inside work() out of PART_BODY, for rounds in which every item carries its own stamps. Called by the
 * worker after the round. */
void account_take_waits(struct account *a);

/* Divides the time of PART_DISPATCH, in which the groups ran, among the parts in proportion to `sampled_ns`, except for
 * `asked_ns` and `waited_ns`. The sum of all parts stays. Without samples nothing changes. Called by the worker after
 * the round. */
void account_split(struct account *a);

#endif
