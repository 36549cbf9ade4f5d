#include "store/history/internal.h"

#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const history_measures[] = { "wall_ns", "cpu_ns", "rss_bytes", NULL };

enum read_column { MACHINE, CELL, WORK, STARTED, COMMIT, DIRTY, ENVIRONMENT, VALUE, LOW, HIGH };

static const char *column_text(sqlite3_stmt *row, enum read_column column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? text : "";
}

static double column_number(sqlite3_stmt *row, enum read_column column)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL ? NAN : sqlite3_column_double(row, column);
}

static bool is_next(const struct history_series *series, const char *work, sqlite3_stmt *row)
{
	return series && strcmp(series->machine, column_text(row, MACHINE)) == 0 &&
	       strcmp(series->cell, column_text(row, CELL)) == 0 && strcmp(work, column_text(row, WORK)) == 0;
}

/* Returns the array with room for one more entry, which is zeroed; the array grows by doubling. */
static void *grow(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	array = reallocarray(array, count ? 2 * count : 1, size);
	if (array)
		memset((char *)array + count * size, 0, (count ? count : 1) * size);
	return array;
}

static int begin_series(struct history_list *list, sqlite3_stmt *row, char **work)
{
	struct history_series *series, *grown = grow(list->series, list->count, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	list->series = grown;
	series = &grown[list->count++];
	series->machine = strdup(column_text(row, MACHINE));
	series->cell = strdup(column_text(row, CELL));
	series->work = json_loads(column_text(row, WORK), 0, NULL);
	free(*work);
	*work = strdup(column_text(row, WORK));
	return series->machine && series->cell && *work ? 0 : -ENOMEM;
}

static int take_point(struct history_series *series, sqlite3_stmt *row, bool intervals)
{
	struct history_point *point, *grown = grow(series->point, series->points, sizeof(*grown));
	bool known = sqlite3_column_type(row, COMMIT) != SQLITE_NULL;

	if (!grown)
		return -ENOMEM;
	series->point = grown;
	point = &grown[series->points++];
	point->started = strdup(column_text(row, STARTED));
	point->commit = known ? strdup(column_text(row, COMMIT)) : NULL;
	point->dirty = sqlite3_column_int(row, DIRTY);
	point->environment = strdup(column_text(row, ENVIRONMENT));
	point->value = column_number(row, VALUE);
	point->low = intervals ? column_number(row, LOW) : NAN;
	point->high = intervals ? column_number(row, HIGH) : NAN;
	return point->started && point->environment && (point->commit || !known) ? 0 : -ENOMEM;
}

static int prepare(sqlite3_stmt **query, const struct history *history, enum history_measure measure,
		   const char *machine, const char *cell)
{
	char sql[640];
	int code;

	snprintf(sql, sizeof(sql),
		 "SELECT machine.name, cell.name, cell.work, started, \"commit\", dirty, environment, %s, wall_low_ns,"
		 " wall_high_ns FROM value JOIN cell ON cell.id = value.cell JOIN run ON run.id = value.run"
		 " JOIN machine ON machine.id = run.machine WHERE %s IS NOT NULL"
		 " AND (?1 IS NULL OR machine.name = ?1) AND (?2 IS NULL OR cell.name = ?2 OR cell.name GLOB ?2)"
		 " ORDER BY machine.name, cell.name, cell.work, started, run.id",
		 history_measures[measure], history_measures[measure]);
	code = history_prepare(history, query, sql);
	if (!code) {
		sqlite3_bind_text(*query, 1, machine, -1, SQLITE_STATIC);
		sqlite3_bind_text(*query, 2, cell, -1, SQLITE_STATIC);
	}
	return code;
}

/* Others may have written the file. */
static void clean(struct history_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct history_series *series = &list->series[i];

		text_clean(series->machine, "");
		text_clean(series->cell, "");
		for (size_t k = 0; k < series->points; k++) {
			text_clean(series->point[k].started, "");
			text_clean(series->point[k].commit ? series->point[k].commit : (char[1]){ "" }, "");
		}
	}
}

int history_read(struct history_list *list, struct history *history, enum history_measure measure, const char *machine,
		 const char *cell, const struct why *why)
{
	struct history_series *last = NULL;
	sqlite3_stmt *row = NULL;
	char *work = NULL;
	int code = prepare(&row, history, measure, machine, cell), err = 0;

	*list = (struct history_list){ 0 };
	while (!code && !err && (code = sqlite3_step(row)) == SQLITE_ROW) {
		code = SQLITE_OK;
		if (!is_next(last, work, row))
			err = begin_series(list, row, &work);
		last = list->count ? &list->series[list->count - 1] : NULL;
		if (!err)
			err = take_point(last, row, measure == HISTORY_WALL);
	}
	if (err)
		why_say(why, "cannot read '%s': %s", history->name, strerror(-err));
	else if ((err = history_check_still(history, why)))
		; /* so it may even look damaged */
	else if (code != SQLITE_DONE)
		err = history_fail(history, "read", why);
	sqlite3_finalize(row);
	free(work);
	if (!err)
		clean(list);
	return err;
}

static int search_series(struct history_series *series, const struct change_search *search)
{
	double *values = calloc(series->points + 1, sizeof(*values));
	int err = -ENOMEM;

	for (size_t i = 0; values && i < series->points; i++)
		values[i] = series->point[i].value;
	if (values)
		err = change_points_find(&series->change, &series->changes, values, series->points, search);
	free(values);
	return err;
}

int history_search(struct history_list *list, const struct change_search *search)
{
	int err = 0;

	for (size_t i = 0; i < list->count && !err; i++)
		err = search_series(&list->series[i], search);
	return err;
}

static void series_release(struct history_series *series)
{
	for (size_t i = 0; i < series->points; i++) {
		free(series->point[i].started);
		free(series->point[i].commit);
		free(series->point[i].environment);
	}
	free(series->point);
	free(series->change);
	free(series->machine);
	free(series->cell);
	json_decref(series->work);
}

void history_list_release(struct history_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		series_release(&list->series[i]);
	free(list->series);
	*list = (struct history_list){ 0 };
}
