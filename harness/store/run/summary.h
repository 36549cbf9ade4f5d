/* What the run file says of a cell in numbers: its `summary`, written and read again. */
#ifndef BENCH_STORE_RUN_SUMMARY_H
#define BENCH_STORE_RUN_SUMMARY_H

#include "analyse/summary.h"

#include <jansson.h>

/* A new object, or NULL without memory. */
json_t *summary_json(const struct run_cell *cell, const struct summary *summary);

/* A quantity of a cell's summary; of a plain one only the median is known. What the file does not have, or has of
 * another type, is NaN. */
struct interval summary_read(const json_t *summary, enum quantity_id id);

#endif
