/* What the files that compare runs share. */
#ifndef BENCH_REPORT_COMPARE_INTERNAL_H
#define BENCH_REPORT_COMPARE_INTERNAL_H

#include "report/compare/compare.h"

/* How two cells of different runs belong together. */
enum likeness {
	LIKENESS_NONE,
	LIKENESS_WAY,    /* the same way of running, but other work or another chunk */
	LIKENESS_PRESET, /* the same cell, with the preset chunk of each, which may have become another */
	LIKENESS_FULL,   /* the same cell */
};

enum likeness cells_likeness(const json_t *a, const json_t *b);

/* Whether the same items are executed with the same parameters. */
bool cells_same_work(const json_t *a, const json_t *b);

/* "items: 48 in a, 64 in b": what makes the work of two cells another. `side`: the second one's. */
void cells_difference(char *text, size_t size, const json_t *a, const json_t *b, size_t side);

/* 'a', 'b', ... */
char side_letter(size_t side);

/* Both values, quoted: "'6.1' in a, '6.2' in b". */
void values_text(char *text, size_t size, const json_t *a, const json_t *b, size_t side);

/* Known on both sides, and not the same. */
bool values_differ(const json_t *a, const json_t *b);

/* The shown part of the account in which more than half of a change of time lies, between cells of as many
 * workers; compared->parts: there is none. */
size_t pair_main_part(const struct compared *compared, const struct pair *pair);

/* A part's change as a share of the baseline's workers x wall time; NaN: there is no account. */
double pair_part_share(const struct pair *pair, size_t part);

/* Each fills a grid with a row for each pair. Return 0 or -ENOMEM. */
int compare_grid_changes(struct grid *grid, const struct compared *compared);
int compare_grid_account(struct grid *grid, const struct compared *compared);
int compare_grid_counters(struct grid *grid, const struct compared *compared);

#endif
