/* The sections in which console, report.md and report.html show a run, in this order. */
#ifndef BENCH_REPORT_RUN_SECTIONS_H
#define BENCH_REPORT_RUN_SECTIONS_H

#include "report/run/grids/grids.h"
#include "report/run/remarks.h"

/* A section with a grid; it is shown if the grid has rows and columns besides its keys. */
struct grid_section {
	const char *name; /* "times" */
	const char *title;
	bool (*pass)(const struct row *row); /* the rows that it shows, for rows_pick() */
	grid_maker *make;
};

/* A section with remarks; it is shown if there are any. */
struct remark_section {
	const char *name; /* "failures" */
	const char *title;
	int (*make)(struct remarks *remarks, const struct rows *rows);
};

#define GRID_SECTIONS 6
#define REMARK_SECTIONS 8

extern const struct grid_section grid_sections[GRID_SECTIONS];       /* the times come first */
extern const struct remark_section remark_sections[REMARK_SECTIONS]; /* the gravest come first */

/* Makes a section's grid for a document, with all rows and all columns. Returns 0 or -ENOMEM. */
int section_grid(struct grid *grid, const struct grid_section *section, const struct rows *rows);

#endif
