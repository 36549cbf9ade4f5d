#include "base/json.h"
#include "report/history/view.h"
#include "report/kit/grid.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LABEL 192

/* A series and how much it changed. */
struct ranked {
	const struct history_series *series;
	double weight;
};

static int greatest_first(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return a->series < b->series ? -1 : a->series > b->series;
}

static char *text_of(struct grid *grid, size_t row)
{
	return grid->text[row][grid->columns - 1];
}

static void add_column(struct grid *grid, const char *heading, bool left, int keep, const char *help)
{
	struct column *column = grid_column(grid, heading, ""); /* there is room for it */

	column->left = left;
	column->keep = keep;
	column->help = help;
}

/* Writes a label into a table, without its middle if it is too long, since its ends tell it from others. */
static void write_label(char *text, const struct history_view *view, const struct history_series *series)
{
	char label[LABEL];
	size_t size;

	history_view_label(label, sizeof(label), view, series);
	size = strlen(label);
	if (size < GRID_TEXT)
		memcpy(text, label, size + 1);
	else
		snprintf(text, GRID_TEXT, "%.30s..%s", label, label + size - 30);
}

static void write_day(char *text, const struct history_point *point)
{
	snprintf(text, GRID_TEXT, "%.10s", point->started); /* 2026-01-31T12:00:00Z */
}

/* `units`: NULL: those that suit this column. */
static int add_values(struct grid *grid, const struct history_view *view, const char *heading, const char *help,
		      double (*value)(const void *row), const void *rows, size_t size, const struct units *units,
		      const char *micro)
{
	struct column form = { .help = help, .keep = KEEP_ALWAYS };
	struct interval *values = calloc(grid->rows + 1, sizeof(*values));
	int err = 0;

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < grid->rows; i++)
		values[i] = (struct interval){ .median = value((const char *)rows + i * size) };
	snprintf(form.heading, sizeof(form.heading), "%s", heading);
	if (units)
		grid_values_in(grid, &form, units, values, false);
	else
		err = grid_values(grid, &form, history_measure_kinds[view->measure], values, false, micro);
	free(values);
	return err;
}

static double value_before(const void *row)
{
	return ((const struct blame *)row)->change->before;
}

static double value_after(const void *row)
{
	return ((const struct blame *)row)->change->after;
}

static double value_last(const void *row)
{
	const struct history_series *series = ((const struct ranked *)row)->series;

	return series->point[series->points - 1].value;
}

/* Chooses the units in which the levels before and after the changes are held against each other. */
static int choose_units(struct units *units, const struct history_view *view, const char *micro)
{
	double *levels = calloc(2 * view->blames + 1, sizeof(*levels));

	if (!levels)
		return -ENOMEM;
	for (size_t i = 0; i < view->blames; i++) {
		levels[2 * i] = value_before(&view->blame[i]);
		levels[2 * i + 1] = value_after(&view->blame[i]);
	}
	*units = units_choose(history_measure_kinds[view->measure], levels, 2 * view->blames, micro);
	free(levels);
	return 0;
}

static int changes_grid(struct grid *grid, const struct history_view *view, const char *micro)
{
	struct units units;
	int err = grid_init(grid, view->blames);

	err = err ? err : choose_units(&units, view, micro);
	if (err)
		return err;
	add_column(grid, "cell", true, KEEP_ALWAYS, NULL);
	grid->keys = 1;
	for (size_t i = 0; i < grid->rows; i++)
		write_label(text_of(grid, i), view, view->blame[i].series);
	add_column(grid, "change\n%", false, KEEP_ALWAYS, "after / before - 1");
	for (size_t i = 0; i < grid->rows; i++)
		snprintf(text_of(grid, i), GRID_TEXT, "%+.1f", 100 * change_point_size(view->blame[i].change));
	err = add_values(grid, view, "before", "mean of the runs since the change point before", value_before,
			 view->blame, sizeof(*view->blame), &units, micro);
	if (!err)
		err = add_values(grid, view, "after", "mean of the runs up to the next change point", value_after,
				 view->blame, sizeof(*view->blame), &units, micro);
	add_column(grid, "since", true, 50, "day of the first run after the change");
	for (size_t i = 0; i < grid->rows; i++)
		write_day(text_of(grid, i), view->blame[i].first);
	add_column(grid, "commit", true, KEEP_ALWAYS,
		   "of the first run after the change; +: with changes that were not committed");
	for (size_t i = 0; i < grid->rows; i++)
		history_commit_text(text_of(grid, i), GRID_TEXT, view->blame[i].first);
	add_column(grid, "commits", false, 60, "between the runs before and after the change, this one included");
	for (size_t i = 0; i < grid->rows; i++)
		snprintf(text_of(grid, i), GRID_TEXT, view->blame[i].commits ? "%lu" : "-", view->blame[i].commits);
	return err;
}

static int fill_series(struct grid *grid, const struct history_view *view, const struct ranked *ranked,
		       const char *micro)
{
	int err = grid_init(grid, view->list->count);

	if (err)
		return err;
	add_column(grid, "cell", true, KEEP_ALWAYS, NULL);
	grid->keys = 1;
	for (size_t i = 0; i < grid->rows; i++)
		write_label(text_of(grid, i), view, ranked[i].series);
	add_column(grid, "runs", false, KEEP_ALWAYS, NULL);
	for (size_t i = 0; i < grid->rows; i++)
		snprintf(text_of(grid, i), GRID_TEXT, "%zu", ranked[i].series->points);
	add_column(grid, "changes", false, KEEP_ALWAYS, "change points");
	for (size_t i = 0; i < grid->rows; i++)
		snprintf(text_of(grid, i), GRID_TEXT, "%zu", ranked[i].series->changes);
	err = add_values(grid, view, "last", "what the last run measured", value_last, ranked, sizeof(*ranked),
			 NULL, micro);
	add_column(grid, "last run", true, 50, NULL);
	for (size_t i = 0; i < grid->rows; i++)
		write_day(text_of(grid, i), &ranked[i].series->point[ranked[i].series->points - 1]);
	add_column(grid, "commit", true, 50, "of the last run; +: with changes that were not committed");
	for (size_t i = 0; i < grid->rows; i++)
		history_commit_text(text_of(grid, i), GRID_TEXT,
				    &ranked[i].series->point[ranked[i].series->points - 1]);
	return err;
}

static int series_grid(struct grid *grid, const struct history_view *view, const char *micro)
{
	struct ranked *ranked = calloc(view->list->count + 1, sizeof(*ranked));
	int err;

	*grid = (struct grid){ 0 };
	if (!ranked)
		return -ENOMEM;
	for (size_t i = 0; i < view->list->count; i++)
		ranked[i] = (struct ranked){ &view->list->series[i], history_series_weight(&view->list->series[i]) };
	qsort(ranked, view->list->count, sizeof(*ranked), greatest_first);
	err = fill_series(grid, view, ranked, micro);
	free(ranked);
	return err;
}

/* Writes "To blame is one of the 3 commits ...". */
static void write_commits(FILE *out, const struct blame *blame)
{
	char first[COMMIT_TEXT], last[COMMIT_TEXT];
	const char *commit = blame->first->commit, *before = blame->last->commit;

	history_commit_text(first, sizeof(first), blame->first);
	history_commit_text(last, sizeof(last), blame->last);
	if (!commit)
		fputs("Its commit is not known", out);
	else if (before && strcmp(commit, before) == 0 && !blame->first->dirty && !blame->last->dirty)
		fprintf(out, "Both sides of it are commit %s, so no commit is to blame", first);
	else if (before && strcmp(commit, before) == 0)
		fprintf(out, "Both sides of it are commit %s, but with changes that were not committed", first);
	else if (blame->commits == 1)
		fprintf(out, "To blame is commit %s", first);
	else if (blame->commits)
		fprintf(out, "To blame is one of the %lu commits %s..%s", blame->commits, last, first);
	else if (before)
		fprintf(out, "To blame is commit %s, or one that lies between %s and it", first, last);
	else
		fprintf(out, "To blame is commit %s, or one before it: that of the run before is not known", first);
	if (blame->subject[0])
		fprintf(out, blame->commits > 1 ? ", the last of which is '%s'" : " ('%s')", blame->subject);
}

static void write_also(FILE *out, const struct blame *blame)
{
	const json_t *other;
	size_t i;

	json_array_foreach(blame->also, i, other) {
		const char *from = json_text(other, "from"), *to = json_text(other, "to");

		fprintf(out, "%s%s (%s, then %s)", i ? ", " : ". Also changed: ", json_text(other, "what"),
			from ? from : "-", to ? to : "-");
	}
}

static void write_blame(FILE *out, const struct history_view *view, const struct blame *blame, const char *micro)
{
	const enum quantity_kind kind = history_measure_kinds[view->measure];
	double size = change_point_size(blame->change);
	char before[48], after[48];

	quantity_text(before, sizeof(before), kind, blame->change->before, micro);
	quantity_text(after, sizeof(after), kind, blame->change->after, micro);
	fprintf(out, "%s %s by %.1f %%, from %s to %s, with the run of %s. ", history_measure_titles[view->measure],
		size > 0 ? "rose" : "fell", 100 * fabs(size), before, after, blame->first->started);
	write_commits(out, blame);
	write_also(out, blame);
}

static int blame_remarks(struct remarks *remarks, const struct history_view *view, const char *micro)
{
	int err = 0;

	for (size_t i = 0; i < view->blames && !err; i++) {
		char label[LABEL], *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		history_view_label(label, sizeof(label), view, view->blame[i].series);
		if (out)
			write_blame(out, view, &view->blame[i], micro);
		if (!out || fclose(out) != 0 || !remark_on(remarks, label, text))
			err = -ENOMEM;
		free(text);
	}
	return err;
}

static void write_conclusion(FILE *out, const struct history_view *view, const char *micro)
{
	const struct blame *greatest = view->blame;
	size_t runs = 0;
	char label[LABEL];

	for (size_t i = 0; i < view->list->count; i++)
		runs = view->list->series[i].points > runs ? view->list->series[i].points : runs;
	if (!view->list->count) {
		fputs("There are no runs in it yet: `bench history add RUN` adds some.", out);
		return;
	}
	fprintf(out, "%zu cell%s, up to %zu run%s each: %zu change point%s", view->list->count,
		view->list->count == 1 ? "" : "s", runs, runs == 1 ? "" : "s", view->blames,
		view->blames == 1 ? "" : "s");
	if (view->blames) {
		history_view_label(label, sizeof(label), view, greatest->series);
		fprintf(out, ", the greatest in %s. Its ", label);
		write_blame(out, view, greatest, micro);
	}
	fputs(".\nWhether one build is slower than another is for the gate to say, which never compares with a stored "
	      "time.",
	      out);
}

static void write_machines(FILE *out, const struct history_view *view, const char *micro)
{
	(void)micro;
	for (size_t i = 0; i < view->machines && view->machines > 1; i++)
		fprintf(out, "%s%c: %s", i ? "; " : "", (char)('A' + i % 26), view->machine[i]);
	if (view->machines == 1)
		fputs(view->machine[0], out);
}

static void write_search(FILE *out, const struct history_view *view, const char *micro)
{
	(void)micro;
	fprintf(out,
		"%s of the runs, in the order of their commits where git knows it here, else of time, for changes "
		"above %g %%: E-divisive means, "
		"windows of %zu runs, p %g",
		history_measure_titles[view->measure], 100 * view->search.magnitude, view->search.window,
		view->search.p);
}

static char *write_text(void (*write)(FILE *out, const struct history_view *view, const char *micro),
			const struct history_view *view, const char *micro)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	write(out, view, micro);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

int history_page(struct page *page, const struct history_view *view, const char *micro)
{
	struct section changes = { .name = "changes", .title = "Where times changed, the greatest change first" };
	struct section blame = { .name = "blame", .title = "Commits to blame" };
	struct section series = { .name = "series", .title = "All series" };
	int err = changes_grid(&changes.grid, view, micro);

	if (!err)
		err = blame_remarks(&blame.remarks, view, micro);
	if (!err)
		err = series_grid(&series.grid, view, micro);
	page_init(page, "history", strdup("History"), "what each commit did to the times");
	page_fact(page, "Database", STYLE_CODE, strdup(view->database));
	page_fact(page, view->machines > 1 ? "Machines" : "Machine", STYLE_PLAIN,
		  write_text(write_machines, view, micro));
	page_fact(page, "Searched", STYLE_PLAIN, write_text(write_search, view, micro));
	page_conclude(page, write_text(write_conclusion, view, micro));
	page_section(page, changes);
	page_section(page, blame);
	page_section(page, series);
	page_guide(page, "change point",
		   "the first run of a new level. At least three runs must have followed it, more in "
		   "a short series: before that it may be an outlier.");
	page_guide(page, "before, after", "means of all runs between two change points.");
	page_guide(page, "machine", "runs of different machines are never in one series.");
	return err ? err : page->error;
}
