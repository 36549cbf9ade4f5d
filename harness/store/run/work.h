/* Which cells of run files do the same work, and which is their baseline. */
#ifndef BENCH_STORE_RUN_WORK_H
#define BENCH_STORE_RUN_WORK_H

#include <jansson.h>
#include <stdbool.h>

/* Returns whether both values are the same; those that are missing or null are. */
bool work_same_value(const json_t *a, const json_t *b);

/* Returns whether both cells execute the same items of the same workload with the same parameters. */
bool work_same(const json_t *a, const json_t *b);

/* Returns whether a cell is the sequential one. */
bool work_is_baseline(const json_t *cell);

/* Returns the sequential cell of the run that does the same work; NULL: there is none. */
const json_t *work_baseline(const json_t *run, const json_t *cell);

#endif
