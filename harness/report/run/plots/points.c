#include "report/run/plots/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PANELS 6 /* workloads side by side */
#define SERIES 16    /* lines in a panel: each colour is used twice, the second time dashed */
#define REFERENCES 4 /* lines of references that are kept even if others are faster */
#define COLOURS 8    /* as many as can be told apart */
#define NAMED 8      /* names that are listed of lines that are not drawn */

struct series {
	char name[96];
	const struct row *row; /* one of its rows */
	double best;           /* its greatest speedup */
	size_t place;          /* number among the lines that are drawn, from 1; 0: it is not drawn */
	size_t colour;         /* from 1 */
	bool dashed;
};

struct point {
	const struct row *row;
	size_t series; /* index */
	size_t panel;  /* from 1; 0: it is not drawn */
};

/* The parallel cells as points: a panel for each workload, a line for each way of running it. */
struct drawing {
	struct point *point;
	struct series *series;
	const char *panel[PANELS];
	size_t points, all_series, panels;
};

static size_t series_of(struct drawing *d, const char *name, const struct row *row)
{
	double speedup = row->value[QUANTITY_SPEEDUP].median;
	struct series *own = d->series;

	while (own < d->series + d->all_series && strcmp(own->name, name) != 0)
		own++;
	if (own == d->series + d->all_series) {
		*own = (struct series){ .row = row, .best = -1 };
		snprintf(own->name, sizeof(own->name), "%s", name);
		d->all_series++;
	}
	own->best = isnan(speedup) ? own->best : fmax(own->best, speedup);
	return (size_t)(own - d->series);
}

static size_t panel_of(struct drawing *d, const char *workload)
{
	for (size_t i = 0; i < d->panels; i++)
		if (strcmp(d->panel[i], workload) == 0)
			return i + 1;
	if (d->panels == PANELS)
		return 0;
	d->panel[d->panels] = workload;
	return ++d->panels;
}

/* Takes up to `limit` lines, those that reach the greatest speedup; only references, or of all lines. */
static size_t take_best(struct drawing *d, size_t limit, bool references)
{
	size_t taken;

	for (taken = 0; taken < limit; taken++) {
		struct series *best = NULL;

		for (size_t i = 0; i < d->all_series; i++) {
			struct series *own = &d->series[i];

			if (!own->place && (!references || own->row->counterpart) && (!best || own->best > best->best))
				best = own;
		}
		if (!best)
			break;
		best->place = 1;
	}
	return taken;
}

/* Selects the lines that are drawn; they keep their order. */
static size_t select_series(struct drawing *d)
{
	size_t references = take_best(d, REFERENCES, true), place = 0;
	size_t drawn = references + take_best(d, SERIES - references, false);

	for (size_t i = 0; i < d->all_series; i++)
		if (d->series[i].place)
			d->series[i].place = ++place;
	return drawn;
}

static const struct series *counterpart_of(const struct drawing *d, const struct series *reference)
{
	for (size_t i = 0; i < d->all_series; i++) {
		const struct series *own = &d->series[i];
		const char *mode = json_text(own->row->cell, "mode");

		if (own->colour && !own->row->counterpart && mode && !strcmp(mode, reference->row->counterpart))
			return own;
	}
	return NULL;
}

/* Gives each line a colour as long as there are colours; a reference is dashed, in the colour of its counterpart. */
static void colour_series(struct drawing *d)
{
	size_t used = 0;

	for (size_t i = 0; i < d->all_series; i++) {
		struct series *own = &d->series[i];

		if (!own->place || own->row->counterpart)
			continue;
		own->colour = used % COLOURS + 1;
		own->dashed = used++ >= COLOURS;
	}
	for (size_t i = 0; i < d->all_series; i++) {
		struct series *own = &d->series[i];
		const struct series *counterpart;

		if (!own->place || !own->row->counterpart)
			continue;
		counterpart = counterpart_of(d, own);
		own->colour = counterpart ? counterpart->colour : used++ % COLOURS + 1;
		own->dashed = true;
	}
}

/* Writes how the lines look, and which are left out. */
static void write_series(const struct plot_files *files, const struct drawing *d)
{
	size_t left_out = 0;

	for (size_t i = 0; i < d->all_series; i++) {
		if (d->series[i].place)
			plot_name_write(files->names, "series", d->series[i].name);
		else if (left_out++ < NAMED)
			plot_name_write(files->names, "rest", d->series[i].name);
	}
	fputs("series_colours = '", files->facts);
	for (size_t i = 0; i < d->all_series; i++)
		if (d->series[i].place)
			fprintf(files->facts, " %zu", d->series[i].colour);
	fputs("'\nseries_dashed = '", files->facts);
	for (size_t i = 0; i < d->all_series; i++)
		if (d->series[i].place)
			fprintf(files->facts, " %d", d->series[i].dashed);
	fputs("'\n", files->facts);
}

static int by_workers(const void *left, const void *right)
{
	const struct point *a = left, *b = right;

	if (a->panel != b->panel)
		return a->panel < b->panel ? -1 : 1;
	if (a->series != b->series)
		return a->series < b->series ? -1 : 1;
	return a->row->workers < b->row->workers ? -1 : a->row->workers > b->row->workers;
}

static int drawing_init(struct drawing *d, const struct rows *rows, const struct picks *picks)
{
	char name[sizeof(d->series->name)];

	*d = (struct drawing){ .points = picks->count };
	d->point = calloc(picks->count + 1, sizeof(*d->point));
	d->series = calloc(picks->count + 1, sizeof(*d->series));
	if (!d->point || !d->series)
		return -ENOMEM;
	for (size_t i = 0; i < picks->count; i++) {
		const struct row *row = picks->row[i];

		row_series(name, sizeof(name), rows, row);
		d->point[i] = (struct point){ row, series_of(d, name, row), panel_of(d, row->workload) };
	}
	qsort(d->point, d->points, sizeof(*d->point), by_workers);
	return 0;
}

static void drawing_release(struct drawing *d)
{
	free(d->point);
	free(d->series);
}

/* Writes a value with its interval, in units of `unit`; an interval that is not known shrinks to the value. */
static void write_interval(FILE *out, struct interval value, double unit)
{
	bool known = isfinite(value.low) && isfinite(value.high) && value.level > 0;

	if (isnan(value.median))
		fputs("\tNaN\tNaN\tNaN", out);
	else
		fprintf(out, "\t%.9g\t%.9g\t%.9g", value.median / unit, (known ? value.low : value.median) / unit,
			(known ? value.high : value.median) / unit);
}

/* Writes the points of each line together, in the order of the number of workers, so that gnuplot connects them. */
static void write_points(const struct plot_files *files, const struct drawing *d)
{
	uint64_t least = UINT64_MAX, most = 0;

	for (size_t i = 0; i < d->points; i++) {
		const struct point *point = &d->point[i];
		size_t place = d->series[point->series].place;

		if (!place || !point->panel)
			continue;
		least = point->row->workers < least ? point->row->workers : least;
		most = point->row->workers > most ? point->row->workers : most;
		fprintf(files->points, "%zu\t%zu\t%" PRIu64, point->panel, place, point->row->workers);
		write_interval(files->points, point->row->value[QUANTITY_SPEEDUP], 1);
		write_interval(files->points, point->row->value[QUANTITY_IPC_SHARE], 0.01);
		write_interval(files->points, point->row->value[QUANTITY_IPC_ITEM], 1e3);
		putc('\n', files->points);
	}
	fprintf(files->facts, "workers_least = %" PRIu64 "\nworkers_most = %" PRIu64 "\n", most ? least : 0, most);
}

/* The greatest value that is drawn, its interval included; 0: there is none. */
static double greatest(const struct drawing *d, enum quantity_id id)
{
	double most = 0;

	for (size_t i = 0; i < d->points; i++) {
		struct interval value = d->point[i].row->value[id];

		if (d->point[i].panel && d->series[d->point[i].series].place)
			most = fmax(most, fmax(value.median, value.high)); /* fmax() passes over NaN */
	}
	return most;
}

/* The least value above zero that is drawn; 0: there is none. */
static double least_above_zero(const struct drawing *d, enum quantity_id id)
{
	double least = 0;

	for (size_t i = 0; i < d->points; i++) {
		double value = d->point[i].row->value[id].median;

		if (d->point[i].panel && d->series[d->point[i].series].place && value > 0)
			least = least > 0 ? fmin(least, value) : value;
	}
	return least;
}

int plot_points_write(const struct plot_files *files, const struct rows *rows)
{
	struct drawing d = { 0 };
	struct picks picks;
	int err = rows_pick(&picks, rows, row_measured_parallel, SIZE_MAX);

	if (!err)
		err = drawing_init(&d, rows, &picks);
	if (err)
		goto out;
	fprintf(files->facts, "series = %zu\n", select_series(&d));
	fprintf(files->facts, "all_series = %zu\npanels = %zu\n", d.all_series, d.panels);
	fprintf(files->facts, "speedup_most = %.9g\nspeedup_least = %.9g\nshare_most = %.9g\n",
		greatest(&d, QUANTITY_SPEEDUP), least_above_zero(&d, QUANTITY_SPEEDUP),
		greatest(&d, QUANTITY_IPC_SHARE) * 100);
	fprintf(files->facts, "item_most = %.9g\nitem_least = %.9g\n", greatest(&d, QUANTITY_IPC_ITEM) / 1e3,
		least_above_zero(&d, QUANTITY_IPC_ITEM) / 1e3);
	for (size_t i = 0; i < d.panels; i++)
		plot_name_write(files->names, "panel", d.panel[i]);
	colour_series(&d);
	write_series(files, &d);
	write_points(files, &d);
out:
	drawing_release(&d);
	picks_release(&picks);
	return err;
}
