#include "report/compare/internal.h"

#include "report/run/grids/grids.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SEEN 0.0005 /* of the baseline's workers x wall time; parts that change less in all cells have no column */
#define RATIO ((struct unit){ "", 1, 3 })

static const char *const results[] = {
	[DIRECTION_NOT_SHOWN] = "not shown",
	[DIRECTION_LESS] = "faster",
	[DIRECTION_MORE] = "slower",
};

/* Returns the text of a row in the column that was added last. */
static char *text_of(struct grid *grid, size_t row)
{
	return grid->text[row][grid->columns - 1];
}

/* Adds a column. There is room for it, since a grid has more columns than there are parts or counters. */
static struct column *add_column(struct grid *grid, const char *heading, const char *unit, int keep, const char *help)
{
	struct column *column = grid_column(grid, heading, unit);

	column->keep = keep;
	column->help = help;
	return column;
}

static void add_sides(struct grid *grid, const struct compared *compared)
{
	if (compared->sides == 2)
		return;
	add_column(grid, compared->sides > 2 ? "run" : "against", "", KEEP_ALWAYS, NULL)->left = true;
	grid->keys = grid->columns;
	for (size_t i = 0; i < compared->pairs; i++) {
		const struct pair *pair = &compared->pair[i];

		if (compared->sides > 2)
			snprintf(text_of(grid, i), GRID_TEXT, "%c", side_letter(pair->side));
		else
			row_series(text_of(grid, i), GRID_TEXT, &compared->side[0].rows, pair->a);
	}
}

/* Makes the key columns: those of any run, and one for the run if there are several. */
static int begin(struct grid *grid, const struct compared *compared)
{
	struct picks picks = { .row = calloc(compared->pairs + 1, sizeof(*picks.row)), .count = compared->pairs };
	int err;

	*grid = (struct grid){ 0 };
	if (!picks.row)
		return -ENOMEM;
	for (size_t i = 0; i < compared->pairs; i++)
		picks.row[i] = compared->pair[i].b;
	err = grid_init_cells(grid, &compared->side[0].rows, &picks);
	free(picks.row);
	if (!err) {
		grid->column[0].once = false; /* in this order the cells of a workload do not stand together */
		add_sides(grid, compared);
	}
	return err;
}

/* Adds columns for both medians, in the same units. */
static int add_times(struct grid *grid, const struct compared *compared)
{
	static const char *const headings[2][2] = { { "baseline", "this" }, { "a", "b" } };
	static const char *const helps[] = {
		"Median time of a round in the baseline.",
		"The same in the run, or the cell, that is held against it.",
	};
	double *ns = calloc(2 * compared->pairs + 1, sizeof(*ns));
	struct units units;

	if (!ns)
		return -ENOMEM;
	for (size_t i = 0; i < compared->pairs; i++) {
		ns[2 * i] = compared->pair[i].wall_ns.a;
		ns[2 * i + 1] = compared->pair[i].wall_ns.b;
	}
	units = units_choose(KIND_TIME, ns, 2 * compared->pairs, "µs");
	for (size_t side = 0; side < 2; side++) {
		add_column(grid, headings[compared->sides == 2][side], units_heading(&units), 90, helps[side]);
		for (size_t i = 0; i < compared->pairs; i++)
			units_number(text_of(grid, i), GRID_TEXT, &units, ns[2 * i + side]);
	}
	free(ns);
	return 0;
}

static void add_ratio(struct grid *grid, const struct compared *compared)
{
	add_column(grid, "ratio", "", KEEP_ALWAYS,
		   "Median time by the baseline's: below 1 is faster. Beside it the interval that holds the true ratio "
		   "with 95 % confidence, by bootstrap over the processes of both sides (* where too few processes "
		   "allow less).");
	for (size_t i = 0; i < compared->pairs; i++)
		number_text(text_of(grid, i), GRID_TEXT, compared->pair[i].wall_ns.ratio.median, RATIO);
	add_column(grid, "95 %\ninterval", "", KEEP_ALWAYS, NULL)->joined = true;
	for (size_t i = 0; i < compared->pairs; i++)
		interval_text(text_of(grid, i), GRID_TEXT, compared->pair[i].wall_ns.ratio, RATIO);
}

static bool any_shown(const struct compared *compared)
{
	return compared->pairs && compared->pair[0].wall_ns.direction != DIRECTION_NOT_SHOWN; /* these stand first */
}

static int add_beyond(struct grid *grid, const struct compared *compared)
{
	const struct column form = {
		.heading = "beyond\nnoise",
		.keep = 80,
		.help = "By how much the time changed at the least: the baseline's times what the nearer end of the "
			"interval differs from 1. The rows stand in this order.",
	};
	struct interval *values = calloc(compared->pairs + 1, sizeof(*values));
	int err;

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < compared->pairs; i++) {
		double beyond_noise = compared->pair[i].wall_ns.beyond_noise;

		values[i].median = beyond_noise != 0 ? beyond_noise : NAN;
	}
	err = any_shown(compared) ? grid_values(grid, &form, KIND_TIME, values, false, "µs") : 0;
	free(values);
	return err;
}

/* Writes "+4.1", in brackets if the change is not shown. */
static void percent_text(char *text, double share, enum direction shown)
{
	bool sure = shown != DIRECTION_NOT_SHOWN, nothing = fabs(share) < 0.0005;

	if (isfinite(share))
		snprintf(text, GRID_TEXT, nothing ? "%s%.1f%s" : "%s%+.1f%s", sure ? "" : "(",
			 nothing ? 0 : 100 * share, sure ? "" : ")");
	else
		snprintf(text, GRID_TEXT, "-");
}

/* Writes the change by its ratio, or as "0 to 17" if there is none. */
static void change_text(char *text, const struct change *change, enum quantity_kind kind)
{
	bool sure = change->direction != DIRECTION_NOT_SHOWN, known = isfinite(change->a) && isfinite(change->b);
	char a[24], b[24];

	if (change->a == change->b || !known || isfinite(change->ratio.median)) {
		percent_text(text, change->a == change->b ? 0 : change->ratio.median - 1, change->direction);
		return;
	}
	quantity_text(a, sizeof(a), kind, change->a, "µs");
	quantity_text(b, sizeof(b), kind, change->b, "µs");
	snprintf(text, GRID_TEXT, "%s%s to %s%s", sure ? "" : "(", a, b, sure ? "" : ")");
}

static void add_quantity(struct grid *grid, const struct compared *compared, enum quantity_id id)
{
	const struct quantity_column *column = &quantities[id].change;

	if (!column->heading)
		return;
	add_column(grid, column->heading, "%", column->keep, column->help);
	for (size_t i = 0; i < compared->pairs; i++)
		change_text(text_of(grid, i), &compared->pair[i].quantity[id], quantities[id].kind);
}

static void add_mostly(struct grid *grid, const struct compared *compared)
{
	static const char help[] =
		"The part of the account in which more than half of the change lies, in % of the baseline's workers x "
		"wall time; between cells of as many workers, and if its own change is shown.";

	add_column(grid, "mostly", "", 60, help)->left = true;
	for (size_t i = 0; i < compared->pairs; i++) {
		const struct pair *pair = &compared->pair[i];
		size_t part = pair_main_part(compared, pair);

		if (part < compared->parts)
			snprintf(text_of(grid, i), GRID_TEXT, "%.40s %+.1f %%", compared->part[part].name,
				 100 * pair_part_share(pair, part));
	}
}

int compare_grid_changes(struct grid *grid, const struct compared *compared)
{
	static const char help[] =
		"Slower and faster are shown: the whole interval lies on that side of 1. Not shown: it holds 1, or "
		"rests on too few processes; then nothing is known to have changed.";
	int err = begin(grid, compared);

	if (err || !compared->pairs)
		return err;
	add_column(grid, "time", "", KEEP_ALWAYS, help)->left = true;
	for (size_t i = 0; i < compared->pairs; i++)
		snprintf(text_of(grid, i), GRID_TEXT, "%s", results[compared->pair[i].wall_ns.direction]);
	err = add_times(grid, compared);
	add_ratio(grid, compared);
	err = err ? err : add_beyond(grid, compared);
	for (enum quantity_id id = 0; id < QUANTITY_COUNT; id++)
		add_quantity(grid, compared, id);
	if (any_shown(compared))
		add_mostly(grid, compared);
	return err;
}

static bool part_changes(const struct compared *compared, size_t part)
{
	for (size_t i = 0; i < compared->pairs; i++)
		if (fabs(pair_part_share(&compared->pair[i], part)) >= SEEN)
			return true;
	return false;
}

static void part_heading(char *heading, const char *part)
{
	snprintf(heading, GRID_TEXT, "%.50s", part);
	for (char *at = heading; *at; at++)
		*at = (char)(*at == '_' ? '\n' : *at);
}

static const char *part_help(const char *name)
{
	if (strcmp(name, "work") == 0)
		return "CPU time inside the work: useful and inflation together, since each run has its own baseline.";
	if (strcmp(name, "waiting") == 0)
		return "Waiting inside the work: blocked, and what the baseline waits as well.";
	return NULL;
}

int compare_grid_account(struct grid *grid, const struct compared *compared)
{
	char heading[GRID_TEXT];
	int err = begin(grid, compared);

	for (size_t part = 0; part < compared->parts && !err; part++) {
		if (!part_changes(compared, part))
			continue;
		part_heading(heading, compared->part[part].name);
		add_column(grid, heading, "%", 40, part_help(compared->part[part].name));
		for (size_t i = 0; i < compared->pairs; i++)
			percent_text(text_of(grid, i), pair_part_share(&compared->pair[i], part),
				     compared->pair[i].part_ns[part].direction);
	}
	if (err || grid->columns == grid->keys)
		return err;
	add_column(grid, "in all", "%", KEEP_ALWAYS,
		   "Change of workers x wall time; the parts' medians add up to about that.");
	for (size_t i = 0; i < compared->pairs; i++) {
		const struct pair *pair = &compared->pair[i];
		double workers = (double)pair->b->workers / (double)pair->a->workers;
		struct interval held = interval_times(pair->wall_ns.ratio, workers);

		percent_text(text_of(grid, i), held.median - 1, interval_direction(held, 1));
	}
	return 0;
}

static bool counter_changes(const struct compared *compared, size_t counter)
{
	for (size_t i = 0; i < compared->pairs; i++)
		if (compared->pair[i].counter[counter].a != compared->pair[i].counter[counter].b)
			return true;
	return false;
}

int compare_grid_counters(struct grid *grid, const struct compared *compared)
{
	char heading[GRID_TEXT];
	int err = begin(grid, compared);

	for (size_t counter = 0; counter < compared->counters && !err; counter++) {
		if (!counter_changes(compared, counter))
			continue;
		part_heading(heading, compared->counter[counter].name);
		add_column(grid, heading, "%", 40, NULL);
		for (size_t i = 0; i < compared->pairs; i++)
			change_text(text_of(grid, i), &compared->pair[i].counter[counter],
				    unit_kind(compared->counter[counter].unit));
	}
	return err;
}
