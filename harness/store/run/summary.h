/* The `summary` of a cell in the run file, written and read. */
#ifndef BENCH_STORE_RUN_SUMMARY_H
#define BENCH_STORE_RUN_SUMMARY_H

#include "analyse/summary.h"

#include <jansson.h>

/* Makes the summary's object; NULL without memory. */
json_t *summary_json(const struct run_cell *cell, const struct summary *summary);

/* Reads a quantity from a cell's summary; of a plain quantity, and where there is a single invocation, only the median
 * is known. What the file does not have, or has with another type, is NaN. */
struct interval summary_read(const json_t *summary, enum quantity_id id);

#endif
