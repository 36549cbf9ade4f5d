/* CSV (RFC 4180) of tidy data: a row for each round, warm-up rounds included, which begins with the columns of its
 * cell. `counted` marks the rounds that medians are computed from. A cell without rounds has one row, with its status
 * and reason.
 *
 * After the fixed columns come those that some cell of the run has: param_NAME, account_PART_ns, counter_NAME and
 * measure_NAME, with the unit appended to the name if there is one. A value that is not known is empty. */
#include "store/exports/internal.h"

#include "model/export.h"
#include "model/keys.h"

#include <string.h>

static const char *const of_cell[] = { "id", "workload", "mode", "option", "call", "transport", "schedule", "chunk",
				       "workers", "bind", "items", "status" };
/* Keys of a sample that have no column: the cell has the number of items, and the rest is for checks. */
static const char *const left_out[] = { "items", "digest", "own_answers" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool has_column(const struct key *key)
{
	for (size_t i = 0; i < COUNT(left_out); i++)
		if (strcmp(key->name, left_out[i]) == 0)
			return false;
	return true;
}

/* The names that cells of this run have, as keys of objects, since these keep their order; the values are the units. */
struct columns {
	json_t *params, *accounts, *counters, *measures;
};

static void add_keys(json_t *names, const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
		if (!json_object_get(names, key))
			json_object_set_new(names, key, json_string("ns"));
}

static void add_names(json_t *names, const json_t *list)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry) {
		const char *name = json_text(entry, "name"), *unit = json_text(entry, "unit");

		if (name && !json_object_get(names, name))
			json_object_set_new(names, name, json_string(unit ? unit : "1"));
	}
}

static void columns_make(struct columns *columns, const json_t *cells)
{
	const json_t *cell, *sample;
	size_t i, k;

	*columns = (struct columns){ json_object(), json_object(), json_object(), json_object() };
	json_array_foreach(cells, i, cell) {
		const json_t *summary = json_object_get(cell, "summary");

		add_keys(columns->params, json_object_get(cell, "params"));
		add_names(columns->counters, json_object_get(summary, "counters"));
		json_array_foreach(json_object_get(cell, "samples"), k, sample) {
			add_keys(columns->accounts, json_object_get(sample, "account_ns"));
			add_names(columns->counters, json_object_get(sample, "counters"));
			add_names(columns->measures, json_object_get(sample, "measures"));
		}
	}
}

static void columns_release(struct columns *columns)
{
	json_decref(columns->params);
	json_decref(columns->accounts);
	json_decref(columns->counters);
	json_decref(columns->measures);
}

/* Writes a field, with the separator before it unless it is the first. */
static void write_text(struct writer *out, const char *text, bool first)
{
	writer_text(out, first ? "" : ",");
	if (!text || !text[strcspn(text, ",\"\r\n")]) {
		writer_text(out, text ? text : "");
		return;
	}
	writer_text(out, "\"");
	for (; *text; text++)
		writer_print(out, *text == '"' ? "\"%c" : "%c", *text);
	writer_text(out, "\"");
}

static void write_value(struct writer *out, const json_t *value, bool first)
{
	if (json_is_string(value) || !value || json_is_null(value)) {
		write_text(out, json_string_value(value), first);
		return;
	}
	writer_text(out, first ? "" : ",");
	if (json_is_boolean(value))
		writer_text(out, json_is_true(value) ? "true" : "false");
	else if (json_is_integer(value))
		writer_print(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value))
		writer_print(out, "%.12g", json_real_value(value));
}

static void write_names(struct writer *out, const char *prefix, json_t *names, bool units)
{
	const char *key;
	char name[256];
	json_t *unit;

	json_object_foreach(names, key, unit) {
		bool plain = !units || strcmp(json_string_value(unit), "1") == 0;

		snprintf(name, sizeof(name), "%s_%s%s%s", prefix, key, plain ? "" : "_",
			 plain ? "" : json_string_value(unit));
		write_text(out, name, false);
	}
}

static void write_head(struct writer *out, const struct columns *columns)
{
	for (size_t i = 0; i < COUNT(of_cell); i++)
		write_text(out, of_cell[i], i == 0);
	write_text(out, "reason", false);
	write_names(out, "param", columns->params, false);
	for (const struct key *key = sample_keys; key->name; key++)
		if (has_column(key))
			write_text(out, key->name, false);
	write_text(out, "counted", false);
	write_names(out, "account", columns->accounts, true);
	write_names(out, "counter", columns->counters, true);
	write_names(out, "measure", columns->measures, true);
	writer_text(out, "\r\n");
}

/* Writes the values of an object, in the order of the columns. */
static void write_keys(struct writer *out, json_t *names, const json_t *object)
{
	const char *key;
	json_t *unit;

	json_object_foreach(names, key, unit)
		write_value(out, json_object_get(object, key), false);
}

/* Writes the values of the entries of a list, in the order of the columns. */
static void write_entries(struct writer *out, json_t *names, const json_t *list)
{
	const char *key;
	json_t *unit;

	json_object_foreach(names, key, unit)
		write_value(out, json_object_get(json_find(list, "name", key), "value"), false);
}

/* Writes a row; `sample` is NULL for a cell that has none. */
static void write_row(struct writer *out, const struct columns *columns, const struct export_cell *cell,
		      const json_t *sample, bool counted)
{
	for (size_t i = 0; i < COUNT(of_cell); i++)
		write_value(out, json_object_get(cell->json, of_cell[i]), i == 0);
	write_text(out, cell->reason, false);
	write_keys(out, columns->params, json_object_get(cell->json, "params"));
	for (const struct key *key = sample_keys; key->name; key++)
		if (has_column(key))
			write_value(out, json_object_get(sample, key->name), false);
	write_text(out, !sample ? "" : counted ? "true" : "false", false);
	write_keys(out, columns->accounts, json_object_get(sample, "account_ns"));
	write_entries(out, columns->counters, json_object_get(sample, "counters"));
	write_entries(out, columns->measures, json_object_get(sample, "measures"));
	writer_text(out, "\r\n");
}

static void write_cell(struct writer *out, const struct columns *columns, const json_t *json)
{
	const json_t *samples = json_object_get(json, "samples"), *sample;
	struct export_rounds rounds;
	struct export_cell cell;
	size_t i, counted = 0;
	int err = export_rounds_init(&rounds, json);

	if (err)
		writer_fail(out, err);
	export_cell_read(&cell, json);
	json_array_foreach(samples, i, sample) {
		bool counts = counted < rounds.count && rounds.round[counted] == sample;

		write_row(out, columns, &cell, sample, counts);
		counted += counts;
	}
	if (!json_array_size(samples))
		write_row(out, columns, &cell, NULL, false);
	export_rounds_release(&rounds);
}

static void write_run(struct writer *out, const json_t *run)
{
	const json_t *cells = json_object_get(run, "cells"), *cell;
	struct columns columns;
	size_t i;

	columns_make(&columns, cells);
	write_head(out, &columns);
	json_array_foreach(cells, i, cell)
		write_cell(out, &columns, cell);
	columns_release(&columns);
}

const struct export export_csv = {
	.name = "csv",
	.suffix = "csv",
	.summary = "RFC 4180, tidy, for R and pandas: a row a round",
	.write_run = write_run,
};
