/* Compares runs, each with the first one; or the modes of one run, each with the sequential mode of the same work.
 * Sides are called a, b, c, ... in the order of the command line; a is the baseline. */
#ifndef BENCH_REPORT_COMPARE_COMPARE_H
#define BENCH_REPORT_COMPARE_COMPARE_H

#include "analyse/comparison.h"
#include "model/sample.h"
#include "report/kit/page.h"
#include "report/run/remarks.h"

#define SIDES_MAX 26

/* In a run file the time inside the work is split by the baseline of that run (useful, inflation, blocked). In a
 * comparison a change of the baseline would so show in every cell, and as certain. So the time inside the work is
 * compared as it was measured, in two parts: work (CPU time) and waiting. */

struct compared_side {
	const char *name; /* given by the caller: "results/runs/latest" */
	const json_t *run;
	struct rows rows;
};

/* A cell that was measured on both sides. */
struct pair {
	const struct row *a, *b;
	size_t side; /* that of b */
	struct change wall_ns;
	struct change quantity[QUANTITY_COUNT]; /* of those that have a column */
	struct change part_ns[PARTS_MAX];       /* of the account, summed over workers */
	struct change counter[COUNTERS_MAX];
};

struct compared {
	struct compared_side side[SIDES_MAX];
	size_t sides;
	struct pair *pair; /* ordered by change_order() of the wall time */
	size_t pairs;
	struct compared_part {
		const char *name, *group, *key; /* "work"; the other two find it in a sample: stored_rounds_values() */
	} part[PARTS_MAX];
	size_t parts;
	struct compared_counter {
		const char *name, *unit;
	} counter[COUNTERS_MAX]; /* those that count on some side */
	size_t counters;
	struct remarks unlike;   /* cells that are on both sides, but whose work is not the same */
	struct remarks failures; /* cells that failed on some side */
	struct remarks alone;    /* cells that were measured on one side only */
};

/* Compares 1 to SIDES_MAX runs; the runs and their names must outlive `compared`. Returns 0 or -ENOMEM; the caller
 * releases `compared` in any case. */
int compare_make(struct compared *compared, const json_t *const *runs, const char *const *names, size_t count);
void compare_release(struct compared *compared);

/* Finds what differs between the baseline and another run besides the program under test: machine, kernel, compiler,
 * versions, an interruption. A remark's subject says what ("other kernel"), its text both values. Returns 0 or
 * -ENOMEM. */
int compare_runs(struct remarks *differences, const struct compared *compared, size_t side);

/* Makes the page of a comparison, without pictures. The page owns the comparison's remarks from now on. Returns 0 or
 * -ENOMEM. */
int compare_page(struct page *page, struct compared *compared);

/* For plots_draw(); `compared` must outlive it. */
struct plot_data plot_compare(const struct compared *compared);

#endif
