#include "report/history/view.h"

#include "base/json.h"
#include "store/values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define COMMIT_DIGITS 10

const char *const history_measure_titles[] = { "wall time", "CPU time", "memory" };
const enum quantity_kind history_measure_kinds[] = { KIND_TIME, KIND_TIME, KIND_BYTES };

static double weight(const struct change_point *change)
{
	return fabs(log(change->after / change->before));
}

double history_series_weight(const struct history_series *series)
{
	double most = 0;

	for (size_t i = 0; i < series->changes; i++)
		most = fmax(most, weight(&series->change[i]));
	return most;
}

static int greatest_first(const void *left, const void *right)
{
	const struct blame *a = left, *b = right;
	double x = weight(a->change), y = weight(b->change);

	if (x != y)
		return x > y ? -1 : 1;
	return a->series != b->series ? (a->series < b->series ? -1 : 1) : (a->change < b->change ? -1 : 1);
}

/* Returns what differs between the environments of two runs. */
static json_t *differences(const char *before, const char *after)
{
	json_t *from = json_loads(before, 0, NULL), *to = json_loads(after, 0, NULL), *list = json_array(), *value;
	const char *what;

	json_object_foreach(to, what, value) {
		json_t *was = json_object_get(from, what);

		if (strcmp(what, "commit") != 0 && !json_equal(was, value))
			list = value_append(list, VALUE_OBJECT({ "what", value_text(what) },
							       { "from", was ? json_incref(was) : json_null() },
							       { "to", json_incref(value) }));
	}
	json_decref(from);
	json_decref(to);
	return list;
}

static int take_blame(struct history_view *view, const struct history_series *series, const struct change_point *change)
{
	struct blame *blame = &view->blame[view->blames++];

	*blame = (struct blame){ .series = series, .change = change };
	blame->first = &series->point[change->at];
	blame->last = blame->first - 1;
	if (blame->first->commit)
		commit_subject(blame->subject, sizeof(blame->subject), blame->first->commit);
	if (blame->first->commit && blame->last->commit)
		blame->commits = commit_distance(blame->last->commit, blame->first->commit);
	blame->also = differences(blame->last->environment, blame->first->environment);
	return blame->also ? 0 : -ENOMEM;
}

/* Adds the machine of a series, if it is new; the list is sorted by machines. */
static void take_machine(struct history_view *view, const struct history_series *series)
{
	if (!view->machines || strcmp(view->machine[view->machines - 1], series->machine) != 0)
		view->machine[view->machines++] = series->machine;
}

int history_view_make(struct history_view *view)
{
	const struct history_list *list = view->list;
	size_t changes = 0;
	int err = 0;

	for (size_t i = 0; i < list->count; i++)
		changes += list->series[i].changes;
	view->blame = calloc(changes + 1, sizeof(*view->blame));
	view->machine = calloc(list->count + 1, sizeof(*view->machine));
	if (!view->blame || !view->machine)
		return -ENOMEM;
	for (size_t i = 0; i < list->count && !err; i++) {
		take_machine(view, &list->series[i]);
		for (size_t c = 0; c < list->series[i].changes && !err; c++)
			err = take_blame(view, &list->series[i], &list->series[i].change[c]);
	}
	qsort(view->blame, view->blames, sizeof(*view->blame), greatest_first);
	return err;
}

void history_view_release(struct history_view *view)
{
	for (size_t i = 0; i < view->blames; i++)
		json_decref(view->blame[i].also);
	free(view->blame);
	free(view->machine);
	view->blame = NULL;
	view->machine = NULL;
	view->blames = view->machines = 0;
}

size_t history_view_machine(const struct history_view *view, const struct history_series *series)
{
	size_t which = 0;

	while (which + 1 < view->machines && strcmp(view->machine[which], series->machine) != 0)
		which++;
	return which;
}

/* Returns whether another series has the same cell and machine; such series stand side by side in the list. */
static bool has_namesake(const struct history_view *view, const struct history_series *series)
{
	const struct history_series *first = view->list->series, *end = first + view->list->count;
	const struct history_series *beside[] = { series - 1, series + 1 };

	for (size_t i = 0; i < 2; i++)
		if (beside[i] >= first && beside[i] < end && strcmp(beside[i]->cell, series->cell) == 0 &&
		    strcmp(beside[i]->machine, series->machine) == 0)
			return true;
	return false;
}

void history_view_label(char *text, size_t size, const struct history_view *view, const struct history_series *series)
{
	snprintf(text, size, "%s", series->cell);
	if (has_namesake(view, series))
		snprintf(text + strlen(text), size - strlen(text), ", %" PRIu64 " items",
			 json_count(series->work, "items"));
	if (view->machines > 1)
		snprintf(text + strlen(text), size - strlen(text), " (%c)",
			 (char)('A' + history_view_machine(view, series) % 26));
}

void history_commit_text(char *text, size_t size, const struct history_point *point)
{
	snprintf(text, size, "%.*s%s", COMMIT_DIGITS, point->commit ? point->commit : "-", point->dirty ? "+" : "");
}
