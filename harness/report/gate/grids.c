#include "report/gate/internal.h"

#include "analyse/verdict.h"
#include "base/text.h"
#include "report/kit/grid.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *gate_grid_text(struct grid *grid, size_t row)
{
	return grid->text[row][grid->columns - 1];
}

void gate_left_column(struct grid *grid, const char *heading, const char *help)
{
	struct column *column = grid_column(grid, heading, "");

	column->left = true;
	column->help = help;
}

void gate_number_column(struct grid *grid, const char *heading, int keep, const char *help)
{
	struct column *column = grid_column(grid, heading, "");

	column->keep = keep;
	column->help = help;
}

/* Of a bound below, `least` is what it must exceed to show that B is slower, a ratio less 1. */
static void bounds_text(char *text, const struct gate_rows *rows, struct slowdown slowdown, double least)
{
	char low[24], high[24];

	gate_percent_text(low, sizeof(low), rows, expm1(slowdown.low), least);
	gate_percent_text(high, sizeof(high), rows, expm1(slowdown.high), rows->tolerance);
	low[strcspn(low, " ")] = '\0';
	if (isnan(slowdown.low) && isnan(slowdown.high))
		snprintf(text, GRID_TEXT, "-");
	else
		snprintf(text, GRID_TEXT, "%s to %s", low, high);
}

void gate_bounds_text(char *text, const struct gate_rows *rows, struct slowdown slowdown)
{
	bounds_text(text, rows, slowdown, expm1(rows->margin));
}

/* Returns the rows for which `pass` is true, and sets *count. The caller frees the list; it is NULL without memory. */
static const struct gate_row **pick(const struct gate_rows *rows, bool (*pass)(const struct gate_row *row),
				    size_t *count)
{
	const struct gate_row **picks = calloc(rows->count + 1, sizeof(*picks));

	*count = 0;
	for (size_t i = 0; picks && i < rows->count; i++)
		if (pass(&rows->row[i]))
			picks[(*count)++] = &rows->row[i];
	return picks;
}

int gate_grid_begin(struct grid *grid, const struct gate_row ***picks, const struct gate_rows *rows,
		    bool (*pass)(const struct gate_row *row))
{
	size_t count;

	*grid = (struct grid){ 0 };
	*picks = pick(rows, pass, &count);
	if (!*picks || grid_init(grid, count))
		return -ENOMEM;
	gate_left_column(grid, "cell", NULL);
	grid->keys = grid->columns;
	for (size_t i = 0; i < count; i++)
		text_squeeze(gate_grid_text(grid, i), GRID_TEXT, (*picks)[i]->id);
	return 0;
}

/* ---- Verdicts ---- */

static void note_of(char *note, size_t size, const struct gate_row *row)
{
	const char *kind = json_text(json_object_get(row->cell, "failure"), "kind");

	if (!row->measured && row->rank != RANK_UNCHANGED)
		text_squeeze(note, size, row->reason ? row->reason : kind ? kind : "not measured");
}

static const char slowdown_of_pairs[] =
	"How much longer B takes than A, in undisturbed time: the median of the averages of all two pairs. Below "
	"zero B is faster.";
static const char slowdown_of_blocks[] =
	"How much longer B takes than A: the median of the differences of all pairs of a run of B and one of A "
	"within a block. Below zero B is faster.";

/* Writes an estimate of the row, unless it says nothing. */
static void write_theta(struct grid *grid, size_t row, const struct gate_rows *rows, double theta, double limit)
{
	double ratio = slowdown_is_bounded(rows->row[row].slowdown) ? expm1(theta) : NAN;

	gate_percent_text(gate_grid_text(grid, row), GRID_TEXT, rows, ratio, limit);
}

static void add_means(struct grid *grid, const struct gate_rows *rows)
{
	gate_number_column(grid, "mean", 65,
		      "The same of the means of all rounds, disturbed ones, too: slower beyond the tolerance it is "
		      "regressed, whatever undisturbed times say.");
	for (size_t i = 0; i < grid->rows; i++)
		write_theta(grid, i, rows, rows->row[i].mean.theta, rows->tolerance);
	gate_number_column(grid, "bounds", 50, NULL);
	grid->column[grid->columns - 1].joined = true;
	for (size_t i = 0; i < grid->rows; i++)
		bounds_text(gate_grid_text(grid, i), rows, rows->row[i].mean, 0);
}

static void add_turns(struct grid *grid, const struct gate_rows *rows)
{
	gate_number_column(grid, "each side\nof a pair", 40,
			   "What is held against each other: both sides do it in turn.");
	for (size_t i = 0; i < grid->rows; i++)
		gate_row_turns(gate_grid_text(grid, i), GRID_TEXT, &rows->row[i]);
}

static void add_timing(struct grid *grid, const struct gate_rows *rows)
{
	gate_number_column(grid, "slow-down", KEEP_ALWAYS, rows->by_pairs ? slowdown_of_pairs : slowdown_of_blocks);
	for (size_t i = 0; i < grid->rows; i++)
		write_theta(grid, i, rows, rows->row[i].slowdown.theta, NAN);
	gate_number_column(grid, "bounds", KEEP_ALWAYS, NULL);
	grid->column[grid->columns - 1].joined = true;
	for (size_t i = 0; i < grid->rows; i++)
		gate_bounds_text(gate_grid_text(grid, i), rows, rows->row[i].slowdown);
	if (rows->by_pairs)
		add_means(grid, rows);
	gate_number_column(grid, !rows->by_pairs ? "runs\na side" : rows->by_blocks ? "pairs,\nruns" : "pairs", 60,
		      "That the verdict rests on: pairs of a fresh process of A and one of B, or as many fresh "
		      "processes of each side.");
	for (size_t i = 0; i < grid->rows; i++)
		snprintf(gate_grid_text(grid, i), GRID_TEXT, "%.0f", rows->row[i].runs_a_side);
	if (rows->by_pairs)
		add_turns(grid, rows);
	gate_number_column(grid, "would have\nshown", 70,
		      "The smallest slow-down that would have been shown to be one, had B been slower by it; not known "
		      "where B is shown to be faster.");
	for (size_t i = 0; i < grid->rows; i++)
		percent_above(gate_grid_text(grid, i), GRID_TEXT, rows->row[i].smallest_shown,
			      verdict_decimals(rows->row[i].smallest_shown, rows->by_instructions));
}

static void add_counts(struct grid *grid, const struct gate_rows *rows)
{
	static const char *const headings[] = { "A", "B" };

	gate_number_column(grid, "difference", KEEP_ALWAYS,
		      "How many more instructions B executes than A; below zero: fewer.");
	for (size_t i = 0; i < grid->rows; i++)
		gate_percent_text(gate_grid_text(grid, i), GRID_TEXT, rows, expm1(rows->row[i].slowdown.theta),
				  rows->tolerance);
	for (int side = 0; side < 2; side++) {
		gate_number_column(grid, headings[side], KEEP_ALWAYS, NULL);
		for (size_t i = 0; i < grid->rows; i++)
			number_text(gate_grid_text(grid, i), GRID_TEXT, rows->row[i].counts[side],
				    (struct unit){ "", 1, 0 });
	}
}

static bool any(const struct gate_row *row)
{
	return row->cell;
}

int gate_grid_cells(struct grid *grid, const struct gate_rows *rows)
{
	const struct gate_row **picks;
	int err = gate_grid_begin(grid, &picks, rows, any);

	free(picks);
	if (err)
		return err;
	gate_left_column(grid, "verdict", NULL);
	grid->keys = grid->columns;
	for (size_t i = 0; i < grid->rows; i++) {
		snprintf(gate_grid_text(grid, i), GRID_TEXT, "%s", gate_row_word(&rows->row[i]));
		note_of(grid->note[i], sizeof(*grid->note), &rows->row[i]);
	}
	if (rows->by_instructions)
		add_counts(grid, rows);
	else
		add_timing(grid, rows);
	return 0;
}

/* ---- Controls ---- */

static const struct control_form {
	const char *key, *name, *must;
} controls[] = {
	{ "aa", "A against A", "not be regressed" },
	{ "plus", "A against A made slower", "not pass" },
};

/* Of A made slower it may hold that it is not a pass, and yet the gate saw nothing. */
static void write_holds(char *text, const struct gate_rows *rows, const struct control_form *form,
			const json_t *control)
{
	if (!json_flag(control, "holds"))
		snprintf(text, GRID_TEXT, "NO");
	else if (!strcmp(form->key, "plus") && json_says(control, "verdict", "cannot tell"))
		snprintf(text, GRID_TEXT, "yes, but could not see %.3g %%", 100 * verdict_added(rows->tolerance));
	else
		snprintf(text, GRID_TEXT, "yes");
}

static void fill_control(struct grid *grid, const struct gate_rows *rows, const struct control_form *form,
			 const json_t *control)
{
	struct slowdown slowdown = { json_double(control, "theta"), json_double(control, "low"),
				     json_double(control, "high") };
	const char *verdict = json_text(control, "verdict");
	char(*text)[GRID_TEXT] = grid->text[grid->rows++];

	snprintf(text[0], GRID_TEXT, "%s", form->name);
	snprintf(text[1], GRID_TEXT, "%s", form->must);
	snprintf(text[2], GRID_TEXT, "%.40s", verdict ? verdict : "-");
	write_holds(text[3], rows, form, control);
	gate_percent_text(text[4], GRID_TEXT, rows, expm1(slowdown.theta), NAN);
	gate_bounds_text(text[5], rows, slowdown);
}

int gate_grid_controls(struct grid *grid, const struct gate_rows *rows)
{
	int err = grid_init(grid, sizeof(controls) / sizeof(controls[0]));

	if (err)
		return err;
	grid->rows = 0;
	gate_left_column(grid, "control", NULL);
	grid->keys = grid->columns;
	gate_left_column(grid, "must", NULL);
	grid->column[grid->columns - 1].keep = 50;
	gate_left_column(grid, "verdict", NULL);
	gate_left_column(grid, "holds", NULL);
	gate_number_column(grid, "slow-down", KEEP_ALWAYS, NULL);
	gate_number_column(grid, "bounds", KEEP_ALWAYS, NULL);
	grid->column[5].joined = true;
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
		const json_t *control = json_object_get(json_object_get(rows->gate, "controls"), controls[i].key);

		if (json_is_object(control))
			fill_control(grid, rows, &controls[i], control);
	}
	return 0;
}

/* ---- Screening ---- */

static bool is_screened(const struct gate_row *row)
{
	return json_is_object(json_object_get(row->cell, "screened"));
}

int gate_grid_screening(struct grid *grid, const struct gate_rows *rows)
{
	const struct gate_row **picks;
	int err = gate_grid_begin(grid, &picks, rows, is_screened);

	if (err)
		goto out;
	gate_left_column(grid, "suspected",
			 "Whether it may be slower by the tolerance or more, and so was measured again.");
	gate_number_column(grid, "slow-down", KEEP_ALWAYS, NULL);
	gate_number_column(grid, "bounds", KEEP_ALWAYS, NULL);
	grid->column[3].joined = true;
	gate_number_column(grid, "runs\na side", 60, NULL);
	for (size_t i = 0; i < grid->rows; i++) {
		const json_t *screened = json_object_get(picks[i]->cell, "screened");
		struct slowdown slowdown = { json_double(screened, "theta"), json_double(screened, "low"),
					     json_double(screened, "high") };

		snprintf(grid->text[i][1], GRID_TEXT, "%s",
			 json_flag(screened, "flagged") ? "yes" : "no");
		gate_percent_text(grid->text[i][2], GRID_TEXT, rows, expm1(slowdown.theta), NAN);
		gate_bounds_text(grid->text[i][3], rows, slowdown);
		snprintf(grid->text[i][4], GRID_TEXT, "%.0f", json_double(screened, "runs_a_side"));
	}
out:
	free(picks);
	return err;
}
