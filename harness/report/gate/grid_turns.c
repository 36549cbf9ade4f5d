#include "report/gate/internal.h"

#include <stdlib.h>
#include <string.h>

static bool has_pairs(const struct gate_row *row)
{
	return json_array_size(row->pairs) > 0;
}

/* The standard deviation of the values of the pairs; NaN: there are fewer than two. */
static double scatter_of(const struct gate_row *row, const char *key)
{
	double sum = 0, squares = 0, count = 0;
	const json_t *pair;
	size_t i;

	json_array_foreach(row->pairs, i, pair) {
		double d = pair_shift(pair, "b", key);

		if (!isfinite(d))
			continue;
		sum += d;
		squares += d * d;
		count++;
	}
	return count > 1 ? sqrt(fmax(squares - sum * sum / count, 0) / (count - 1)) : NAN;
}

static double took_ns(const struct gate_row *row)
{
	const json_t *pair;
	double sum = 0;
	size_t i;

	json_array_foreach(row->pairs, i, pair)
		sum += json_double(pair, "took_ns");
	return sum / (double)json_array_size(row->pairs);
}

static void fill_times(struct grid *grid, const struct gate_row **picks, const char *side)
{
	for (size_t i = 0; i < grid->rows; i++)
		quantity_text(gate_grid_text(grid, i), GRID_TEXT, KIND_TIME,
			      gate_row_time(picks[i], side, "undisturbed_ns"), "µs");
}

static void fill_scatter(struct grid *grid, const struct gate_row **picks, const char *key)
{
	for (size_t i = 0; i < grid->rows; i++) {
		double scatter = 100 * scatter_of(picks[i], key);

		snprintf(gate_grid_text(grid, i), GRID_TEXT, isfinite(scatter) ? "%.2g %%" : "-", scatter);
	}
}

int gate_grid_turns(struct grid *grid, const struct gate_rows *rows)
{
	const struct gate_row **picks;
	int err = gate_grid_begin(grid, &picks, rows, has_pairs);

	if (err)
		goto out;
	gate_left_column(grid, "time",
			 "CPU time where few slices sleep, of which the wall time counts; else wall time.");
	for (size_t i = 0; i < grid->rows; i++)
		snprintf(gate_grid_text(grid, i), GRID_TEXT, "%s", strcmp(picks[i]->measure, "cpu") ? "wall" : "CPU");
	gate_number_column(grid, "A\ntakes", KEEP_ALWAYS,
			   "Median over the pairs of the undisturbed time of all items, or of a run.");
	fill_times(grid, picks, "a");
	gate_number_column(grid, "B\ntakes", KEEP_ALWAYS,
			   "The same of B. The slow-down is not their ratio: it is taken within pairs.");
	fill_times(grid, picks, "b");
	gate_number_column(grid, "scatter", 70, "Standard deviation of a pair's ln(B/A), from one pair to the next.");
	fill_scatter(grid, picks, "undisturbed_ns");
	gate_number_column(grid, "of means", 60, "The same of the means.");
	fill_scatter(grid, picks, "mean_ns");
	gate_number_column(grid, "each side of a pair", 80, NULL);
	for (size_t i = 0; i < grid->rows; i++)
		gate_row_turns(gate_grid_text(grid, i), GRID_TEXT, picks[i]);
	gate_number_column(grid, "a pair\ntakes", 50, "From the start of its processes to their end.");
	for (size_t i = 0; i < grid->rows; i++)
		quantity_text(gate_grid_text(grid, i), GRID_TEXT, KIND_TIME, took_ns(picks[i]), "µs");
	gate_number_column(grid, "looks", 40, "How often the data were judged, with more of them each time.");
	for (size_t i = 0; i < grid->rows; i++)
		snprintf(gate_grid_text(grid, i), GRID_TEXT, "%.0f", picks[i]->looks);
out:
	free(picks);
	return err;
}
