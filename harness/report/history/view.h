/* What a page shows of a history: its change points, with the commits that may have caused them, and its series. */
#ifndef BENCH_REPORT_HISTORY_VIEW_H
#define BENCH_REPORT_HISTORY_VIEW_H

#include "report/kit/page.h"
#include "store/history/commits.h"
#include "store/history/history.h"

/* A change point, and what else changed with it. */
struct blame {
	const struct history_series *series;
	const struct change_point *change;
	const struct history_point *last, *first; /* the last run before the change, and the first one after it */
	unsigned long commits; /* number of commits from that of `last` to that of `first`; 0: not known */
	char subject[160];     /* of the commit of `first`; "": not known */
	json_t *also;          /* what else changed: an array of {"what", "from", "to"} */
};

struct history_view {
	const char *database; /* the file */
	enum history_measure measure;
	struct change_search search;
	const struct history_list *list; /* after history_search(); must outlive the view */
	struct blame *blame;             /* the largest change first */
	size_t blames;
	char **machine; /* their names, borrowed from the list and in its order */
	size_t machines;
};

/* Fills `blame` and `machine`; the caller has filled the rest. Asks git in the current folder about the commits, which
 * it may not know. Returns 0 or -ENOMEM; the caller releases the view in any case. */
int history_view_make(struct history_view *view);
void history_view_release(struct history_view *view);

/* Returns the view as JSON, as results/README.md describes it; NULL without memory. */
json_t *history_json(const struct history_view *view);

/* Makes the page of a view, without pictures. Returns 0 or -ENOMEM; the caller releases the page in any case. */
int history_page(struct page *page, const struct history_view *view, const char *micro);

/* For plots_draw(); the view must outlive it. */
struct plot_data plot_history(const struct history_view *view);

/* Returns the index of the series' machine. */
size_t history_view_machine(const struct history_view *view, const struct history_series *series);

/* Writes the cell, "resize/pool/shm/dynamic:6/2", and what tells it from others of that name: its work, "... 48 items",
 * or its machine, "(B)" for the second of several. */
void history_view_label(char *text, size_t size, const struct history_view *view, const struct history_series *series);

/* Returns the size of the series' largest change, as |ln(after / before)|; 0: it has no change point. */
double history_series_weight(const struct history_series *series);

/* Writes the first digits of a commit, followed by "+" if it was dirty; "-" if it is not known. */
void history_commit_text(char *text, size_t size, const struct history_point *point);

extern const char *const history_measure_titles[HISTORY_MEASURES]; /* "wall time", ... */
extern const enum quantity_kind history_measure_kinds[HISTORY_MEASURES];

#endif
