/* Latencies: how long an item takes from submit to result, as its caller sees it.
 *
 * Submit is when the caller hands the item in, not when a worker gets it: at the round's start, or where the call or
 * --in-flight holds the caller back, when a result lets it go on. Result is when the parent can hand the item's result
 * on to the caller; where results are handed on in order, when those before it can be, too. Of an item without a
 * result there is no latency. Reading the clock costs 22 ns, so of many items only one in a group is stamped, at a
 * place in it that is drawn: else items that repeat in the same step could all be left out. Called in the cell process
 * only. */
#ifndef BENCH_RUN_CREW_LATENCIES_H
#define BENCH_RUN_CREW_LATENCIES_H

#include "base/digest.h"
#include "run/crew/round.h"

#include <stdbool.h>
#include <stddef.h>

#define LATENCIES_MOST 8192 /* values of a round */

struct latencies {
	uint64_t items;         /* 0: latencies of these items mean nothing, and none are measured */
	bool on;                /* in this round */
	unsigned shift;         /* one in 1 << shift items is stamped */
	uint64_t seed;          /* of the places, other ones in each round */
	uint64_t *submitted_ns; /* of the item in each group; 0: at the round's start */
	uint64_t *values_ns;    /* latencies, in the order of the results */
	size_t count;
};

/* Makes room for the latencies of `items` items. Returns 0 or -ENOMEM. latencies_release() accepts a zeroed struct. */
int latencies_init(struct latencies *latencies, uint64_t items);
void latencies_release(struct latencies *latencies);

/* Called before a round: forgets the last one, and chooses the items that round->latencies allows. */
void latencies_begin(struct latencies *latencies, const struct round *round);

/* Whether this item is stamped. */
static inline bool latencies_has(const struct latencies *l, uint64_t item)
{
	uint64_t mask = (UINT64_C(1) << l->shift) - 1;

	return l->on && (item & mask) == (digest_mix((item >> l->shift) + l->seed) & mask);
}

/* Note that a stamped item was submitted, or had its result, at `now_ns`. */
void latencies_submit(struct latencies *latencies, uint64_t item, uint64_t now_ns);
void latencies_result(struct latencies *latencies, uint64_t item, const struct round *round, uint64_t now_ns);

/* Adds the median, the 99th and the 99.9th percentile of `count` latencies, which it sorts, to the round's measures:
 * nearest ranks, so each is a value that was measured. A percentile that so few values cannot tell is left out: the
 * 99th needs 100, the 99.9th 1000. */
void latencies_tell(uint64_t *values_ns, size_t count, struct round *round);

#endif
