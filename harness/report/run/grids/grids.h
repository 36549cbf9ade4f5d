/* The tables of a run, with a row for each cell. report/run/sections.h says in which order they are shown. */
#ifndef BENCH_REPORT_RUN_GRIDS_GRIDS_H
#define BENCH_REPORT_RUN_GRIDS_GRIDS_H

#include "report/kit/grid.h"
#include "report/run/rows.h"

/* How a grid is to be made. */
struct grid_style {
	const char *micro; /* how to write "µs" */
	size_t parts;      /* number of columns for parts of the account; further parts are added up as "other" */
};

/* Makes a grid with a row for each pick. Returns 0 or -ENOMEM; the grid can be released in both cases. */
typedef int grid_maker(struct grid *grid, const struct rows *rows, const struct picks *picks,
		       const struct grid_style *style);

grid_maker grid_times;     /* what each cell took; notes for those that failed */
grid_maker grid_crew;      /* what making and ending the crew cost, and the speedup that is left with it */
grid_maker grid_latencies; /* how long an item takes from submit to result */
grid_maker grid_measures;  /* the other numbers of a round, from the call or the workload; medians over the rounds */
grid_maker grid_counters;  /* the counters that count in some cell; medians over the rounds */

/* Where workers x wall time went, in %: every row adds up to 100. The parts that are greatest over all rows come first;
 * parts that are 0 everywhere are left out. */
grid_maker grid_account;

/* Makes a grid that has only the key columns of the picked rows, which say which cell of the run a row is. Returns 0 or
 * -ENOMEM; the grid can be released in both cases. */
int grid_init_cells(struct grid *grid, const struct rows *rows, const struct picks *picks);

#endif
