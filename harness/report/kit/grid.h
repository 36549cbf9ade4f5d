/* A table of text, not yet laid out: the console, Markdown and HTML each draw it their own way.
 *
 * Its first columns, the keys, say which cell of the run a row is. A row without values has a note
 * instead of them. */
#ifndef BENCH_REPORT_KIT_GRID_H
#define BENCH_REPORT_KIT_GRID_H

#include "report/run/rows.h"

#define GRID_COLUMNS 48
#define GRID_TEXT 64
#define KEEP_ALWAYS 100

struct column {
	char heading[GRID_TEXT]; /* its lines are "wall\nms"; a word may be divided: "effi-\nciency" */
	const char *help;        /* one sentence for the reader; NULL: the heading says it */
	bool left;               /* set flush left; numbers stand at the right */
	bool once;               /* the console shows it where it differs from the row above, after an empty line */
	bool joined;             /* belongs to the column before it, as an interval to its median */
	int keep;                /* where there is too little room the least goes first */
};

struct grid {
	struct column column[GRID_COLUMNS];
	size_t columns, keys, rows;
	bool folds;                            /* with fewer style.parts it has fewer columns and still says all */
	char (*text)[GRID_COLUMNS][GRID_TEXT]; /* one array a row */
	char (*note)[160];                     /* one a row; "": it has values */
};

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

void grid_release(struct grid *grid);

/* Whether it has anything to show. */
bool grid_shown(const struct grid *grid);

/* A column's heading on one line, at most GRID_TEXT bytes: "wall ms". */
void column_title(char *title, const struct column *column);

#endif
