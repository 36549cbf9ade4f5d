#include "report/run/grids/grids.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define COLUMNS (LATENCY_COUNT + 1)
#define FAR_APART 1000 /* in so many times the least number all have units of their own */

static const struct column forms[COLUMNS] = {
	[LATENCY_P50] = {
		.heading = "p50", .keep = KEEP_ALWAYS,
		.help = "Half of a round's items had their result so soon after the caller submitted them: at the "
			"round's start, or when apply or --in-flight let it go on. With imap a result waits for those "
			"before it. Items without a result do not count." },
	[LATENCY_P99] = {
		.heading = "p99", .keep = KEEP_ALWAYS,
		.help = "99 of 100 items had it so soon; known where a round has at least 100." },
	[LATENCY_P999] = {
		.heading = "p99.9", .keep = KEEP_ALWAYS,
		.help = "999 of 1000 items had it so soon; known where a round has at least 1000." },
	[LATENCY_COUNT] = {
		.heading = "first\nresult", .keep = 60,
		.help = "From the start of the round until the caller can have the first result." },
};

static double value_of(const struct row *row, size_t column)
{
	return column < LATENCY_COUNT ? row->latency_ns[column] : row->first_result_ns;
}

/* All columns have the same units, so that they can be held against each other; or each number its own, since calls
 * that wait for each item and calls that submit all at once lie far apart. */
static struct units choose_units(const struct picks *picks, double *values, const char *micro)
{
	double least = INFINITY, most = 0;
	struct units units;
	size_t count = 0;

	for (size_t i = 0; i < picks->count; i++)
		for (size_t column = 0; column < COLUMNS; column++) {
			double value = values[count++] = value_of(picks->row[i], column);

			least = fmin(least, value);
			most = fmax(most, value);
		}
	units = units_choose(KIND_TIME, values, count, micro);
	units.by_row |= most > FAR_APART * least;
	return units;
}

static void add_column(struct grid *grid, const struct picks *picks, size_t column, const struct units *units,
		       struct interval *values)
{
	for (size_t i = 0; i < picks->count; i++)
		values[i] = (struct interval){ .median = value_of(picks->row[i], column) };
	grid_values_in(grid, &forms[column], units, values, false);
}

int grid_latencies(struct grid *grid, const struct rows *rows, const struct picks *picks,
		   const struct grid_style *style)
{
	double *all = calloc(picks->count * COLUMNS + 1, sizeof(*all));
	struct interval *values = calloc(picks->count + 1, sizeof(*values));
	int err = grid_init_cells(grid, rows, picks);
	struct units units;

	if (!all || !values)
		err = -ENOMEM;
	if (!err) {
		units = choose_units(picks, all, style->micro);
		for (size_t column = 0; column < COLUMNS; column++)
			add_column(grid, picks, column, &units, values);
	}
	free(values);
	free(all);
	return err;
}
