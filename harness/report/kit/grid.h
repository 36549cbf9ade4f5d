/* A table of text, not yet laid out: the console, Markdown and HTML each draw it their own way.
 *
 * Its first columns, the keys, say what a row is about. A row without values has a note instead of them. */
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
	bool folds;                            /* it can be made with fewer columns and still say all */
	char (*text)[GRID_COLUMNS][GRID_TEXT]; /* one array a row */
	char (*note)[160];                     /* one a row; "": it has values */
};

/* An empty grid without columns. Returns 0 or -ENOMEM, and leaves what can be released. */
int grid_init(struct grid *grid, size_t rows);
void grid_release(struct grid *grid);

/* A new column, empty, or NULL when there is no room. `heading` is followed by the unit, if any. */
struct column *grid_column(struct grid *grid, const char *heading, const char *unit);

/* A column like `form` of one number a row, in a unit that suits them all; `intervals`: and a column
 * with theirs. Returns 0, also when there is no room for more columns, or -ENOMEM. */
int grid_values(struct grid *grid, const struct column *form, enum quantity_kind kind, const struct interval *values,
		bool intervals, const char *micro);

/* Whether it has anything to show. */
bool grid_shown(const struct grid *grid);

/* A column's heading on one line, at most GRID_TEXT bytes: "wall ms". */
void column_title(char *title, const struct column *column);

#endif
