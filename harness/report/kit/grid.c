#include "report/kit/grid.h"

#include <errno.h>
#include <stdio.h>
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

int grid_init(struct grid *grid, size_t rows)
{
	*grid = (struct grid){ .rows = rows };
	grid->text = calloc(rows + 1, sizeof(*grid->text));
	grid->note = calloc(rows + 1, sizeof(*grid->note));
	return grid->text && grid->note ? 0 : -ENOMEM;
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
			    const struct units *units)
{
	struct column *column = grid_column(grid, "95 %\ninterval", "");

	if (!column)
		return;
	column->joined = true;
	column->keep = form->keep < KEEP_ALWAYS ? form->keep : 80;
	for (size_t i = 0; i < grid->rows; i++)
		units_interval(grid->text[i][grid->columns - 1], GRID_TEXT, units, values[i]);
}

void grid_values_in(struct grid *grid, const struct column *form, const struct units *units,
		    const struct interval *values, bool intervals)
{
	struct column *column = grid_column(grid, form->heading, units_heading(units));

	if (!column)
		return;
	column->help = form->help;
	column->joined = form->joined;
	column->keep = form->keep;
	for (size_t i = 0; i < grid->rows; i++)
		units_number(grid->text[i][grid->columns - 1], GRID_TEXT, units, values[i].median);
	if (intervals)
		interval_column(grid, form, values, units);
}

int grid_values(struct grid *grid, const struct column *form, enum quantity_kind kind, const struct interval *values,
		bool intervals, const char *micro)
{
	double *medians = calloc(grid->rows + 1, sizeof(*medians));
	struct units units;

	if (!medians)
		return -ENOMEM;
	for (size_t i = 0; i < grid->rows; i++)
		medians[i] = values[i].median;
	units = units_choose(kind, medians, grid->rows, micro);
	free(medians);
	grid_values_in(grid, form, &units, values, intervals);
	return 0;
}
