/* What is shown of a history: its change points, with the commits to blame, and its series. */
#ifndef BENCH_REPORT_HISTORY_VIEW_H
#define BENCH_REPORT_HISTORY_VIEW_H

#include "report/kit/page.h"
#include "store/history/commits.h"
#include "store/history/history.h"

/* A change point and what came with it. */
struct blame {
	const struct history_series *series;
	const struct change_point *change;
	const struct history_point *last, *first; /* the last run before the change, the first one after */
	unsigned long commits;                    /* from the commit of the one to that of the other; 0: not known */
	char subject[160];                        /* of the first's commit; "": not known */
	json_t *also;                             /* array: what else changed, {"what", "from", "to"} */
};

struct history_view {
	const char *database; /* the file */
	enum history_measure measure;
	struct change_search search;
	const struct history_list *list; /* searched; must outlive the view */
	struct blame *blame;             /* the greatest change first */
	size_t blames;
	char **machine; /* names, borrowed from the list; in the order of the list */
	size_t machines;
};

/* Fills blame and machine; the rest is the caller's, done before. Asks git in the current folder, if it knows the
 * commits. Returns 0 or -ENOMEM; release in any case. */
int history_view_make(struct history_view *view);
void history_view_release(struct history_view *view);

/* As JSON: described in results/README.md. NULL without memory. */
json_t *history_json(const struct history_view *view);

/* As a page, without pictures. Returns 0 or -ENOMEM; release the page in any case. */
int history_page(struct page *page, const struct history_view *view, const char *micro);

/* For plots_draw(); the view must outlive it. */
struct plot_data plot_history(const struct history_view *view);

/* Which of the machines, from 0. */
size_t history_view_machine(const struct history_view *view, const struct history_series *series);

/* The cell, and what tells it from others of its name: "resize/pool/shm/dynamic:6/2", "... 48 items", "(B)" for the
 * second of several machines. */
void history_view_label(char *text, size_t size, const struct history_view *view, const struct history_series *series);

/* How much the values differ at the series' greatest change point, as |ln(after / before)|; 0: it has none. */
double history_series_weight(const struct history_series *series);

/* The first digits of a commit, "+" behind them if it was dirty; "-" if it is not known. */
void history_commit_text(char *text, size_t size, const struct history_point *point);

extern const char *const history_measure_titles[HISTORY_MEASURES]; /* "wall time", ... */
extern const enum quantity_kind history_measure_kinds[HISTORY_MEASURES];

#endif
