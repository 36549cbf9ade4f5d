/* Rest: whether a crew that has nothing to do uses processors nevertheless, as those do whose workers look again and
 * again for the next round before they sleep. Called by the main thread of the cell process. */
#ifndef BENCH_RUN_CELL_REST_H
#define BENCH_RUN_CELL_REST_H

#include "run/crew/crew.h"

#include <stdbool.h>
#include <stdint.h>

struct rest {
	uint64_t began_ns, used_ns; /* CLOCK_MONOTONIC, and the CPU time used by then */
};

/* Waits until the crew uses no processor, but at most REST_WAIT_NS, and begins a rest. */
#define REST_WAIT_NS 50000000
struct rest rest_begin(const struct crew *crew);

/* Whether the crew has used processors since then. */
bool rest_was_spent(const struct rest *rest, const struct crew *crew);

#endif
