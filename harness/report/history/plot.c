#include "report/history/view.h"

#include <string.h>

#define PANELS 6 /* so many series are drawn: those with the largest changes */
#define TICKS 8  /* at most so many days are named on the axis */

struct history_plot_files {
	FILE *points, *levels, *names, *facts;
};

/* Leaves room above and below the values, at least some percent of them, so that noise looks like noise. */
static void write_range(const struct history_plot_files *files, const struct history_series *series, struct unit unit)
{
	double least = INFINITY, most = -INFINITY, room;

	for (size_t i = 0; i < series->points; i++) {
		least = fmin(least, series->point[i].value);
		most = fmax(most, series->point[i].value);
	}
	room = fmax(0.12 * (most - least), 0.04 * most);
	fprintf(files->facts, "panel_least = panel_least . ' %.9g'\npanel_most = panel_most . ' %.9g'\n",
		(least - room) / unit.size, (most + 2 * room) / unit.size);
}

static void write_points(const struct history_plot_files *files, const struct history_series *series, size_t panel,
			 struct unit unit)
{
	for (size_t i = 0; i < series->points; i++) {
		const struct history_point *point = &series->point[i];
		double low = isfinite(point->low) ? point->low : point->value;
		double high = isfinite(point->high) ? point->high : point->value;

		fprintf(files->points, "%zu\t%zu\t%.9g\t%.9g\t%.9g\n", panel, i + 1, point->value / unit.size,
			low / unit.size, high / unit.size);
	}
}

/* Writes the days of some runs. */
static void write_ticks(const struct history_plot_files *files, const struct history_series *series, size_t panel)
{
	const size_t step = (series->points + TICKS - 1) / TICKS;
	char day[11];

	for (size_t i = 0; i < series->points; i += step) {
		snprintf(day, sizeof(day), "%s", series->point[i].started);
		plot_name_write(files->names, "tick", day);
		fprintf(files->facts, "tick_panel = tick_panel . ' %zu'\ntick_at = tick_at . ' %zu'\n", panel, i + 1);
	}
}

/* Writes the mean between two change points. */
static void write_level(const struct history_plot_files *files, size_t panel, size_t from, size_t to, double mean)
{
	fprintf(files->levels, "%zu\t%.9g\t%.9g\n%zu\t%.9g\t%.9g\n\n", panel, (double)from + 0.5, mean, panel,
		(double)to + 0.5, mean);
}

static void write_changes(const struct history_plot_files *files, const struct history_series *series, size_t panel,
			  struct unit unit)
{
	size_t from = 0;

	for (size_t i = 0; i < series->changes; i++) {
		const struct change_point *change = &series->change[i];
		char commit[COMMIT_TEXT];

		write_level(files, panel, from, change->at, change->before / unit.size);
		if (i + 1 == series->changes)
			write_level(files, panel, change->at, series->points, change->after / unit.size);
		history_commit_text(commit, sizeof(commit), &series->point[change->at]);
		plot_name_write(files->names, "commit", commit);
		fprintf(files->facts,
			"change_panel = change_panel . ' %zu'\nchange_at = change_at . ' %zu.5'\n"
			"change_percent = change_percent . ' %.3f'\n",
			panel, change->at, 100 * change_point_size(change));
		from = change->at;
	}
}

static void write_panel(const struct history_plot_files *files, const struct history_view *view,
			const struct history_series *series, size_t panel)
{
	double last = series->point[series->points - 1].value;
	struct unit unit = unit_choose(history_measure_kinds[view->measure], &last, 1, "us");
	char label[192];

	history_view_label(label, sizeof(label), view, series);
	plot_name_write(files->names, "panel", label);
	plot_name_write(files->names, "unit", unit.name[0] ? unit.name : "-");
	fprintf(files->facts, "panel_runs = panel_runs . ' %zu'\n", series->points);
	write_range(files, series, unit);
	write_points(files, series, panel, unit);
	write_ticks(files, series, panel);
	write_changes(files, series, panel, unit);
}

static void write_subtitle(const struct history_plot_files *files, const struct history_view *view)
{
	char text[256];

	snprintf(text, sizeof(text), view->machines == 1 ? "%s of every run on %s" : "%s of every run",
		 history_measure_titles[view->measure], view->machines ? view->machine[0] : "");
	plot_name_write(files->names, "subtitle", text);
}

/* Returns the series of the panel after that of `before` (NULL: of the first panel); larger changes come first. */
static const struct history_series *next_panel(const struct history_view *view, const struct history_series *before)
{
	const struct history_series *next = NULL;
	double limit = before ? history_series_weight(before) : INFINITY;

	for (size_t i = 0; i < view->list->count; i++) {
		const struct history_series *series = &view->list->series[i];
		double weight = history_series_weight(series);

		if ((weight < limit || (weight == limit && series > before)) &&
		    (!next || weight > history_series_weight(next)))
			next = series;
	}
	return next;
}

static int write_history(FILE *const *file, const void *from)
{
	static const char *const lists[] = { "panel_runs", "panel_least",  "panel_most", "tick_panel",
					     "tick_at",    "change_panel", "change_at",  "change_percent" };
	const struct history_plot_files files = { file[0], file[1], file[2], file[3] };
	const struct history_view *view = from;
	const struct history_series *series = NULL;
	size_t panels = 0;

	write_subtitle(&files, view);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		fprintf(files.facts, "%s = ''\n", lists[i]);
	while (panels < PANELS && (series = next_panel(view, series)))
		write_panel(&files, view, series, ++panels);
	fprintf(files.facts, "panels = %zu\nall_panels = %zu\n", panels, view->list->count);
	return 0;
}

struct plot_data plot_history(const struct history_view *view)
{
	return (struct plot_data){
		.scripts = "plots/history",
		.files = { "points.tsv", "levels.tsv", "names.tsv", "facts.gp" },
		.write = write_history,
		.from = view,
	};
}
