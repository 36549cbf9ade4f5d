#include "experiments/transports/internal.h"

#include "base/interrupts.h"
#include "report/kit/grid_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void size_text(char *text, size_t room, uint64_t bytes)
{
	if (bytes >= 1u << 20 && bytes % (1u << 20) == 0)
		snprintf(text, room, "%llu MiB", (unsigned long long)bytes >> 20);
	else if (bytes >= 1u << 10 && bytes % (1u << 10) == 0)
		snprintf(text, room, "%llu KiB", (unsigned long long)bytes >> 10);
	else
		snprintf(text, room, "%llu B", (unsigned long long)bytes);
}

/* The numbers of a row, by column. */
enum row_value {
	TRIP_MEDIAN,
	TRIP_P99,
	TRIP_P999,
	TRIP_BARE,
	TRIP_RATIO,
	STREAM_RATE,
	STREAM_BARE,
	STREAM_RATIO,
	VALUES
};

static double value_of(const struct transport_row *row, enum row_value value)
{
	const double values[VALUES] = {
		row->trips.median_ns, row->trips.p99_ns, row->trips.p999_ns, row->trips.bare_median_ns,
		row->trips.ratio, row->stream.bytes_per_s, row->stream.bare_bytes_per_s, row->stream.ratio,
	};

	return row->status == ROW_OK ? values[value] : NAN;
}

static const struct value_column {
	const char *heading, *unit;
	enum quantity_kind kind;
	enum row_value first, last; /* those that have its unit, too */
	int keep;
} columns[VALUES] = {
	{ "there\nand back", "", KIND_TIME, TRIP_MEDIAN, TRIP_BARE, KEEP_ALWAYS },
	{ "p99", "", KIND_TIME, TRIP_MEDIAN, TRIP_BARE, 40 },
	{ "p99.9", "", KIND_TIME, TRIP_MEDIAN, TRIP_BARE, 30 },
	{ "bare\nloop", "", KIND_TIME, TRIP_MEDIAN, TRIP_BARE, 80 },
	{ "ours/\nbare", "", KIND_RATIO, TRIP_RATIO, TRIP_RATIO, KEEP_ALWAYS },
	{ "one\nway", "B/s", KIND_RATE, STREAM_RATE, STREAM_BARE, KEEP_ALWAYS },
	{ "bare\nloop", "B/s", KIND_RATE, STREAM_RATE, STREAM_BARE, 80 },
	{ "ours/\nbare", "", KIND_RATIO, STREAM_RATIO, STREAM_RATIO, KEEP_ALWAYS },
};

static struct units choose_units(const struct transport_row *const *rows, size_t count,
				 const struct value_column *column, const char *micro)
{
	double *values = calloc(count * VALUES + 1, sizeof(*values));
	struct units units;
	size_t known = 0;

	for (size_t i = 0; values && i < count; i++)
		for (enum row_value value = column->first; value <= column->last; value++)
			values[known++] = value_of(rows[i], value);
	units = units_choose(column->kind, values, known, micro);
	free(values);
	return units;
}

static void add_values(struct grid *grid, const struct transport_row *const *rows, const char *micro)
{
	for (enum row_value value = 0; value < VALUES; value++) {
		const struct value_column *c = &columns[value];
		struct units units = choose_units(rows, grid->rows, c, micro);
		char unit[16];

		snprintf(unit, sizeof(unit), "%s%s", units_heading(&units), c->unit);
		grid_column(grid, c->heading, unit)->keep = c->keep;
		for (size_t i = 0; i < grid->rows; i++)
			units_number(grid->text[i][grid->columns - 1], GRID_TEXT, &units, value_of(rows[i], value));
	}
}

static void add_loops(struct grid *grid, const struct transport_row *const *rows)
{
	struct column *column = grid_column(grid, "the bare loop", "");

	column->left = true;
	column->keep = 20;
	for (size_t i = 0; i < grid->rows; i++)
		snprintf(grid->text[i][grid->columns - 1], GRID_TEXT, "%s%s%s", rows[i]->bare,
			 strcmp(rows[i]->bare, rows[i]->bare_stream) ? "; " : "",
			 strcmp(rows[i]->bare, rows[i]->bare_stream) ? rows[i]->bare_stream : "");
}

static const char *const statuses[] = {
	[ROW_NOT_MEASURED] = "not measured",
	[ROW_OK] = "ok",
	[ROW_NOT_AVAILABLE] = "not available",
	[ROW_FAILED] = "failed",
};

static void add_keys(struct grid *grid, const struct transport_row *const *rows)
{
	grid_column(grid, "transport", "")->left = true;
	grid_column(grid, "size", "");
	grid->keys = grid->columns;
	for (size_t i = 0; i < grid->rows; i++) {
		snprintf(grid->text[i][0], GRID_TEXT, "%s", rows[i]->transport->name);
		size_text(grid->text[i][1], GRID_TEXT, rows[i]->size);
		if (rows[i]->status != ROW_OK)
			snprintf(grid->note[i], sizeof(*grid->note), "%s%s%s", statuses[rows[i]->status],
				 rows[i]->why[0] ? ": " : "", rows[i]->why);
	}
}

/* Prints the rows of one place that were measured, or could not be. */
static void print_place(const struct transport_row *const *rows, size_t count, FILE *out)
{
	struct terminal terminal = terminal_of(out);
	struct grid grid;

	if (count && grid_init(&grid, count) == 0) {
		add_keys(&grid, rows);
		add_values(&grid, rows, terminal.micro);
		add_loops(&grid, rows);
		fprintf(out, "%s\n", rows[0]->place->name);
		grid_print(out, &grid, &terminal);
		fprintf(out, "\n");
		grid_release(&grid);
	}
}

/* Returns the row of one size and place with the shortest round trips, or with the most bytes a second; NULL: none was
 * measured. */
static const struct transport_row *best(const struct transports *t, uint64_t size, const struct endpoints *place,
					bool stream)
{
	const struct transport_row *found = NULL;

	for (size_t i = 0; i < t->count; i++) {
		const struct transport_row *r = &t->rows[i];

		if (r->status != ROW_OK || r->size != size || r->place != place)
			continue;
		if (!found || (stream ? r->stream.bytes_per_s > found->stream.bytes_per_s :
					r->trips.median_ns < found->trips.median_ns))
			found = r;
	}
	return found;
}

/* Returns the place that the conclusion is about: two processors if they were measured, else the first place. */
static const struct endpoints *place_of(const struct transports *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(t->rows[i].place->name, "two cores") && t->rows[i].status == ROW_OK)
			return t->rows[i].place;
	return t->rows[0].place;
}

static void write_best(const struct transports *t, const char *micro, FILE *out)
{
	const struct endpoints *place = place_of(t);
	uint64_t least = t->rows[0].size, most = t->rows[0].size;
	const struct transport_row *quick, *wide;
	char small[32], large[32], time[32];

	for (size_t i = 0; i < t->count; i++) {
		least = t->rows[i].size < least ? t->rows[i].size : least;
		most = t->rows[i].size > most ? t->rows[i].size : most;
	}
	quick = best(t, least, place, false);
	wide = best(t, most, place, true);
	if (!quick || !wide)
		return;
	size_text(small, sizeof(small), least);
	size_text(large, sizeof(large), most);
	quantity_text(time, sizeof(time), KIND_TIME, quick->trips.median_ns, micro);
	fprintf(out,
		"On %s, %s is fastest there and back (%s in %s, %.2f times its bare loop), and %s moves most (%.3g "
		"GB/s in messages of %s).\n", place->name, quick->transport->name, small, time, quick->trips.ratio,
		wide->transport->name, wide->stream.bytes_per_s / 1e9, large);
}

void conclude_rows(const void *result, const char *micro, FILE *out)
{
	const struct transports *t = result;
	char signal[SIGNAL_TEXT];
	size_t missing = 0;

	fprintf(out, "There and back: the median, and what one in 100 and in 1000 exceeds. Ours/bare: of each turn, in "
		"which both were timed one after the other; their median.\n");
	for (size_t i = 0; i < t->count; i++)
		missing += t->rows[i].status == ROW_NOT_MEASURED;
	if (missing)
		fprintf(out, "%zu of %zu lines were not measured: %s%s.\n", missing, t->count,
			t->book.signal ? "ended by " : "the budget was over (raise --budget)",
			t->book.signal ? signal_text(signal, t->book.signal) : "");
	write_best(t, micro, out);
}

void print_rows(const void *result, FILE *out)
{
	const struct transports *t = result;
	const struct transport_row **rows = calloc(t->count + 1, sizeof(*rows));

	for (size_t from = 0, to; rows && from < t->count; from = to) {
		size_t count = 0;

		for (to = from; to < t->count && t->rows[to].place == t->rows[from].place; to++)
			if (t->rows[to].status != ROW_NOT_MEASURED)
				rows[count++] = &t->rows[to];
		print_place(rows, count, out);
	}
	free(rows);
}

static json_t *pack_row(const struct transport_row *row)
{
	json_t *j = json_pack("{s:s, s:s, s:I, s:b, s:s, s:s?}", "transport", row->transport->name, "where",
			      row->place->name, "size_bytes", (json_int_t)row->size, "available",
			      row->status != ROW_NOT_AVAILABLE, "status", statuses[row->status], "reason",
			      row->why[0] ? row->why : NULL);

	if (row->status == ROW_OK) {
		json_object_set_new(j, "round_trip", json_pack("{s:f, s:f, s:f, s:I, s:s, s:f, s:f}", "median_ns",
			row->trips.median_ns, "p99_ns", row->trips.p99_ns, "p99_9_ns", row->trips.p999_ns, "trips",
			(json_int_t)row->trips.trips, "bare", row->bare, "bare_median_ns", row->trips.bare_median_ns,
			"ratio", row->trips.ratio));
		json_object_set_new(j, "one_way", json_pack("{s:f, s:s, s:f, s:f}", "bytes_per_s",
			row->stream.bytes_per_s, "bare", row->bare_stream, "bare_bytes_per_s",
			row->stream.bare_bytes_per_s, "ratio", row->stream.ratio));
	}
	return j;
}

json_t *pack_rows(const void *result)
{
	const struct transports *t = result;
	json_t *list = json_array();

	for (size_t i = 0; i < t->count; i++)
		json_array_append_new(list, pack_row(&t->rows[i]));
	return json_pack("{s:s, s:o}", "experiment", "transports", "rows", list);
}
