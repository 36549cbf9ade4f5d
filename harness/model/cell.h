/* A cell: one combination of workload, parameters, mode, transport, schedule, placement and workers.
 *
 * Names are strings from the registries; only their registries know what they stand for. */
#ifndef BENCH_MODEL_CELL_H
#define BENCH_MODEL_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ITEMS_MOST 2000000000 /* of a cell: the schedules keep an item's number, and a chunk more, in 32 bits */
#define WORKERS_MOST 1024     /* of a cell */
#define BIND_PRESET "core"    /* the placement that is left out of a cell's id */

/* How the caller hands its items to a crew and gets their results, after multiprocessing.Pool and concurrent.futures.
 * Options that the mode does not take are zero. */
struct calling {
	const char *call;         /* "map", "imap", ... (model/mode.h); NULL: the mode has no calls */
	uint64_t recycle;         /* items after which a worker is replaced; 0: never */
	uint64_t in_flight;       /* the most items that may be handed out and not back yet; 0: no limit */
	uint64_t initializer_ns;  /* how long each worker computes before its first item; 0: it does not */
	uint64_t item_timeout_ns; /* how long the caller waits for an item's future; 0: for ever */
	uint64_t cancel_after;    /* results after which all items that have not started are cancelled; 0: never */
	bool retry;               /* a lost worker is replaced and its items are executed again */
};

struct cell {
	char *id; /* "resize/pool/shm/dynamic:6/2", owned */
	const char *workload;
	const char *const *values; /* one value for each of the workload's params, in their order */
	const char *mode;
	bool per_item; /* --per item */
	struct calling calling;
	const char *transport; /* NULL: none */
	const char *schedule;  /* NULL: sequential */
	uint64_t chunk;        /* items that are handed out at a time; 0: sequential */
	uint32_t workers;
	const char *bind;       /* "core", "pu", "numa", "none" or a list of processors */
	uint64_t items;         /* that a round executes */
	uint64_t items_of;      /* that the workload has: more than `items` if there is no time for all; 0: not known */
	const uint64_t *picked; /* numbers of those `items` ones, ascending; NULL: the first ones. Owned by others */
	const char *input;      /* folder; NULL: the workload's embedded input */
	char *unavailable;      /* why the cell cannot run at all, owned; NULL: it can */
};

/* The chunk that the cell has when the user asks for none; 0: it deals out no chunks. */
uint64_t cell_preset_chunk(const struct cell *cell);

/* Lets a round execute only so many of the cell's items; `picked` as in struct cell. `own_chunk`: the chunk becomes the
 * preset one of so many items; the id stays that of all items. */
void cell_pick(struct cell *cell, uint64_t items, const uint64_t *picked, bool own_chunk);

/* The id of a cell: `workload[?p=v,...]/mode[:option]/transport or -/schedule:chunk or -/workers[@bind]`, without the
 * parts that have their default values. Owned by the caller; NULL without memory. */
char *cell_id(const struct cell *cell);

#endif
