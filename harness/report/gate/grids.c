#include "report/gate/internal.h"

#include "base/text.h"
#include "report/kit/grid.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TIMES_MOST 1024 /* of one side of a cell, more than any gate measures */

/* Returns the text of a row in the column that was begun last. */
static char *text_of(struct grid *grid, size_t row)
{
	return grid->text[row][grid->columns - 1];
}

/* Begins a column whose text is aligned at the left. */
static void left_column(struct grid *grid, const char *heading, const char *help)
{
	struct column *column = grid_column(grid, heading, "");

	column->left = true;
	column->help = help;
}

static void number_column(struct grid *grid, const char *heading, int keep, const char *help)
{
	struct column *column = grid_column(grid, heading, "");

	column->keep = keep;
	column->help = help;
}

/* Writes "+1.4 to +2.8 %", or "- to +2.8 %" if there are too few runs for the lower bound. */
static void bounds_text(char *text, const struct gate_rows *rows, struct slowdown slowdown)
{
	int decimals = gate_decimals(rows);
	char low[24], high[24];

	percent_beside(low, sizeof(low), expm1(slowdown.low), expm1(rows->margin), decimals);
	percent_beside(high, sizeof(high), expm1(slowdown.high), rows->tolerance, decimals);
	low[strcspn(low, " ")] = '\0';
	if (isnan(slowdown.low) && isnan(slowdown.high))
		snprintf(text, GRID_TEXT, "-");
	else
		snprintf(text, GRID_TEXT, "%s to %s", low, high);
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

/* Makes a grid with the key column, and a row for each cell for which `pass` is true. */
static int begin(struct grid *grid, const struct gate_row ***picks, const struct gate_rows *rows,
		 bool (*pass)(const struct gate_row *row))
{
	size_t count;

	*grid = (struct grid){ 0 };
	*picks = pick(rows, pass, &count);
	if (!*picks || grid_init(grid, count))
		return -ENOMEM;
	left_column(grid, "cell", NULL);
	grid->keys = grid->columns;
	for (size_t i = 0; i < count; i++)
		text_squeeze(text_of(grid, i), GRID_TEXT, (*picks)[i]->id);
	return 0;
}

/* ---- Verdicts ---- */

static void note_of(char *note, size_t size, const struct gate_row *row)
{
	const char *kind = json_text(json_object_get(row->cell, "failure"), "kind");

	if (!row->measured && row->rank != RANK_UNCHANGED)
		text_squeeze(note, size, row->reason ? row->reason : kind ? kind : "not measured");
}

static void add_timing(struct grid *grid, const struct gate_rows *rows)
{
	int decimals = gate_decimals(rows);

	number_column(grid, "slow-down", KEEP_ALWAYS,
		      "How much longer B takes than A: the median of the differences of all pairs of a run of B and "
		      "one of A within a block. Below zero B is faster.");
	for (size_t i = 0; i < grid->rows; i++)
		percent_text(text_of(grid, i), GRID_TEXT, expm1(rows->row[i].slowdown.theta), decimals);
	number_column(grid, "bounds", KEEP_ALWAYS, NULL);
	grid->column[grid->columns - 1].joined = true;
	for (size_t i = 0; i < grid->rows; i++)
		bounds_text(text_of(grid, i), rows, rows->row[i].slowdown);
	number_column(grid, "runs\na side", 60, "Fresh processes of A, and as many of B, that the verdict rests on.");
	for (size_t i = 0; i < grid->rows; i++)
		snprintf(text_of(grid, i), GRID_TEXT, "%.0f", rows->row[i].runs_a_side);
	number_column(grid, "would have\nshown", 70,
		      "The smallest slow-down that these runs would have shown to be one, had B been slower by it; "
		      "not known where B is shown to be faster.");
	for (size_t i = 0; i < grid->rows; i++)
		percent_above(text_of(grid, i), GRID_TEXT, rows->row[i].smallest_shown, decimals);
}

static void add_counts(struct grid *grid, const struct gate_rows *rows)
{
	static const char *const headings[] = { "A", "B" };

	number_column(grid, "difference", KEEP_ALWAYS,
		      "How many more instructions B executes than A; below zero: fewer.");
	for (size_t i = 0; i < grid->rows; i++)
		percent_beside(text_of(grid, i), GRID_TEXT, expm1(rows->row[i].slowdown.theta), rows->tolerance,
			       gate_decimals(rows));
	for (int side = 0; side < 2; side++) {
		number_column(grid, headings[side], KEEP_ALWAYS, NULL);
		for (size_t i = 0; i < grid->rows; i++)
			number_text(text_of(grid, i), GRID_TEXT, rows->row[i].counts[side], (struct unit){ "", 1, 0 });
	}
}

static bool any(const struct gate_row *row)
{
	return row->cell;
}

int gate_grid_cells(struct grid *grid, const struct gate_rows *rows)
{
	const struct gate_row **picks;
	int err = begin(grid, &picks, rows, any);

	free(picks);
	if (err)
		return err;
	left_column(grid, "verdict", NULL);
	grid->keys = grid->columns;
	for (size_t i = 0; i < grid->rows; i++) {
		snprintf(text_of(grid, i), GRID_TEXT, "%s", gate_row_word(&rows->row[i]));
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
	snprintf(text[3], GRID_TEXT, "%s", json_flag(control, "holds") ? "yes" : "NO");
	percent_text(text[4], GRID_TEXT, expm1(slowdown.theta), gate_decimals(rows));
	bounds_text(text[5], rows, slowdown);
}

int gate_grid_controls(struct grid *grid, const struct gate_rows *rows)
{
	int err = grid_init(grid, sizeof(controls) / sizeof(controls[0]));

	if (err)
		return err;
	grid->rows = 0;
	left_column(grid, "control", NULL);
	grid->keys = grid->columns;
	left_column(grid, "must", NULL);
	grid->column[grid->columns - 1].keep = 50;
	left_column(grid, "verdict", NULL);
	left_column(grid, "holds", NULL);
	number_column(grid, "slow-down", KEEP_ALWAYS, NULL);
	number_column(grid, "bounds", KEEP_ALWAYS, NULL);
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
	int err = begin(grid, &picks, rows, is_screened), decimals = gate_decimals(rows);

	if (err)
		goto out;
	left_column(grid, "suspected", "Whether it may be slower by the tolerance or more, and so was measured again.");
	number_column(grid, "slow-down", KEEP_ALWAYS, NULL);
	number_column(grid, "bounds", KEEP_ALWAYS, NULL);
	grid->column[3].joined = true;
	number_column(grid, "runs\na side", 60, NULL);
	for (size_t i = 0; i < grid->rows; i++) {
		const json_t *screened = json_object_get(picks[i]->cell, "screened");
		struct slowdown slowdown = { json_double(screened, "theta"), json_double(screened, "low"),
					     json_double(screened, "high") };

		snprintf(grid->text[i][1], GRID_TEXT, "%s",
			 json_flag(screened, "flagged") ? "yes" : "no");
		percent_text(grid->text[i][2], GRID_TEXT, expm1(slowdown.theta), decimals);
		bounds_text(grid->text[i][3], rows, slowdown);
		snprintf(grid->text[i][4], GRID_TEXT, "%.0f", json_double(screened, "runs_a_side"));
	}
out:
	free(picks);
	return err;
}

/* ---- Times ---- */

/* The times of each side in the blocks of a cell, and how much they scatter. */
struct scatter {
	double times[2][TIMES_MOST];
	size_t counts[2], blocks, dropped;
	double squares, freedom; /* of ln(time) around the mean of its block and side; degrees of freedom */
};

static void add_times(struct scatter *s, int side, const json_t *block)
{
	static const char *const sides[] = { "a", "b" };
	double *times = s->times[side] + s->counts[side], mean = 0;
	size_t count = block_times(times, TIMES_MOST - s->counts[side], block, sides[side]);

	for (size_t i = 0; i < count; i++)
		mean += log(times[i]) / (double)count;
	for (size_t i = 0; i < count; i++)
		s->squares += (log(times[i]) - mean) * (log(times[i]) - mean);
	s->freedom += count ? (double)count - 1 : 0;
	s->counts[side] += count;
}

static void scatter_of(struct scatter *s, const struct gate_row *row)
{
	const json_t *blocks = json_object_get(row->cell, "blocks"), *block;
	size_t i;

	*s = (struct scatter){ .blocks = 0 };
	json_array_foreach(blocks, i, block) {
		bool dropped = json_flag(block, "dropped");

		if (!gate_row_judges(row, block))
			continue;
		s->dropped += dropped;
		s->blocks += !dropped;
		for (int side = 0; side < 2 && !dropped; side++)
			add_times(s, side, block);
	}
	for (int side = 0; side < 2; side++)
		values_sort(s->times[side], s->counts[side]);
}

static bool has_blocks(const struct gate_row *row)
{
	return json_array_size(json_object_get(row->cell, "blocks")) > 0;
}

static void fill_times(struct grid *grid, size_t row, const struct gate_row *of, const struct scatter *s)
{
	double medians[2], rounds = json_double(of->cell, "rounds");
	struct unit unit;
	char number[32];

	for (int side = 0; side < 2; side++)
		medians[side] = values_median(s->times[side], s->counts[side]);
	unit = unit_choose(KIND_TIME, medians, 2, "µs");
	snprintf(grid->text[row][1], GRID_TEXT, "%s", strcmp(of->measure, "cpu") ? "wall" : "CPU");
	for (int side = 0; side < 2; side++) {
		number_text(number, sizeof(number), medians[side], unit);
		snprintf(grid->text[row][2 + side], GRID_TEXT, s->counts[side] ? "%s %s" : "-", number, unit.name);
	}
	snprintf(grid->text[row][4], GRID_TEXT, s->freedom > 0 ? "%.1f %%" : "-", 100 * sqrt(s->squares / s->freedom));
	number_text(grid->text[row][5], GRID_TEXT, rounds, (struct unit){ "", 1, 0 });
	snprintf(grid->text[row][6], GRID_TEXT, "%zu", s->blocks);
	snprintf(grid->text[row][7], GRID_TEXT, "%zu", s->dropped);
	snprintf(grid->text[row][8], GRID_TEXT, "%.0f", of->looks);
}

int gate_grid_times(struct grid *grid, const struct gate_rows *rows)
{
	const struct gate_row **picks;
	struct scatter *scatter = malloc(sizeof(*scatter));
	int err = begin(grid, &picks, rows, has_blocks);

	if (err || !scatter) {
		err = -ENOMEM;
		goto out;
	}
	left_column(grid, "time", "What is judged: wall time, or CPU time where the work waits for nothing.");
	number_column(grid, "A\ntakes", KEEP_ALWAYS,
		      "Median time of the runs of A: of a round, or of the whole command.");
	number_column(grid, "B\ntakes", KEEP_ALWAYS,
		      "The same of B. The slow-down is not their ratio: it is taken within blocks, so that the "
		      "machine's drift does not enter.");
	number_column(grid, "spread", 60, "Standard deviation of the runs of one side within a block.");
	number_column(grid, "rounds\na run", 40,
		      "Of each process, whose lower quartile is its time; a command has none.");
	number_column(grid, "blocks", 50, "That count: four runs of A and four of B in random order.");
	number_column(grid, "dropped", 50, NULL);
	number_column(grid, "looks", 50,
		      "How often the data were judged, with more of them each time; the screening is one.");
	for (size_t i = 0; i < grid->rows; i++) {
		scatter_of(scatter, picks[i]);
		fill_times(grid, i, picks[i], scatter);
	}
out:
	free(scatter);
	free(picks);
	return err;
}
