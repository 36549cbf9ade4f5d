/* The parts of a run's conclusion; only the files of this folder include it. */
#ifndef BENCH_REPORT_RUN_CONCLUSION_INTERNAL_H
#define BENCH_REPORT_RUN_CONCLUSION_INTERNAL_H

#include "report/run/conclusion/contest.h"

#include <stdio.h>

/* Writes the decision about a workload, without its name: which ways are as fast as anything else, which of them to
 * take, and what the rest costs; first of all, if that cannot be told. `micro`: how to write "µs". */
void write_decision(FILE *out, const struct rows *rows, const struct contest *contest, const char *micro);

/* Writes what else is to be known: where the rest of the speedup went with the way that is taken, its crew and doubts;
 * samples; cells that cannot be compared. Nothing where nothing is. */
void write_asides(FILE *out, const struct rows *rows, const struct contest *contest, const char *workload);

/* ---- Advice ---- */

/* How much of a run was measured. */
struct coverage {
	size_t measured, planned; /* cells that were, and with those that were not reached */
	size_t enough;            /* those with ENOUGH invocations */
	uint64_t fewest;          /* invocations of a measured cell */
};

struct coverage coverage_of(const struct rows *rows);

/* Write an option, "--budget 2m", after the time that the run took; "a higher --budget" where that is not known, "a
 * quieter machine" where it would be too long; "running it to the end" of a run that was interrupted.
 *
 * The first gives all cells, also those that were not reached, ENOUGH invocations where there were so many: the budget
 * that the run itself says it needs, where it does. The second names the number of invocations, too. The third
 * narrows an interval that leaves `open` (a ratio less 1) to EQUAL_MOST: by the root of the number of processes. Since
 * cells that were left out would multiply it, it is for the measured ones alone, and says so. */
void write_budget_for_invocations(FILE *out, const struct rows *rows, uint64_t invocations);
void write_way_to_invocations(FILE *out, const struct rows *rows, uint64_t invocations);
void write_budget_for_width(FILE *out, const struct rows *rows, double open);

/* The invocations that measured the cell. */
uint64_t row_invocations(const struct row *row);

/* ---- Words ---- */

/* Write "pool with 2 workers", of the baseline "sequential"; "1.94 (1.92 to 1.96)"; and what a ratio is above 1, "3.4
 * %" or "12 %": of a bound, write_most() does not show less than it is. */
void write_way(FILE *out, const struct rows *rows, const struct row *row);
void write_ratio(FILE *out, struct interval ratio);
void write_percent(FILE *out, double ratio);
void write_most(FILE *out, double ratio);

/* What the sentence is about. */
struct telling {
	FILE *out;
	const struct rows *rows;
	const struct contest *contest;
	const struct row *fastest; /* as in the contest; else its quickest */
	const char *micro;
};

/* Standings as bits. */
enum standings {
	EQUAL = 1 << STANDING_EQUAL,
	OPEN = 1 << STANDING_OPEN,
	SLOWER = 1 << STANDING_SLOWER,
	UNSURE = 1 << STANDING_UNSURE,
};

bool contender_has(const struct contender *contender, unsigned standings);
size_t contest_count(const struct contest *contest, unsigned standings);

/* Write the name of a row's way of running; this with its workers, if they are not as many as the fastest has;
 * "threads, pool and 3 others with 2 workers" of all with these standings. */
void tell_series(const struct telling *t, const struct row *row);
void tell_other(const struct telling *t, const struct row *row);
void tell_ways(const struct telling *t, unsigned standings);

/* Write a row's time; its speedup, "1.94 (1.92 to 1.96) times sequential", or its time if that is not known; and the
 * range of all with these standings, "1.24 to 1.31 times sequential". */
void tell_time(const struct telling *t, const struct row *row);
void tell_speed(const struct telling *t, const struct row *row);
void tell_gains(const struct telling *t, unsigned standings);

#endif
