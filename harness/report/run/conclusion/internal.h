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
	uint64_t fewest;          /* invocations of a measured cell */
};

struct coverage coverage_of(const struct rows *rows);

/* Writes an option that gives each cell of the run `factor` times the time that those had which were reached: "--budget
 * 2m"; "a higher --budget" where it is not known how long the run took, "a quieter machine" where that is too long. */
void write_budget(FILE *out, const struct rows *rows, double factor);

/* Returns how many times as long a run must last so that its so many invocations become ENOUGH. */
double budget_for_invocations(uint64_t invocations);

/* Returns how many times as long it must last until an interval that leaves `open` (a ratio less 1) leaves EQUAL_MOST:
 * intervals narrow with the root of the number of processes. */
double budget_for_width(double open);

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
