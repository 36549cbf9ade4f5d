/* A table of text without a layout: the console, Markdown and HTML each draw it in their own way.
 *
 * Its first columns, the keys, tell what a row is about. A row without values has a note instead. */
#ifndef BENCH_REPORT_KIT_GRID_H
#define BENCH_REPORT_KIT_GRID_H

#include "report/kit/units.h"

#include <stdbool.h>
#include <stddef.h>

#define GRID_COLUMNS 48
#define GRID_TEXT 64
#define KEEP_ALWAYS 100

struct column {
	char heading[GRID_TEXT]; /* may have several lines, "wall\nms", and divided words, "effi-\nciency" */
	const char *help;        /* one sentence for the reader; NULL: the heading says it all */
	bool left;               /* aligned at the left, as texts are; numbers are at the right */
	bool once;               /* the console shows it only if it differs from the row above, after an empty line */
	bool joined;             /* belongs to the column before it, as an interval does to its median */
	int keep;                /* if there is too little room, the column with the least is left out first */
};

struct grid {
	struct column column[GRID_COLUMNS];
	size_t columns, keys, rows;
	bool folds;                            /* it can be made with fewer columns and still has all facts */
	char (*text)[GRID_COLUMNS][GRID_TEXT]; /* of each row */
	char (*note)[160];                     /* of each row; "": the row has values */
};

/* Makes a grid without columns. Returns 0 or -ENOMEM; the caller releases the grid in any case. */
int grid_init(struct grid *grid, size_t rows);
void grid_release(struct grid *grid);

/* Adds an empty column, whose heading is `heading` and the unit, if any. Returns it, or NULL if there is no room. */
struct column *grid_column(struct grid *grid, const char *heading, const char *unit);

/* Adds a column like `form` with one number for each row, in units that suit them; if `intervals` is set, also a column
 * with their intervals. Returns 0, also if there is no room for more columns, or -ENOMEM. */
int grid_values(struct grid *grid, const struct column *form, enum quantity_kind kind, const struct interval *values,
		bool intervals, const char *micro);

/* Does the same in the units that were chosen for this and other columns. */
void grid_values_in(struct grid *grid, const struct column *form, const struct units *units,
		    const struct interval *values, bool intervals);

/* Returns whether the grid has anything to show. */
bool grid_shown(const struct grid *grid);

/* Writes a column's heading as one line of at most GRID_TEXT bytes: "wall ms". */
void column_title(char *title, const struct column *column);

#endif
