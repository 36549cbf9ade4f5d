#include "experiments/transports/internal.h"

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

/* Prints at least three digits, without an exponent. */
static void number(FILE *out, int width, double value)
{
	if (isnan(value))
		fprintf(out, " %*s", width, "-");
	else if (value < 0.0995)
		fprintf(out, " %*.5f", width, value);
	else
		fprintf(out, " %*.*f", width, value < 9.995 ? 3 : value < 99.95 ? 2 : value < 999.5 ? 1 : 0, value);
}

static void print_row(const struct transport_row *row, FILE *out)
{
	char size[32];

	size_text(size, sizeof(size), row->size);
	fprintf(out, "%-10s %8s", row->transport->name, size);
	if (!row->available) {
		fprintf(out, "  not available on this system\n");
		return;
	}
	number(out, 8, row->trips.median_ns / 1e3);
	number(out, 8, row->trips.p99_ns / 1e3);
	number(out, 8, row->trips.p999_ns / 1e3);
	number(out, 8, row->trips.bare_median_ns / 1e3);
	fprintf(out, " %6.2f  ", row->trips.ratio);
	number(out, 7, row->stream.bytes_per_s / 1e9);
	number(out, 7, row->stream.bare_bytes_per_s / 1e9);
	fprintf(out, " %6.2f   %s", row->stream.ratio, row->bare);
	fprintf(out, strcmp(row->bare, row->bare_stream) ? "; %s\n" : "\n", row->bare_stream);
}

static void print_heads(const char *place, FILE *out)
{
	fprintf(out, "%s\n", place);
	fprintf(out, "%20s%26s %8s %6s   %7s %7s %6s\n", "", "there and back", "bare", "ours/", "one way", "bare",
		"ours/");
	fprintf(out, "%20s%8s %8s %8s %8s %6s   %7s %7s %6s\n", "", "median", "p99", "p99.9", "median", "bare", "", "",
		"bare");
	fprintf(out, "%-10s %8s %9s %9s %9s %9s %6s   %7s %7s %6s   %s\n", "transport", "size", "µs", "µs", "µs",
		"µs", "", "GB/s", "GB/s", "", "bare loop"); /* a µ is two bytes and one column */
}

/* Returns the row of one size and place with the least (or, by `sign`, the largest) value of a number. */
static const struct transport_row *best(const struct transport_row *rows, size_t count, uint64_t size,
					const char *place, bool stream)
{
	const struct transport_row *found = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct transport_row *r = &rows[i];

		if (!r->available || r->size != size || strcmp(r->place, place))
			continue;
		if (!found || (stream ? r->stream.bytes_per_s > found->stream.bytes_per_s :
					r->trips.median_ns < found->trips.median_ns))
			found = r;
	}
	return found;
}

/* Returns the place that the conclusion is about: two processors if they were measured, else the first place. */
static const char *place_of(const struct transport_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(rows[i].place, "two cores"))
			return rows[i].place;
	return rows[0].place;
}

static void print_conclusion(const struct transport_row *rows, size_t count, FILE *out)
{
	const char *place = place_of(rows, count);
	uint64_t least = rows[0].size, most = rows[0].size;
	const struct transport_row *quick, *wide;
	char small[32], large[32];

	for (size_t i = 0; i < count; i++) {
		least = rows[i].size < least ? rows[i].size : least;
		most = rows[i].size > most ? rows[i].size : most;
	}
	quick = best(rows, count, least, place, false);
	wide = best(rows, count, most, place, true);
	size_text(small, sizeof(small), least);
	size_text(large, sizeof(large), most);
	fputs("ours/bare: of each turn, in which both were timed one after the other; their median.\n\n", out);
	if (quick && wide)
		fprintf(out,
			"On %s, %s is fastest there and back (%s in %.3g µs, %.2f times its bare loop),\n"
			"and %s moves most (%.3g GB/s in messages of %s).\n",
			place, quick->transport->name, small, quick->trips.median_ns / 1e3, quick->trips.ratio,
			wide->transport->name, wide->stream.bytes_per_s / 1e9, large);
}

void print_rows(const struct transport_row *rows, size_t count, FILE *out)
{
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(rows[i].place, rows[i - 1].place)) {
			fprintf(out, i ? "\n" : "");
			print_heads(rows[i].place, out);
		}
		print_row(&rows[i], out);
	}
	fprintf(out, "\n");
	if (count)
		print_conclusion(rows, count, out);
}

static json_t *pack_row(const struct transport_row *row)
{
	json_t *j = json_pack("{s:s, s:s, s:I, s:b}", "transport", row->transport->name, "where", row->place,
			      "size_bytes", (json_int_t)row->size, "available", row->available);

	if (row->available) {
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

json_t *pack_rows(const struct transport_row *rows, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, pack_row(&rows[i]));
	return json_pack("{s:s, s:o}", "experiment", "transports", "rows", list);
}
