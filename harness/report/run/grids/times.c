#include "report/run/grids/grids.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SWITCHES "context_switches_involuntary"

static const struct column switches = {
	.heading = "invol.\nctx sw",
	.keep = 25,
	.help = "Involuntary context switches of a round: how often a worker had to give up its processor.",
};

static struct column form_of(const struct quantity_column *from)
{
	struct column form = { .help = from->help, .joined = from->joined,
			       .keep = from->keep ? from->keep : KEEP_ALWAYS };

	snprintf(form.heading, sizeof(form.heading), "%s", from->heading);
	return form;
}

/* Adds the column of a quantity, if it has one in this table. `times`: the units of all times; NULL: those that suit
 * this column. */
static int add_column(struct grid *grid, const struct quantity_column *from, enum quantity_id id,
		      const struct picks *picks, const struct units *times, const char *micro)
{
	struct interval *values;
	struct column form;
	int err = 0;

	if (!from->heading)
		return 0;
	values = calloc(picks->count + 1, sizeof(*values));
	if (!values)
		return -ENOMEM;
	form = form_of(from);
	for (size_t i = 0; i < picks->count; i++)
		values[i] = picks->row[i]->ok ? picks->row[i]->value[id] : INTERVAL_UNKNOWN;
	if (times && quantities[id].kind == KIND_TIME)
		grid_values_in(grid, &form, times, values, from->interval);
	else
		err = grid_values(grid, &form, quantities[id].kind, values, from->interval, micro);
	free(values);
	return err;
}

static int add_switches(struct grid *grid, const struct picks *picks, const char *micro)
{
	struct interval *values = calloc(picks->count + 1, sizeof(*values));
	int err = values ? 0 : -ENOMEM;

	for (size_t i = 0; i < picks->count && !err; i++)
		values[i] = (struct interval){ .median = row_counter(picks->row[i], SWITCHES) };
	if (!err)
		err = grid_values(grid, &switches, KIND_COUNT, values, false, micro);
	free(values);
	return err;
}

static void add_notes(struct grid *grid, const struct picks *picks)
{
	for (size_t i = 0; i < picks->count; i++) {
		const struct row *row = picks->row[i];
		const char *kind = json_text(json_object_get(row->cell, "failure"), "kind");
		const char *why = kind ? kind : row->reason;

		if (row->ok)
			continue;
		snprintf(grid->note[i], sizeof(*grid->note), "%s%s%.120s",
			 strcmp(row->status, "ok") == 0 ? "no round that counts" : row->status, why ? ": " : "",
			 why ? why : "");
	}
}

int grid_times(struct grid *grid, const struct rows *rows, const struct picks *picks, const struct grid_style *style)
{
	int err = grid_init_cells(grid, rows, picks);

	for (enum quantity_id id = 0; id < QUANTITY_COUNT && !err; id++)
		err = add_column(grid, &quantities[id].times, id, picks, NULL, style->micro);
	if (!err)
		err = add_switches(grid, picks, style->micro);
	if (!err)
		add_notes(grid, picks);
	return err;
}

/* Chooses the units in which start and end of a crew are held against each other. */
static int choose_times(struct units *times, const struct picks *picks, const char *micro)
{
	double *medians = calloc(picks->count * QUANTITY_COUNT + 1, sizeof(*medians));
	size_t count = 0;

	if (!medians)
		return -ENOMEM;
	for (enum quantity_id id = 0; id < QUANTITY_COUNT; id++)
		for (size_t i = 0; i < picks->count && quantities[id].crew.heading; i++)
			if (quantities[id].kind == KIND_TIME && picks->row[i]->ok)
				medians[count++] = picks->row[i]->value[id].median;
	*times = units_choose(KIND_TIME, medians, count, micro);
	free(medians);
	return 0;
}

int grid_crew(struct grid *grid, const struct rows *rows, const struct picks *picks, const struct grid_style *style)
{
	struct units times;
	int err = grid_init_cells(grid, rows, picks);

	err = err ? err : choose_times(&times, picks, style->micro);
	for (enum quantity_id id = 0; id < QUANTITY_COUNT && !err; id++)
		err = add_column(grid, &quantities[id].crew, id, picks, &times, style->micro);
	return err;
}
