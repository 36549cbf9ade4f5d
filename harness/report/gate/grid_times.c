#include "report/gate/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TIMES_MOST 1024 /* of one side of a cell, more than any gate measures */

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
	int err = gate_grid_begin(grid, &picks, rows, has_blocks);

	if (err || !scatter) {
		err = -ENOMEM;
		goto out;
	}
	gate_left_column(grid, "time", "What is judged: wall time, or CPU time where the work waits for nothing.");
	gate_number_column(grid, "A\ntakes", KEEP_ALWAYS,
		      "Median time of the runs of A: of a round, or of the whole command.");
	gate_number_column(grid, "B\ntakes", KEEP_ALWAYS,
		      "The same of B. The slow-down is not their ratio: it is taken within blocks, so that the "
		      "machine's drift does not enter.");
	gate_number_column(grid, "spread", 60, "Standard deviation of the runs of one side within a block.");
	gate_number_column(grid, "rounds\na run", 40,
		      "Of each process, whose lower quartile is its time; a command has none.");
	gate_number_column(grid, "blocks", 50, "That count: four runs of A and four of B in random order.");
	gate_number_column(grid, "dropped", 50, NULL);
	gate_number_column(grid, "looks", 50,
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
