#include "report/gate/internal.h"

#include "report/kit/plot_data.h"

#include <errno.h>
#include <stdlib.h>

#define RARE_MOST 4 /* cells whose rounds are drawn */

/* A kind of points in a panel, as plots/README.md numbers them. */
enum points { POINTS_B = 1, POINTS_CONTROL, POINTS_MEAN, POINTS_END };

static double value_of(const json_t *pair, enum points points)
{
	double shift = pair_shift(pair, points == POINTS_CONTROL ? "control" : "b",
				  points == POINTS_MEAN ? "mean_ns" : "undisturbed_ns");

	return isfinite(shift) ? gate_percent(shift) : NAN;
}

/* Whether these points are drawn: means only where they say something else. */
static bool is_drawn(const struct gate_row *row, enum points points)
{
	return points != POINTS_MEAN || row->rare || gate_row_mean_differs(row);
}

/* Returns a list of all points of a panel, sorted, which the caller frees; NULL without memory. */
static double *collect(const struct gate_row *row, size_t *count)
{
	double *values = calloc((POINTS_END - 1) * json_array_size(row->pairs) + 1, sizeof(*values));
	const json_t *pair;
	size_t i;

	*count = 0;
	json_array_foreach(row->pairs, i, pair)
		for (enum points points = POINTS_B; values && points < POINTS_END; points++)
			if (is_drawn(row, points) && isfinite(value_of(pair, points)))
				values[(*count)++] = value_of(pair, points);
	if (values)
		values_sort(values, *count);
	return values;
}

static void write_points(FILE *out, size_t panel, const struct gate_row *row, struct gate_range range)
{
	const json_t *pair;
	size_t i;

	json_array_foreach(row->pairs, i, pair) {
		for (enum points points = POINTS_B; points < POINTS_END; points++) {
			double percent = value_of(pair, points), shown = fmin(fmax(percent, range.least), range.most);

			if (is_drawn(row, points) && isfinite(percent))
				fprintf(out, "%zu\t%zu\t%d\t%.6f\t%d\t%d\n", panel, i + 1, points, shown,
					shown < percent, shown > percent);
		}
	}
}

static int write_panel(const struct gate_plot_files *files, size_t panel, const struct gate_row *row, double tolerance)
{
	struct slowdown mean = is_drawn(row, POINTS_MEAN) ? row->mean : (struct slowdown){ NAN, NAN, NAN };
	size_t count;
	double *values = collect(row, &count);
	struct gate_range range;

	if (!values)
		return -ENOMEM;
	range = gate_range_of(values, count, row->slowdown, tolerance);
	if (isfinite(mean.theta))
		range.most = fmax(range.most, 1.1 * gate_percent(mean.theta));
	write_points(files->pairs, panel, row, range);
	fprintf(files->pair_panels, "%zu\t%zu\t%.6f\t%.6f\t%.6f\t%.6f\t%.6f\t%d\t%.6f\t%d\n", panel,
		json_array_size(row->pairs), range.least, range.most, gate_percent(row->slowdown.theta),
		gate_bound(row->slowdown.low, range.least), gate_bound(row->slowdown.high, range.most), (int)row->rank,
		gate_percent(mean.theta), row->rare);
	plot_name_write(files->names, "pair_panel", row->id);
	free(values);
	return 0;
}

/* ---- Rounds of a cell that is slower in some of them ---- */

static void write_side(FILE *out, size_t panel, size_t number, const json_t *pair, const char *side)
{
	const json_t *rounds = json_object_get(json_object_get(pair, side), "rounds_ns"), *round;
	double usual_ns = json_double(json_object_get(pair, "a"), "undisturbed_ns");
	size_t i, count = json_array_size(rounds);

	json_array_foreach(rounds, i, round) {
		double percent = 100 * (json_number_value(round) / usual_ns - 1);

		if (isfinite(percent))
			fprintf(out, "%zu\t%.4f\t%d\t%.6f\n", panel,
				(double)number + 0.5 + ((double)i + 0.5) / (double)count, side[0] == 'a' ? 1 : 2,
				percent);
	}
}

static void write_rounds(const struct gate_plot_files *files, const struct gate_rows *rows)
{
	size_t panels = 0;

	for (size_t i = 0; i < rows->count && panels < RARE_MOST; i++) {
		const struct gate_row *row = &rows->row[i];
		const json_t *pair;
		size_t k;

		if (!row->rare || !json_array_size(row->pairs))
			continue;
		panels++;
		plot_name_write(files->names, "round_panel", row->id);
		json_array_foreach(row->pairs, k, pair) {
			write_side(files->rounds, panels, k, pair, "a");
			write_side(files->rounds, panels, k, pair, "b");
		}
	}
	fprintf(files->facts, "round_panels = %zu\n", panels);
}

int gate_plot_pairs(const struct gate_plot_files *files, const struct gate_rows *rows)
{
	size_t panels = 0, all = 0;
	int err = 0;

	for (size_t i = 0; i < rows->count && !err; i++) {
		const struct gate_row *row = &rows->row[i];

		if (!row->measured || !json_array_size(row->pairs))
			continue;
		all++;
		if (panels < PANELS_MAX)
			err = write_panel(files, ++panels, row, rows->tolerance);
	}
	fprintf(files->facts, "pair_panels = %zu\nall_pair_panels = %zu\n", panels, all);
	write_rounds(files, rows);
	return err;
}
