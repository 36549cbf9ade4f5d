#include "report/run/grids/grids.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SWITCHES "context_switches_involuntary"

enum shape { PLAIN, WITH_INTERVAL, JOINED };

struct shown {
	enum figure figure;
	enum quantity_kind kind;
	enum shape shape;
	int keep;
	const char *heading, *help;
};

static const struct shown times[] = {
	{ MEASURE_WALL, KIND_TIME, WITH_INTERVAL, KEEP_ALWAYS, "wall",
	  "Median time of a round, in which every item is executed once; beside it the interval that holds the true "
	  "median with 95 % confidence (* where too few processes allow less)." },
	{ MEASURE_RATE, KIND_RATE, PLAIN, 70, "items/s", "Items executed in a second of wall time." },
	{ MEASURE_SPEEDUP, KIND_RATIO, WITH_INTERVAL, KEEP_ALWAYS, "speedup",
	  "How many times faster than the sequential baseline of the same run." },
	{ MEASURE_EFFICIENCY, KIND_SHARE, PLAIN, 60, "effi-\nciency",
	  "Speedup divided by workers: 100 % is perfect scaling." },
	{ MEASURE_IPC_SHARE, KIND_SHARE, PLAIN, 50, "IPC",
	  "Time spent handing out work and moving payloads (dispatch and copy), as a share of workers x wall time." },
	{ MEASURE_IPC_ITEM, KIND_TIME_ITEM, JOINED, 45, "IPC\n/item", "The same in microseconds for each item." },
	{ MEASURE_CPU, KIND_TIME, PLAIN, 40, "CPU", "Processor time that a round used, all workers together." },
	{ MEASURE_MEMORY, KIND_BYTES, PLAIN, 35, "memory",
	  "Peak of the sum of proportional set sizes: pages that processes share count once." },
};

static const struct shown crew[] = {
	{ MEASURE_CREW_START, KIND_TIME, WITH_INTERVAL, KEEP_ALWAYS, "start",
	  "Making the crew before the rounds." },
	{ MEASURE_CREW_END, KIND_TIME, WITH_INTERVAL, KEEP_ALWAYS, "end", "Ending it after the last." },
	{ MEASURE_SPEEDUP, KIND_RATIO, WITH_INTERVAL, 60, "speedup\nround", "Speedup of a round by itself." },
	{ MEASURE_SPEEDUP_WITH_CREW, KIND_RATIO, WITH_INTERVAL, KEEP_ALWAYS, "speedup\nwith crew",
	  "Speedup of start, one round and end together: what a program gets that makes a crew for one call." },
};

static const struct column switches = {
	.heading = "invol.\nctx sw",
	.keep = 25,
	.help = "Involuntary context switches of a round: how often a worker had to give up its processor.",
};

static struct column form_of(const struct shown *shown)
{
	struct column form = { .help = shown->help, .joined = shown->shape == JOINED, .keep = shown->keep };

	snprintf(form.heading, sizeof(form.heading), "%s", shown->heading);
	return form;
}

static int add_columns(struct grid *grid, const struct shown *shown, size_t count, const struct picks *picks,
		       const char *micro)
{
	struct interval *values = calloc(picks->count + 1, sizeof(*values));
	int err = values ? 0 : -ENOMEM;

	for (size_t i = 0; i < count && !err; i++) {
		const struct column form = form_of(&shown[i]);

		for (size_t j = 0; j < picks->count; j++)
			values[j] = picks->row[j]->ok ? picks->row[j]->value[shown[i].figure] : INTERVAL_UNKNOWN;
		err = grid_values(grid, &form, shown[i].kind, values, shown[i].shape == WITH_INTERVAL, micro);
	}
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

	if (!err)
		err = add_columns(grid, times, sizeof(times) / sizeof(times[0]), picks, style->micro);
	if (!err)
		err = add_switches(grid, picks, style->micro);
	if (!err)
		add_notes(grid, picks);
	return err;
}

int grid_crew(struct grid *grid, const struct rows *rows, const struct picks *picks, const struct grid_style *style)
{
	int err = grid_init_cells(grid, rows, picks);

	return err ? err : add_columns(grid, crew, sizeof(crew) / sizeof(crew[0]), picks, style->micro);
}
