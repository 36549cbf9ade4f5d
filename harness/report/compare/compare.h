/* Runs held against each other, each against the first; or the modes of one run, each against the sequential one of
 * the same work. Sides are called a, b, c, ... in the order of the command line; a is the baseline. */
#ifndef BENCH_REPORT_COMPARE_COMPARE_H
#define BENCH_REPORT_COMPARE_COMPARE_H

#include "analyse/comparison.h"
#include "model/sample.h"
#include "report/kit/page.h"
#include "report/run/remarks.h"

#define SIDES_MAX 26

/* The account is split against each run's own baseline (useful, inflation, blocked). That would put a change of
 * the baseline into every cell, and as certain, so the time inside the work is compared as it was measured, in
 * two parts: work (CPU time) and waiting. */

struct compared_side {
	const char *name; /* as the caller calls it: "results/runs/latest" */
	const json_t *run;
	struct rows rows;
};

/* A cell that was measured on both sides. */
struct pair {
	const struct row *a, *b;
	size_t side; /* b's */
	struct change wall_ns;
	struct change quantity[QUANTITY_COUNT]; /* of those that have a column */
	struct change part_ns[PARTS_MAX];       /* of the account, summed over workers */
	struct change counter[COUNTERS_MAX];
};

struct compared {
	struct compared_side side[SIDES_MAX];
	size_t sides;
	struct pair *pair; /* by change_order() of the wall time */
	size_t pairs;
	struct compared_part {
		const char *name, *group, *key; /* "work"; where a sample has it, for stored_rounds_values() */
	} part[PARTS_MAX];
	size_t parts;
	struct compared_counter {
		const char *name, *unit;
	} counter[COUNTERS_MAX]; /* those that count on some side */
	size_t counters;
	struct remarks unlike;   /* cells that are on both sides, but not of the same work */
	struct remarks failures; /* cells that failed on some side */
	struct remarks alone;    /* cells that were measured on one side only */
};

/* Compares the runs, of which there are 1 to SIDES_MAX; they and their names must outlive it.
 * Returns 0 or -ENOMEM, and leaves what can be released. */
int compare_make(struct compared *compared, const json_t *const *runs, const char *const *names, size_t count);
void compare_release(struct compared *compared);

/* What else than the program under test differs between two runs: machine, kernel, compiler, versions, an
 * interruption. The subject says what ("other kernel"), the text both values. Returns 0 or -ENOMEM. */
int compare_runs(struct remarks *differences, const struct compared *compared, size_t side);

/* The page of it, without pictures; takes its remarks. Returns 0 or -ENOMEM. And what the pictures are drawn from. */
int compare_page(struct page *page, struct compared *compared);
struct plot_data plot_compare(const struct compared *compared);

#endif
