/* A gate's cells as rows, and what the page of a gate is made of. */
#ifndef BENCH_REPORT_GATE_INTERNAL_H
#define BENCH_REPORT_GATE_INTERNAL_H

#include "report/kit/page.h"
#include "report/run/remarks.h"

/* A slow-down: differences of ln(time); what is not known is NaN. */
struct slowdown {
	double theta, low, high;
};

/* How much a cell matters to the reader. */
enum gate_rank {
	RANK_FAILED,
	RANK_REGRESSED,
	RANK_CANNOT_TELL,
	RANK_ALLOWED, /* slower, and may be */
	RANK_PASS,
	RANK_UNCHANGED,
};

struct gate_row {
	const json_t *cell;
	const char *id, *reason, *measure; /* measure: "wall", "cpu", "instructions"; reason may be NULL */
	enum gate_rank rank;
	struct slowdown slowdown;
	bool measured;  /* the slow-down is known */
	bool by_screen; /* it is that of the screening, which was not followed by another look */
	double runs_a_side, looks, smallest_shown;
	double counts[2]; /* instructions of A and B */
};

/* Strings are the file's own, hostile ones included. */
struct gate_rows {
	const json_t *gate;   /* borrowed */
	struct gate_row *row; /* what matters most first; among equals the slowest */
	size_t count;
	bool by_instructions;
	double tolerance, margin, level; /* as in the file */
};

/* `gate` must outlive the rows. Returns 0 or -ENOMEM. */
int gate_rows_make(struct gate_rows *rows, const json_t *gate);
void gate_rows_release(struct gate_rows *rows);

/* "pass", "regressed", "cannot tell", "unchanged", "regressed, allowed", "failed" */
const char *gate_row_word(const struct gate_row *row);

/* "revision HEAD~1", squeezed into the room. */
void gate_side_name(char *text, size_t size, const json_t *side);

/* Whether the slow-down was judged by this block, or would have been, had it not been dropped. */
bool gate_row_judges(const struct gate_row *row, const json_t *block);

/* The judged times of one side of a block, at most `room`; returns how many. `side`: "a", "b", "control". */
size_t block_times(double *times, size_t room, const json_t *block, const char *side);

/* "+2.1 %", of a ratio less 1; "-" for what is not known. */
void percent_text(char *text, size_t size, double ratio, int decimals);

/* As many as tell the bounds of the narrowest measured slow-down apart. */
int gate_decimals(const struct gate_rows *rows);

/* The tables. All return 0 or -ENOMEM, and leave what can be released. */
int gate_grid_cells(struct grid *grid, const struct gate_rows *rows);
int gate_grid_controls(struct grid *grid, const struct gate_rows *rows);
int gate_grid_screening(struct grid *grid, const struct gate_rows *rows);
int gate_grid_times(struct grid *grid, const struct gate_rows *rows);

/* What is said beside them; the same. */
int gate_remarks_failures(struct remarks *remarks, const struct gate_rows *rows);
int gate_remarks_unclear(struct remarks *remarks, const struct gate_rows *rows); /* and what may be done about it */
int gate_remarks_doubts(struct remarks *remarks, const struct gate_rows *rows);
int gate_remarks_power(struct remarks *remarks, const struct gate_rows *rows); /* what could have been seen */

/* What the words mean, to a reader who has never seen a gate. */
void gate_guide(struct page *page, const struct gate_rows *rows);

/* For plots_draw(); the rows must outlive it. */
struct plot_data plot_gate(const struct gate_rows *rows);

#endif
