/* A cell: one combination of workload, parameters, mode, transport, schedule, placement and workers.
 *
 * Names are strings from the registries; no stage but the registry's own knows what they stand for. */
#ifndef BENCH_MODEL_CELL_H
#define BENCH_MODEL_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BIND_PRESET "core" /* the placement that is left out of a cell's id */

/* How the caller hands its items to a crew and gets their results, after multiprocessing.Pool and
 * concurrent.futures. What the mode does not take is zero. */
struct calling {
	const char *call;         /* "map", "imap", ... (model/mode.h); NULL: the mode has no calls */
	uint64_t recycle;         /* items after which a worker is replaced; 0: never */
	uint64_t in_flight;       /* items that are handed out and not back, at most; 0: no limit */
	uint64_t initializer_ns;  /* that each worker computes before its first item */
	uint64_t item_timeout_ns; /* after which nobody waits for an item's future any more; 0: never */
	uint64_t cancel_after;    /* items after which all that have not started are cancelled; 0: never */
	bool retry;               /* a lost worker is replaced and its items are executed again */
};

struct cell {
	char *id; /* "resize/pool/shm/dynamic:6/2", owned */
	const char *workload;
	const char *const *values; /* one a param of the workload, in their order */
	const char *mode;
	bool per_item; /* --per item */
	struct calling calling;
	const char *transport; /* NULL: none */
	const char *schedule;  /* NULL: sequential */
	uint64_t chunk;        /* items at a time; 0: sequential */
	uint32_t workers;
	const char *bind; /* "core", "pu", "numa", "none" or a list of processors */
	uint64_t items;
	const char *input; /* folder, NULL: embedded */
	char *unavailable; /* why it cannot run at all, owned; NULL: it can */
};

/* The chunk that a cell has when none is asked for; 0: it has none. */
uint64_t cell_preset_chunk(const struct cell *cell);

/* The id of a cell: `workload[?p=v,...]/mode[:option]/transport or -/schedule:chunk or -/workers[@bind]`,
 * parts at their defaults left out. Owned by the caller; NULL without memory. */
char *cell_id(const struct cell *cell);

#endif
