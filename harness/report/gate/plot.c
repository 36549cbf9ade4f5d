#include "report/gate/internal.h"

#include "report/run/facts.h"

#include <errno.h>
#include <stdlib.h>

#define CELLS_MAX 40
#define RUNS_MAX 64      /* of one side in a block */
#define FENCE 3          /* runs further beyond the quartiles, in interquartile ranges, are drawn at the edge (Tukey) */

double gate_percent(double shift)
{
	return 100 * expm1(shift);
}

double gate_bound(double shift, double edge)
{
	return isfinite(shift) ? gate_percent(shift) : edge;
}

struct gate_range gate_range_of(const double *sorted, size_t count, struct slowdown slowdown, double tolerance)
{
	const double marks[] = { 0, 100 * tolerance, gate_percent(slowdown.theta), gate_percent(slowdown.low),
				 gate_percent(slowdown.high) };
	double low = values_quantile(sorted, count, 0.25), high = values_quantile(sorted, count, 0.75);
	double fence = FENCE * (high - low), room;
	struct gate_range range = { fmax(low - fence, values_quantile(sorted, count, 0)),
				    fmin(high + fence, values_quantile(sorted, count, 1)) };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		range.least = isfinite(marks[i]) ? fmin(range.least, marks[i]) : range.least;
		range.most = isfinite(marks[i]) ? fmax(range.most, marks[i]) : range.most;
	}
	room = 0.12 * (range.most - range.least);
	return (struct gate_range){ range.least - room, range.most + room };
}

/* ---- Panels: the blocks of a cell ---- */

/* What is drawn of a cell, in % from the median of A in the block. */
struct panel {
	struct gate_range range;
	double *percent;    /* of the runs that count, from which the range follows */
	size_t count;
};

static double baseline_of(const json_t *block)
{
	double times[RUNS_MAX];
	size_t count = block_times(times, RUNS_MAX, block, "a");

	values_sort(times, count);
	return values_median(times, count);
}

static double run_percent(const json_t *run, double baseline_ns)
{
	return 100 * (json_double(run, "x_ns") / baseline_ns - 1);
}

static bool is_dropped(const json_t *block)
{
	return json_flag(block, "dropped");
}

static int collect(struct panel *panel, const struct gate_row *row)
{
	const json_t *blocks = json_object_get(row->cell, "blocks"), *block, *run;
	size_t i, j, room = 0;

	json_array_foreach(blocks, i, block)
		room += json_array_size(json_object_get(block, "runs"));
	panel->percent = calloc(room + 1, sizeof(*panel->percent));
	if (!panel->percent)
		return -ENOMEM;
	json_array_foreach(blocks, i, block) {
		double baseline_ns = baseline_of(block);

		if (!gate_row_judges(row, block) || is_dropped(block))
			continue;
		json_array_foreach(json_object_get(block, "runs"), j, run)
			if (isfinite(run_percent(run, baseline_ns)))
				panel->percent[panel->count++] = run_percent(run, baseline_ns);
	}
	values_sort(panel->percent, panel->count);
	return 0;
}

static int side_number(const json_t *run)
{
	const char *side = json_text(run, "side");

	return side && side[0] == 'a' ? 1 : side && side[0] == 'b' ? 2 : 3;
}

static void write_run(FILE *out, size_t number, const struct panel *panel, const json_t *run, size_t place,
		      bool dropped, double baseline_ns)
{
	double percent = run_percent(run, baseline_ns);
	double shown = fmin(fmax(percent, panel->range.least), panel->range.most);

	if (isfinite(percent))
		fprintf(out, "%zu\t%zu\t%d\t%.6f\t%d\t%d\n", number, place, dropped ? 4 : side_number(run), shown,
			shown < percent, shown > percent);
}

/* Writes the blocks of a panel. Returns how many runs there are. */
static size_t write_blocks(const struct gate_plot_files *files, size_t number, const struct panel *panel,
			   const struct gate_row *row)
{
	const json_t *blocks = json_object_get(row->cell, "blocks"), *block, *run;
	size_t i, j, place = 0;

	json_array_foreach(blocks, i, block) {
		const json_t *runs = json_object_get(block, "runs");

		if (!gate_row_judges(row, block))
			continue;
		fprintf(files->blocks, "%zu\t%.1f\t%.1f\t%d\n", number, (double)place + 0.5,
			(double)(place + json_array_size(runs)) + 0.5, is_dropped(block));
		json_array_foreach(runs, j, run)
			write_run(files->runs, number, panel, run, ++place, is_dropped(block), baseline_of(block));
	}
	return place;
}

static int write_panel(const struct gate_plot_files *files, size_t number, const struct gate_row *row, double tolerance)
{
	struct panel panel = { .percent = NULL };
	int err = collect(&panel, row);
	size_t runs;

	if (err)
		return err;
	panel.range = gate_range_of(panel.percent, panel.count, row->slowdown, tolerance);
	runs = write_blocks(files, number, &panel, row);
	fprintf(files->panels, "%zu\t%zu\t%.6f\t%.6f\t%.6f\t%.6f\t%.6f\t%d\n", number, runs, panel.range.least,
		panel.range.most, gate_percent(row->slowdown.theta), gate_bound(row->slowdown.low, panel.range.least),
		gate_bound(row->slowdown.high, panel.range.most), (int)row->rank);
	plot_name_write(files->names, "panel", row->id);
	free(panel.percent);
	return 0;
}

static int write_panels(const struct gate_plot_files *files, const struct gate_rows *rows)
{
	size_t panels = 0, all = 0;
	int err = 0;

	for (size_t i = 0; i < rows->count && !err; i++) {
		const struct gate_row *row = &rows->row[i];

		if (!row->measured || !json_array_size(json_object_get(row->cell, "blocks")))
			continue;
		all++;
		if (panels < PANELS_MAX)
			err = write_panel(files, ++panels, row, rows->tolerance);
	}
	fprintf(files->facts, "panels = %zu\nall_panels = %zu\n", panels, all);
	return err;
}

/* ---- Slow-downs of all cells ---- */

static void write_slowdowns(const struct gate_plot_files *files, const struct gate_rows *rows)
{
	size_t cells = 0, all = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct gate_row *row = &rows->row[i];
		const struct slowdown *s = row->rare ? &row->mean : &row->slowdown; /* what the verdict rests on */

		if (!rows->row[i].measured)
			continue;
		all++;
		if (cells == CELLS_MAX)
			continue;
		fprintf(files->slowdowns, "%zu\t%.6f\t%.6f\t%.6f\t%d\n", ++cells, gate_percent(s->theta),
			gate_percent(isfinite(s->low) ? s->low : s->theta),
			gate_percent(isfinite(s->high) ? s->high : s->theta), (int)rows->row[i].rank);
		plot_name_write(files->names, "cell", rows->row[i].id);
	}
	fprintf(files->facts, "cells = %zu\nall_cells = %zu\n", cells, all);
}

/* ---- All ---- */

static void write_subtitle(FILE *out, const struct rows *run)
{
	const json_t *sides = json_object_get(run->run, "sides");
	char a[48], b[48];

	gate_side_name(a, sizeof(a), json_object_get(sides, "a"));
	gate_side_name(b, sizeof(b), json_object_get(sides, "b"));
	fprintf(out, "%s against %s on ", b, a);
	facts_machine(out, run);
}

static void write_facts(const struct gate_plot_files *files, const struct gate_rows *rows)
{
	const struct rows run = { .run = rows->gate };
	char *subtitle = fact_text(write_subtitle, &run);

	plot_name_write(files->names, "subtitle", subtitle ? subtitle : "");
	free(subtitle);
	fprintf(files->facts, "tolerance = %.6f\nby_instructions = %d\n", 100 * rows->tolerance, rows->by_instructions);
}

static int write_gate(FILE *const *file, const void *from)
{
	const struct gate_plot_files files = { file[0], file[1], file[2], file[3], file[4],
					       file[5], file[6], file[7], file[8] };
	const struct gate_rows *rows = from;
	int err;

	write_facts(&files, rows);
	write_slowdowns(&files, rows);
	err = write_panels(&files, rows);
	return err ? err : gate_plot_pairs(&files, rows);
}

struct plot_data plot_gate(const struct gate_rows *rows)
{
	return (struct plot_data){
		.scripts = "plots/gate",
		.files = { "blocks.tsv", "runs.tsv", "panels.tsv", "pairs.tsv", "pair_panels.tsv", "rounds.tsv",
			   "slowdowns.tsv", "names.tsv", "facts.gp" },
		.write = write_gate,
		.from = rows,
	};
}
