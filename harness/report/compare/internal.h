/* The parts of a comparison; only the files of this folder include this header. */
#ifndef BENCH_REPORT_COMPARE_INTERNAL_H
#define BENCH_REPORT_COMPARE_INTERNAL_H

#include "report/compare/compare.h"

/* How well two cells of different runs match. */
enum likeness {
	LIKENESS_NONE,
	LIKENESS_WAY,    /* they run in the same way, but their work or chunk differs */
	LIKENESS_PRESET, /* they are the same, each with its preset chunk, which may differ */
	LIKENESS_FULL,   /* they are the same */
};

enum likeness cells_likeness(const json_t *a, const json_t *b);

/* Writes what makes the work of two cells differ: "items: 48 in a, 64 in b". `side` is that of the second cell. */
void cells_difference(char *text, size_t size, const json_t *a, const json_t *b, size_t side);

/* Returns 'a', 'b', ... */
char side_letter(size_t side);

/* Writes both values, quoted: "'6.1' in a, '6.2' in b". */
void values_text(char *text, size_t size, const json_t *a, const json_t *b, size_t side);

/* Returns whether both values are known and differ. */
bool values_differ(const json_t *a, const json_t *b);

/* Returns the part of the account in which more than half of a change of time lies, if that change is shown and both
 * cells have the same number of workers; compared->parts: there is no such part. */
size_t pair_main_part(const struct compared *compared, const struct pair *pair);

/* Returns a part's change as a share of the baseline's workers x wall time; NaN: there is no account. */
double pair_part_share(const struct pair *pair, size_t part);

/* Each fills a grid with a row for each pair, and returns 0 or -ENOMEM. */
int compare_grid_changes(struct grid *grid, const struct compared *compared);
int compare_grid_account(struct grid *grid, const struct compared *compared);
int compare_grid_counters(struct grid *grid, const struct compared *compared);

#endif
