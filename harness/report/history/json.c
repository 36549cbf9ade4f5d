#include "report/history/view.h"
#include "store/values.h"

static json_t *point_json(const struct history_point *point)
{
	return VALUE_OBJECT({ "started", value_text(point->started) }, { "commit", value_text(point->commit) },
			    { "dirty", json_boolean(point->dirty) }, { "value", value_number(point->value) },
			    { "low", value_number(point->low) }, { "high", value_number(point->high) });
}

static json_t *series_json(const struct history_series *series)
{
	json_t *runs = json_array(), *changes = json_array();

	for (size_t i = 0; i < series->points; i++)
		runs = value_append(runs, point_json(&series->point[i]));
	for (size_t i = 0; i < series->changes; i++)
		changes = value_append(changes, value_count(series->change[i].at));
	return VALUE_OBJECT({ "machine", value_text(series->machine) }, { "cell", value_text(series->cell) },
			    { "work", json_incref(series->work) },
			    { "last", value_number(series->point[series->points - 1].value) },
			    { "changes_at", changes }, { "runs", runs });
}

static json_t *blame_json(const struct blame *blame)
{
	const struct change_point *change = blame->change;

	return VALUE_OBJECT({ "machine", value_text(blame->series->machine) },
			    { "cell", value_text(blame->series->cell) }, { "work", json_incref(blame->series->work) },
			    { "at", value_count(change->at) }, { "size", value_number(change_point_size(change)) },
			    { "before", value_number(change->before) }, { "after", value_number(change->after) },
			    { "p", value_number(change->p) }, { "started", value_text(blame->first->started) },
			    { "commit", value_text(blame->first->commit) },
			    { "dirty", json_boolean(blame->first->dirty) },
			    { "subject", value_text(blame->subject[0] ? blame->subject : NULL) },
			    { "commit_before", value_text(blame->last->commit) },
			    { "commits", value_integer(blame->commits != 0, (int64_t)blame->commits) },
			    { "also_changed", json_incref(blame->also) });
}

json_t *history_json(const struct history_view *view)
{
	const struct change_search *search = &view->search;
	json_t *changes = json_array(), *series = json_array();

	for (size_t i = 0; i < view->blames; i++)
		changes = value_append(changes, blame_json(&view->blame[i]));
	for (size_t i = 0; i < view->list->count; i++)
		series = value_append(series, series_json(&view->list->series[i]));
	return VALUE_OBJECT(
		{ "schema", json_integer(1) }, { "kind", value_text("history") },
		{ "database", value_text(view->database) }, { "measure", value_text(history_measures[view->measure]) },
		{ "search",
		  VALUE_OBJECT({ "method", value_text("e-divisive means") }, { "window", value_count(search->window) },
			       { "p", value_number(search->p) }, { "magnitude", value_number(search->magnitude) }) },
		{ "changes", changes }, { "series", series });
}
