/* Cells and samples of the run file as JSON. */
#ifndef BENCH_STORE_RUN_CELL_H
#define BENCH_STORE_RUN_CELL_H

#include "analyse/summary.h"
#include "model/run.h"
#include "base/writer.h"

/* Streams the cell, one sample a line, with at most `listed` entries of single workers. */
void cell_json_write(struct writer *writer, const struct run *run, const struct run_cell *cell, size_t listed);

/* Makes an object of a sample; NULL without memory. `baseline`: the cost by which its account is split. `list`: it gets
 * an entry for each worker, if the workers were kept. */
json_t *sample_json(const struct run_cell *cell, const struct sample *sample, const struct body_cost *baseline,
		    bool list);

/* Makes an object of what is known about a failure; NULL without memory. */
json_t *failure_json(const struct failure *failure);

/* Makes an object of a doubt: its code and advice; NULL without memory. */
json_t *doubt_json(enum doubt doubt);

/* Makes an array of the numbers that a round yields besides its time; NULL without memory. */
json_t *measures_json(const struct measure *measures, size_t count);

#endif
