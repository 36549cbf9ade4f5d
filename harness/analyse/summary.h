/* The numbers that summarise the rounds of a cell; the result file has them as the cell's `summary`.
 *
 * Intervals are over invocations (analyse/rounds.h); an unknown number is NaN or INTERVAL_UNKNOWN. If no round of a
 * cell counts, all counts are 0 and all numbers unknown. */
#ifndef BENCH_ANALYSE_SUMMARY_H
#define BENCH_ANALYSE_SUMMARY_H

#include "analyse/account_split.h"
#include "analyse/quantities.h"
#include "model/run.h"

struct summary {
	size_t invocations, rounds;            /* how many of them count */
	struct interval value[QUANTITY_COUNT]; /* in the order of analyse/quantities.h */
	double account_ns[SPLIT_COUNT];        /* sums over workers, medians over rounds */
	double counters[COUNTERS_MAX];         /* medians over timed rounds; without those, over probed rounds */
	struct measure measures[MEASURES_MAX]; /* medians over rounds, in the order of the first round's */
	size_t measure_count;
	double ins_per_cycle; /* by the counters; NaN: not counted */
	bool lost_workers;    /* in some round a worker died by itself and was replaced */
	bool incomplete;      /* in some round not all items had a result; then there is no speedup */
	bool bimodal, drifts; /* values_bimodal() and values_drift() of the invocations' wall times */

	struct body_cost baseline; /* the cost by which the account was split */
	double unexplained_share;  /* |unexplained| / (workers x wall), median over rounds */
	bool disturbed, throttled; /* some of the rounds that count were */
	uint32_t doubts;           /* bits by enum doubt: those stored with the cell and those of doubts_find() */
};

/* Summarises a cell, whose baseline is given (NULL: none), of a run with this seed. A cell that is known to be
 * incomplete by its doubts is so whatever its samples say. Returns 0 or -ENOMEM. */
int summary_of(struct summary *summary, uint64_t seed, const struct run_cell *cell, const struct run_cell *baseline);

/* Summarises a cell of the run against its baseline there. The same run gives the same numbers: the bootstrap is seeded
 * by the run's seed and the cell's id. Returns 0 or -ENOMEM. */
int summary_make(struct summary *summary, const struct run *run, const struct run_cell *cell);

#endif
