/* A cell: one combination of workload, parameters, mode, transport, schedule, placement and workers.
 *
 * Names are strings from the registries; no stage but the registry's own knows what they stand for. */
#ifndef BENCH_PLAN_CELL_H
#define BENCH_PLAN_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cell {
	char *id; /* "resize/pool/shm/dynamic:6/2", owned */
	const char *workload;
	const char *const *values; /* one a param of the workload, in their order */
	const char *mode;
	bool per_item;         /* --per item */
	const char *transport; /* NULL: none */
	const char *schedule;  /* NULL: sequential */
	uint64_t chunk;        /* items at a time; 0: sequential */
	uint32_t workers;
	const char *bind; /* "core", "pu", "numa", "none" or a list of processors */
	uint64_t items;
	const char *input; /* folder, NULL: embedded */
	char *unavailable; /* why it cannot run at all, owned; NULL: it can */
};

#endif
