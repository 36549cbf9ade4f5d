#include "report/run/grids/grids.h"

#include "analyse/account_split.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define OTHER "other"

struct account_columns {
	size_t part[PARTS_MAX]; /* the parts that have a column, the greatest first */
	size_t count;
	bool shown[PARTS_MAX];
	bool other;
};

static void add_up(const struct rows *rows, const struct picks *picks, double *sums)
{
	int tenths[PARTS_MAX];

	for (size_t i = 0; i < picks->count; i++) {
		if (picks->row[i]->account_ns == 0)
			continue;
		row_shares(picks->row[i], rows->parts, tenths);
		for (size_t j = 0; j < rows->parts; j++)
			sums[j] += abs(tenths[j]);
	}
}

/* Chooses the greatest of the parts that are not 0 in all rows, as many as there are columns for; what is unexplained
 * is always shown, as the last one. */
static struct account_columns layout_make(const struct rows *rows, const struct picks *picks, size_t limit)
{
	struct account_columns layout = { .count = 0 };
	double sums[PARTS_MAX] = { 0 };
	size_t last = rows->parts;

	add_up(rows, picks, sums);
	for (size_t i = 0; i < rows->parts; i++)
		if (strcmp(rows->part[i], split_infos[SPLIT_UNEXPLAINED].name) == 0)
			last = i;
	for (;;) {
		size_t most = rows->parts;

		for (size_t i = 0; i < rows->parts; i++)
			if (i != last && !layout.shown[i] && sums[i] > 0 &&
			    (most == rows->parts || sums[i] > sums[most]))
				most = i;
		layout.other = most != rows->parts;
		if (!layout.other || layout.count >= limit)
			break;
		layout.shown[most] = true;
		layout.part[layout.count++] = most;
	}
	if (last < rows->parts) {
		layout.shown[last] = true;
		layout.part[layout.count++] = last;
	}
	return layout;
}

static const char *help_of(const char *part)
{
	for (size_t i = 0; i < SPLIT_COUNT; i++)
		if (strcmp(split_infos[i].name, part) == 0)
			return split_infos[i].help;
	return strcmp(part, OTHER) == 0 ? "The smaller parts together." : NULL;
}

static void part_column(struct grid *grid, const char *name)
{
	char heading[GRID_TEXT];
	struct column *column;

	snprintf(heading, sizeof(heading), "%s", name);
	for (char *at = heading; *at; at++)
		if (*at == '_')
			*at = ' ';
	column = grid_column(grid, heading, "%");
	if (column)
		column->help = help_of(name);
}

static void tenths_text(char *text, int tenths)
{
	snprintf(text, GRID_TEXT, "%s%d.%d", tenths < 0 ? "-" : "", abs(tenths) / 10, abs(tenths) % 10);
}

static void fill_row(char (*text)[GRID_TEXT], const struct rows *rows, const struct row *row,
		     const struct account_columns *layout)
{
	int tenths[PARTS_MAX], other = 0;

	if (row->account_ns == 0)
		return;
	row_shares(row, rows->parts, tenths);
	for (size_t i = 0; i < rows->parts; i++)
		other += layout->shown[i] ? 0 : tenths[i];
	for (size_t i = 0; i < layout->count; i++) {
		if (layout->other && i == layout->count - 1)
			tenths_text(*text++, other);
		tenths_text(*text++, tenths[layout->part[i]]);
	}
}

int grid_account(struct grid *grid, const struct rows *rows, const struct picks *picks, const struct grid_style *style)
{
	struct account_columns layout = layout_make(rows, picks, style->parts);
	int err = grid_init_cells(grid, rows, picks);

	if (err)
		return err;
	grid->folds = true;
	for (size_t i = 0; i < layout.count; i++) {
		if (layout.other && i == layout.count - 1)
			part_column(grid, OTHER);
		part_column(grid, rows->part[layout.part[i]]);
	}
	for (size_t i = 0; i < picks->count; i++)
		fill_row(&grid->text[i][grid->keys], rows, picks->row[i], &layout);
	return 0;
}
