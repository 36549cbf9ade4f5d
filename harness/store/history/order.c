#include "store/history/commit_order.h"
#include "store/history/history.h"

#include <errno.h>
#include <stdlib.h>

/* A run, and where it stands. */
struct placed {
	size_t commit, run; /* places: of its commit, and of the run in the order of time */
	struct history_point point;
};

static int by_commit(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;

	if (a->commit != b->commit)
		return a->commit < b->commit ? -1 : 1;
	return a->run < b->run ? -1 : a->run > b->run;
}

/* What is not known counts as the newest that had been measured when it was measured itself. */
static int order_series(struct history_series *series, const struct commit_order *order)
{
	struct placed *placed = calloc(series->points + 1, sizeof(*placed));
	size_t newest = 0, place;

	if (!placed)
		return -ENOMEM;
	for (size_t i = 0; i < series->points; i++) {
		place = commit_order_place(order, series->point[i].commit);
		newest = place > newest ? place : newest;
		placed[i] = (struct placed){ place ? place : newest, i, series->point[i] };
	}
	qsort(placed, series->points, sizeof(*placed), by_commit);
	for (size_t i = 0; i < series->points; i++)
		series->point[i] = placed[i].point;
	free(placed);
	return 0;
}

/* Returns the commits of all runs, borrowed from the list; the array is the caller's. */
static const char **list_commits(const struct history_list *list, size_t *count)
{
	const char **commits;
	size_t runs = 0;

	for (size_t i = 0; i < list->count; i++)
		runs += list->series[i].points;
	commits = calloc(runs + 1, sizeof(*commits));
	*count = 0;
	for (size_t i = 0; i < list->count && commits; i++)
		for (size_t k = 0; k < list->series[i].points; k++)
			commits[(*count)++] = list->series[i].point[k].commit;
	return commits;
}

int history_order(struct history_list *list)
{
	struct commit_order order = { 0 };
	size_t count;
	const char **commits = list_commits(list, &count);
	int err = commits ? commit_order_make(&order, commits, count) : -ENOMEM;

	for (size_t i = 0; i < list->count && !err; i++)
		err = order_series(&list->series[i], &order);
	commit_order_release(&order);
	free(commits);
	return err;
}
