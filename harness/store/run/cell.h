/* A cell of the run file, and a sample of a cell. */
#ifndef BENCH_STORE_RUN_CELL_H
#define BENCH_STORE_RUN_CELL_H

#include "analyse/summary.h"
#include "model/run.h"
#include "base/writer.h"

/* Streams the cell, its samples one a line; `listed` workers' entries at most. */
void cell_json_write(struct writer *writer, const struct run *run, const struct run_cell *cell, size_t listed);

/* A new object, or NULL without memory. `baseline`: what its account is split against. `list`: with an
 * entry for each worker, if they were kept. */
json_t *sample_json(const struct run_cell *cell, const struct sample *sample, const struct body_cost *baseline,
		    bool list);

/* What is known of a failure. */
json_t *failure_json(const struct failure *failure);

/* Numbers that a round yields besides its time; the same. */
json_t *measures_json(const struct measure *measures, size_t count);

#endif
