/* The parts of a gate's page, and the cells of a gate as rows; only the files of this folder include this header. */
#ifndef BENCH_REPORT_GATE_INTERNAL_H
#define BENCH_REPORT_GATE_INTERNAL_H

#include "base/json.h"
#include "report/kit/page.h"
#include "report/kit/remarks.h"

/* A slow-down, as differences of ln(time); NaN: not known. */
struct slowdown {
	double theta, low, high;
};

/* How much a cell matters to the reader. */
enum gate_rank {
	RANK_FAILED,
	RANK_REGRESSED,
	RANK_CANNOT_TELL,
	RANK_ALLOWED, /* it is slower, and is allowed to be */
	RANK_PASS,
	RANK_UNCHANGED,
};

struct gate_row {
	const json_t *cell;
	const char *id, *reason, *measure; /* `reason` may be NULL; `measure` is "wall", "cpu" or "instructions" */
	enum gate_rank rank;
	struct slowdown slowdown;
	bool measured;  /* the slow-down is known */
	bool by_screen; /* the slow-down is that of the screening, since no look followed */
	double runs_a_side, looks, smallest_shown;
	double counts[2]; /* instructions of A and B */
};

/* Strings are those of the file, hostile ones included. */
struct gate_rows {
	const json_t *gate;   /* borrowed */
	struct gate_row *row; /* the one that matters most first; of equal ones the slowest first */
	size_t count;
	bool by_instructions;
	double tolerance, margin, level; /* as in the file */
};

/* `gate` must outlive the rows. Returns 0 or -ENOMEM. */
int gate_rows_make(struct gate_rows *rows, const json_t *gate);
void gate_rows_release(struct gate_rows *rows);

/* Returns "pass", "regressed", "cannot tell", "unchanged", "regressed, allowed" or "failed". */
const char *gate_row_word(const struct gate_row *row);

/* Writes the title that the side was given, or "revision HEAD~1", shortened to `size`. */
void gate_side_name(char *text, size_t size, const json_t *side);

/* Returns whether the slow-down was judged by this block, or would have been if the block had not been dropped. */
bool gate_row_judges(const struct gate_row *row, const json_t *block);

/* Fills `times` with the judged times of one side of a block, at most `room` of them. Returns how many there are.
 * `side` is "a", "b" or "control". */
size_t block_times(double *times, size_t room, const json_t *block, const char *side);

/* Writes a ratio less 1 as "+2.1 %"; "-" if it is not known. percent_beside() keeps it on its side of a limit, which is
 * a ratio less 1, too: verdict_percent(). */
void percent_text(char *text, size_t size, double ratio, int decimals);
void percent_beside(char *text, size_t size, double ratio, double limit, int decimals);
void percent_above(char *text, size_t size, double ratio, int decimals); /* never shows less than the ratio */

/* Returns how many decimals tell the bounds of the narrowest measured slow-down apart. */
int gate_decimals(const struct gate_rows *rows);

/* Make the tables. All return 0 or -ENOMEM; the caller releases the grid in any case. */
int gate_grid_cells(struct grid *grid, const struct gate_rows *rows);
int gate_grid_controls(struct grid *grid, const struct gate_rows *rows);
int gate_grid_screening(struct grid *grid, const struct gate_rows *rows);
int gate_grid_times(struct grid *grid, const struct gate_rows *rows);

/* Make the remarks. All return 0 or -ENOMEM; the caller releases the remarks in any case. */
int gate_remarks_failures(struct remarks *remarks, const struct gate_rows *rows);
int gate_remarks_unclear(struct remarks *remarks, const struct gate_rows *rows); /* and what to do about each */
int gate_remarks_doubts(struct remarks *remarks, const struct gate_rows *rows);
int gate_remarks_power(struct remarks *remarks, const struct gate_rows *rows); /* slow-downs that it could show */

/* Adds to the page what its words mean, for a reader who has never seen a gate. */
void gate_guide(struct page *page, const struct gate_rows *rows);

/* For plots_draw(); the rows must outlive it. */
struct plot_data plot_gate(const struct gate_rows *rows);

#endif
