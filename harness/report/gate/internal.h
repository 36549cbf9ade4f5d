/* The parts of a gate's page, and the cells of a gate as rows; only the files of this folder include this header. */
#ifndef BENCH_REPORT_GATE_INTERNAL_H
#define BENCH_REPORT_GATE_INTERNAL_H

#include "base/json.h"
#include "report/kit/page.h"
#include "report/kit/remarks.h"

#include <stdio.h>

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
	double counts[2]; /* instructions of A and B; NaN: not counted */
	/* Of a cell whose sides took turns: */
	const char *pairing; /* "slices", "rounds", "runs", "files"; NULL: blocks, or instructions */
	const json_t *pairs;
	struct slowdown mean;
	bool rare;        /* it is regressed by its mean only */
	double slice_ns;  /* NaN: rounds or runs are held against each other */
	double footprint; /* as in the file */
};

/* Strings are those of the file, hostile ones included. */
struct gate_rows {
	const json_t *gate;   /* borrowed */
	struct gate_row *row; /* the one that matters most first; of equal ones the slowest first */
	size_t count;
	bool by_instructions, by_pairs, by_blocks; /* some cell is judged so; the first holds for all cells */
	double tolerance, margin, level;           /* as in the file */
};

/* `gate` must outlive the rows. Returns 0 or -ENOMEM. */
int gate_rows_make(struct gate_rows *rows, const json_t *gate);
void gate_rows_release(struct gate_rows *rows);

/* Returns "pass", "regressed", "regressed, rare", "cannot tell", "unchanged", "regressed, allowed" or "failed". */
const char *gate_row_word(const struct gate_row *row);

/* Whether the mean says something else than undisturbed time: neither lies within the other's bounds. */
bool gate_row_mean_differs(const struct gate_row *row);

/* Whether there is a bound: without any a slow-down says nothing, and is not shown. */
static inline bool slowdown_is_bounded(struct slowdown slowdown)
{
	return isfinite(slowdown.low) || isfinite(slowdown.high);
}

/* The value of a pair, ln(B/A) of its key "undisturbed_ns" or "mean_ns"; with `side` "control" that of A's second
 * process, less what it executed more. NaN: there is none. */
double pair_shift(const json_t *pair, const char *side, const char *key);

/* Writes what a side does in a pair: "10 rounds in slices of 0.1 ms", "12 rounds of 10.2 ms", "9 rounds of 48 ms: 8
 * items a worker", "3 runs of 50.1 ms". */
void gate_row_turns(char *text, size_t size, const struct gate_row *row);

/* The median over the pairs of a time of a side, "a" or "b"; NaN: there are none. */
double gate_row_time(const struct gate_row *row, const char *side, const char *key);

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

/* Writes a slow-down as the sentence of the gate says it: percent_beside() with the decimals of verdict_decimals(). */
void gate_percent_text(char *text, size_t size, const struct gate_rows *rows, double ratio, double limit);

/* Parts of the tables: begin with a column of ids and a row for each cell for which `pass` is true (the caller frees
 * *picks, and releases the grid in any case); begin a column of words or numbers; the text of a row in the column that
 * was begun last; and "+1.4 to +2.8 %". */
int gate_grid_begin(struct grid *grid, const struct gate_row ***picks, const struct gate_rows *rows,
		    bool (*pass)(const struct gate_row *row));
void gate_left_column(struct grid *grid, const char *heading, const char *help);
void gate_number_column(struct grid *grid, const char *heading, int keep, const char *help);
char *gate_grid_text(struct grid *grid, size_t row);
void gate_bounds_text(char *text, const struct gate_rows *rows, struct slowdown slowdown);

/* Make the tables. All return 0 or -ENOMEM; the caller releases the grid in any case. */
int gate_grid_cells(struct grid *grid, const struct gate_rows *rows);
int gate_grid_controls(struct grid *grid, const struct gate_rows *rows);
int gate_grid_screening(struct grid *grid, const struct gate_rows *rows);
int gate_grid_times(struct grid *grid, const struct gate_rows *rows); /* of blocks */
int gate_grid_turns(struct grid *grid, const struct gate_rows *rows); /* of pairs */

/* Make the remarks. All return 0 or -ENOMEM; the caller releases the remarks in any case. */
int gate_remarks_failures(struct remarks *remarks, const struct gate_rows *rows);
int gate_remarks_unclear(struct remarks *remarks, const struct gate_rows *rows);   /* and what to do about each */
int gate_remarks_explained(struct remarks *remarks, const struct gate_rows *rows); /* what a slow-down is like */
int gate_remarks_doubts(struct remarks *remarks, const struct gate_rows *rows);
int gate_remarks_power(struct remarks *remarks, const struct gate_rows *rows); /* slow-downs that it could show */

/* Adds to the page what its words mean, for a reader who has never seen a gate. */
void gate_guide(struct page *page, const struct gate_rows *rows);

/* What gnuplot reads (plots/README.md). */
struct gate_plot_files {
	FILE *blocks, *runs, *panels, *pairs, *pair_panels, *rounds, *slowdowns, *names, *facts;
};

#define PANELS_MAX 8 /* cells of a picture that has one for each */

/* The range of a picture. */
struct gate_range {
	double least, most;
};

/* Returns a range that is wide enough for most of the values, for 0, for the tolerance and for a slow-down with its
 * bounds; all in %, the values sorted. */
struct gate_range gate_range_of(const double *sorted, size_t count, struct slowdown slowdown, double tolerance);

double gate_percent(double shift); /* a difference of logarithms in % */

/* Returns a bound in %, or the edge of the picture if there is none. */
double gate_bound(double shift, double edge);

/* Writes the pairs of all cells that were judged by them, the rounds of those that are slower in the mean only, and how
 * many of both there are. Returns 0 or -ENOMEM. */
int gate_plot_pairs(const struct gate_plot_files *files, const struct gate_rows *rows);

/* For plots_draw(); the rows must outlive it. */
struct plot_data plot_gate(const struct gate_rows *rows);

#endif
