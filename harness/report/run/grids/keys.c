#include "report/run/grids/grids.h"

#include <inttypes.h>
#include <stdio.h>

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

