/* The tables of a run: a row a cell. report/run/sections.h says where they stand. */
#ifndef BENCH_REPORT_RUN_GRIDS_GRIDS_H
#define BENCH_REPORT_RUN_GRIDS_GRIDS_H

#include "report/kit/grid.h"
#include "report/run/rows.h"

/* How a grid is to be made. */
struct grid_style {
	const char *micro; /* how to write "µs" */
	size_t parts;      /* columns for parts of the account; those beyond are summed up as "other" */
};

/* Makes a grid with a row for each pick. Returns 0 or -ENOMEM, and leaves what can be released. */
typedef int grid_maker(struct grid *grid, const struct rows *rows, const struct picks *picks,
		       const struct grid_style *style);

grid_maker grid_times;    /* what each cell took; notes for those that failed */
grid_maker grid_crew;     /* what making and ending the crew cost, and the speedup that is left with it */
grid_maker grid_account;  /* where workers x wall time went, in %: every row adds up to 100, the parts that
			     are greatest over all rows first; those that are nothing everywhere left out */
grid_maker grid_measures; /* what else a round told: of the call, of shared state; medians over its rounds */
grid_maker grid_counters; /* the counters that count in some cell, medians over its rounds */

/* An empty grid with the key columns of the picked rows, which say which cell of the run a row is. Returns 0 or
 * -ENOMEM, and leaves what can be released. */
int grid_init_cells(struct grid *grid, const struct rows *rows, const struct picks *picks);

#endif
