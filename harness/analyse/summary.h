/* What a cell's rounds say, in numbers: what the result file calls `summary`.
 *
 * Intervals are over invocations (analyse/rounds.h); what is not known is NaN or INTERVAL_UNKNOWN. A
 * cell without rounds that count has nothing but zero counts and unknowns. */
#ifndef BENCH_ANALYSE_SUMMARY_H
#define BENCH_ANALYSE_SUMMARY_H

#include "analyse/account_split.h"
#include "analyse/quantities.h"
#include "model/run.h"

struct summary {
	size_t invocations, rounds;            /* that count */
	struct interval value[QUANTITY_COUNT]; /* of analyse/quantities.h */
	double account_ns[SPLIT_COUNT];        /* medians over rounds, summed over workers */
	double counters[COUNTERS_MAX];         /* medians over timed rounds, else over probed ones */
	struct measure measures[MEASURES_MAX]; /* medians over rounds, in the order of the first round's */
	size_t measure_count;
	bool lost_workers;    /* in some round one died and was replaced */
	bool incomplete;      /* in some round not all items had a result: no speedup */
	bool bimodal, drifts; /* the invocations' wall times; see values_bimodal(), values_drift() */

	struct body_cost baseline; /* what the account is split against */
	double unexplained_share;  /* of workers x wall, its size without sign, median over rounds */
	bool disturbed, throttled; /* rounds that count were */
	uint32_t doubts;           /* bits by enum doubt: the cell's own and those of analyse/doubts.h */
};

/* Summarises a cell of the run. The same run gives the same numbers: the bootstrap is seeded by the
 * run's seed and the cell's id. Returns 0 or -ENOMEM. */
int summary_make(struct summary *summary, const struct run *run, const struct run_cell *cell);

#endif
