#include "report/run/grids/grids.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Help for the measures of the calls; the names of a workload's own measures explain themselves. */
static const struct measure_help {
	const char *name, *help;
} helps[] = {
	{ "first_result_ns", "From the start of the round until the caller can have the first result." },
	{ "last_result_ns", "The same of the last one." },
	{ "results_held", "At most so many results were there but not handed on, such as those that wait their turn." },
	{ "results_held_bytes", "Memory that these take." },
	{ "items_failed", "Items whose work ended with an error." },
	{ "items_cancelled", "Items that never began, by --cancel-after." },
	{ "items_timed_out", "Items for which nobody waited any more, by --item-timeout." },
	{ "items_again", "Items of lost workers that were executed once more, by --on-death retry." },
};

static const char *help_of(const char *measure)
{
	for (size_t i = 0; i < sizeof(helps) / sizeof(helps[0]); i++)
		if (strcmp(helps[i].name, measure) == 0)
			return helps[i].help;
	return NULL;
}

/* Counters and measures are lists of the same form. */
static const json_t *list_of(const struct row *row, const char *key)
{
	return json_object_get(json_object_get(row->cell, "summary"), key);
}

static double value_of(const struct row *row, const char *key, const char *name)
{
	return json_double(json_find(list_of(row, key), "name", name), "value");
}

/* Makes a heading of one word a line, since names of counters are long and their numbers short. The unit as shown
 * stands below, so the unit within the name is left out. */
static void heading_from(char *heading, size_t size, const char *name, const char *unit)
{
	size_t length = strlen(name), tail = unit ? strlen(unit) : 0;
	bool twice = tail && length > tail + 1 && strcmp(name + length - tail, unit) == 0 &&
		     name[length - tail - 1] == '_';

	snprintf(heading, size, "%.*s", (int)(twice ? length - tail - 1 : length), name);
	for (char *at = heading; *at; at++)
		if (*at == '_')
			*at = '\n';
}

static int add_column(struct grid *grid, const struct picks *picks, const char *key, const json_t *entry,
		      const char *micro)
{
	struct interval *values = calloc(picks->count + 1, sizeof(*values));
	const char *name = json_text(entry, "name");
	struct column form = { .keep = 40, .help = help_of(name) };
	int err;

	if (!values)
		return -ENOMEM;
	heading_from(form.heading, sizeof(form.heading), name, json_text(entry, "unit"));
	for (size_t i = 0; i < picks->count; i++)
		values[i].median = value_of(picks->row[i], key, name);
	err = grid_values(grid, &form, unit_kind(json_text(entry, "unit")), values, false, micro);
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

/* Whether a measure has a table of its own, and no column here. */
static bool is_elsewhere(const char *key, const char *name)
{
	return strcmp(key, "measures") == 0 && measure_is_latency(name);
}

static int grid_list(struct grid *grid, const struct rows *rows, const struct picks *picks, const char *key,
		     const char *micro)
{
	const char *seen[GRID_COLUMNS];
	const json_t *entry;
	size_t count = 0, at;
	int err = grid_init_cells(grid, rows, picks);

	for (size_t i = 0; i < picks->count && !err; i++) {
		json_array_foreach(list_of(picks->row[i], key), at, entry) {
			const char *name = json_text(entry, "name");

			if (!name || isnan(json_double(entry, "value")) || count == GRID_COLUMNS ||
			    is_elsewhere(key, name) || is_among(name, seen, count))
				continue;
			seen[count++] = name;
			err = err ? err : add_column(grid, picks, key, entry, micro);
		}
	}
	return err;
}

int grid_counters(struct grid *grid, const struct rows *rows, const struct picks *picks, const struct grid_style *style)
{
	return grid_list(grid, rows, picks, "counters", style->micro);
}

int grid_measures(struct grid *grid, const struct rows *rows, const struct picks *picks, const struct grid_style *style)
{
	return grid_list(grid, rows, picks, "measures", style->micro);
}
