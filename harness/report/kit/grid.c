#include "report/kit/grid_make.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct column *grid_column(struct grid *grid, const char *heading, const char *unit)
{
	struct column *column;

	if (grid->columns == GRID_COLUMNS)
		return NULL;
	column = &grid->column[grid->columns++];
	*column = (struct column){ .keep = KEEP_ALWAYS };
	snprintf(column->heading, sizeof(column->heading), "%s%s%s", heading, unit[0] ? "\n" : "", unit);
	return column;
}

static void key_column(struct grid *grid, const char *heading, bool left, int keep)
{
	struct column *column = grid_column(grid, heading, "");

	column->left = left;
	column->keep = keep;
	grid->keys = grid->columns;
}

static void fill_keys(struct grid *grid, const struct rows *rows, const struct picks *picks)
{
	for (size_t i = 0; i < picks->count; i++) {
		const struct row *row = picks->row[i];
		char(*text)[GRID_TEXT] = grid->text[i];
		size_t at = 0;

		if (rows->workloads)
			snprintf(text[at++], GRID_TEXT, "%s", row->workload);
		snprintf(text[at++], GRID_TEXT, "%s", row->mode);
		if (rows->transports)
			snprintf(text[at++], GRID_TEXT, "%s", row->transport ? row->transport : "-");
		if (rows->schedules)
			snprintf(text[at++], GRID_TEXT, "%s", row->schedule ? row->schedule : "-");
		if (rows->chunks && row->chunk)
			snprintf(text[at++], GRID_TEXT, "%" PRIu64, row->chunk);
		else if (rows->chunks)
			snprintf(text[at++], GRID_TEXT, "-");
		snprintf(text[at], GRID_TEXT, "%" PRIu64, row->workers);
	}
}

int grid_init(struct grid *grid, size_t rows)
{
	*grid = (struct grid){ .rows = rows };
	grid->text = calloc(rows + 1, sizeof(*grid->text));
	grid->note = calloc(rows + 1, sizeof(*grid->note));
	return grid->text && grid->note ? 0 : -ENOMEM;
}

int grid_init_cells(struct grid *grid, const struct rows *rows, const struct picks *picks)
{
	int err = grid_init(grid, picks->count);

	if (err)
		return err;
	if (rows->workloads) {
		key_column(grid, "workload", true, KEEP_ALWAYS);
		grid->column[0].once = true;
	}
	key_column(grid, "mode", true, KEEP_ALWAYS);
	if (rows->transports)
		key_column(grid, "transport", true, KEEP_ALWAYS);
	if (rows->schedules)
		key_column(grid, "schedule", true, KEEP_ALWAYS);
	if (rows->chunks)
		key_column(grid, "chunk", false, KEEP_ALWAYS);
	key_column(grid, "workers", false, KEEP_ALWAYS);
	fill_keys(grid, rows, picks);
	return 0;
}

void grid_release(struct grid *grid)
{
	free(grid->text);
	free(grid->note);
	*grid = (struct grid){ 0 };
}

bool grid_shown(const struct grid *grid)
{
	return grid->rows && grid->columns > grid->keys;
}

void column_title(char *title, const struct column *column)
{
	for (const char *from = column->heading; *from; from++) {
		if (from[0] == '-' && from[1] == '\n')
			from++;
		else
			*title++ = (char)(*from == '\n' ? ' ' : *from);
	}
	*title = '\0';
}

static void interval_column(struct grid *grid, const struct column *form, const struct interval *values,
			    struct unit unit)
{
	struct column *column = grid_column(grid, "95 %\ninterval", "");

	if (!column)
		return;
	column->joined = true;
	column->keep = form->keep < KEEP_ALWAYS ? form->keep : 80;
	for (size_t i = 0; i < grid->rows; i++)
		interval_text(grid->text[i][grid->columns - 1], GRID_TEXT, values[i], unit);
}

int grid_values(struct grid *grid, const struct column *form, enum quantity_kind kind, const struct interval *values,
		bool intervals, const char *micro)
{
	double *medians = calloc(grid->rows + 1, sizeof(*medians));
	struct column *column;
	struct unit unit;

	if (!medians)
		return -ENOMEM;
	for (size_t i = 0; i < grid->rows; i++)
		medians[i] = values[i].median;
	unit = unit_choose(kind, medians, grid->rows, micro);
	free(medians);
	column = grid_column(grid, form->heading, unit.name);
	if (!column)
		return 0;
	column->help = form->help;
	column->joined = form->joined;
	column->keep = form->keep;
	for (size_t i = 0; i < grid->rows; i++)
		number_text(grid->text[i][grid->columns - 1], GRID_TEXT, values[i].median, unit);
	if (intervals)
		interval_column(grid, form, values, unit);
	return 0;
}
