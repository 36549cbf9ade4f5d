#include "report/grid_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const json_t *counters_of(const struct row *row)
{
	return json_object_get(json_object_get(row->cell, "summary"), "counters");
}

static enum quantity_kind kind_of(const char *unit)
{
	if (unit && strcmp(unit, "ns") == 0)
		return KIND_TIME;
	if (unit && (strcmp(unit, "B") == 0 || strcmp(unit, "bytes") == 0))
		return KIND_BYTES;
	return KIND_COUNT;
}

/* A word a line: names of counters are long, their numbers short. */
static void heading_from(char *heading, size_t size, const char *name)
{
	snprintf(heading, size, "%s", name);
	for (char *at = heading; *at; at++)
		if (*at == '_')
			*at = '\n';
}

static int add_counter(struct grid *grid, const struct picks *picks, const char *name, const char *unit,
		       const char *micro)
{
	struct interval *values = calloc(picks->count + 1, sizeof(*values));
	struct column form = { .keep = 40 };
	int err;

	if (!values)
		return -ENOMEM;
	heading_from(form.heading, sizeof(form.heading), name);
	for (size_t i = 0; i < picks->count; i++)
		values[i].median = row_counter(picks->row[i], name);
	err = grid_values(grid, &form, kind_of(unit), values, false, micro);
	free(values);
	return err;
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

int grid_counters(struct grid *grid, const struct rows *rows, const struct picks *picks, const struct grid_style *style)
{
	const char *seen[GRID_COLUMNS];
	const json_t *counter;
	size_t count = 0, at;
	int err = grid_init(grid, rows, picks);

	for (size_t i = 0; i < picks->count && !err; i++) {
		json_array_foreach(counters_of(picks->row[i]), at, counter) {
			const char *name = json_text(counter, "name");

			if (!name || isnan(json_double(counter, "value")) || count == GRID_COLUMNS ||
			    is_among(name, seen, count))
				continue;
			seen[count++] = name;
			err = err ? err : add_counter(grid, picks, name, json_text(counter, "unit"), style->micro);
		}
	}
	return err;
}
