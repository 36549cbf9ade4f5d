/* What the makers of grids share. */
#ifndef BENCH_REPORT_KIT_GRID_MAKE_H
#define BENCH_REPORT_KIT_GRID_MAKE_H

#include "report/kit/grid.h"

/* An empty grid without columns. Returns 0 or -ENOMEM, and leaves what can be released. */
int grid_init(struct grid *grid, size_t rows);

/* The same with the key columns of the picked rows filled in. */
int grid_init_cells(struct grid *grid, const struct rows *rows, const struct picks *picks);

/* A new column, empty, or NULL when there is no room. `heading` is followed by the unit, if any. */
struct column *grid_column(struct grid *grid, const char *heading, const char *unit);

/* A column like `form` of one number a row, in a unit that suits them all; `intervals`: and a column
 * with theirs. Returns 0, also when there is no room for more columns, or -ENOMEM. */
int grid_values(struct grid *grid, const struct column *form, enum quantity_kind kind, const struct interval *values,
		bool intervals, const char *micro);

#endif
