/* Gates on a series: how often each verdict is right, and how often wrong.
 *
 * A piece of the series is taken, from a place that is drawn, and cut into blocks. In each the sides are drawn as a
 * gate draws them, and what ran as B is made slower. So all that the machine did to these runs is in the gate, and what
 * is right is known. The judging is the gate's own (analyse/verdict.h). */
#ifndef BENCH_TESTS_GATES_DRAWS_H
#define BENCH_TESTS_GATES_DRAWS_H

#include "analyse/verdict.h"
#include "gates/series.h"

#include <stdbool.h>

#define DRAW_BLOCKS_MOST 96
#define DRAW_BLOCK_MOST (3 * STRATUM_SIDE)

/* Some runs of a series and their sides: 'a', 'b', and 'c' for the baseline's second time. */
struct draw {
	const double *x; /* of the series */
	size_t blocks, block_runs;
	char sides[DRAW_BLOCKS_MOST * DRAW_BLOCK_MOST];
};

/* The series must be long enough for `blocks`, and they at most DRAW_BLOCKS_MOST. */
void draw_sides(struct draw *draw, const struct series *series, size_t blocks, bool control, uint64_t *random);

/* A stratum a block: `side` with so much added to its x, against 'a'. */
void draw_strata(const struct draw *draw, char side, double added, struct stratum *strata);

struct gate_rule {
	double slowdown;   /* of B, a ratio less 1 */
	double tolerance;  /* a ratio less 1 */
	uint32_t max_runs; /* of a side */
	bool control;      /* the gate carries its controls and has tau of them; otherwise tau is 0 */
	size_t flagged;    /* cells, of which this is one; up to 1: no screening */
};

struct gate_found {
	enum verdict verdict;
	uint32_t runs_a_side;  /* when it was found */
	double smallest_shown; /* then */
	bool above_zero;       /* low > 0 at some look, also at those after the verdict */
	bool control_failed;   /* so the verdict is `cannot tell` */
};

/* Returns 0 or -ENOMEM. */
int draw_gate(const struct series *series, const struct gate_rule *rule, uint64_t *random, struct gate_found *found);

/* What many gates came to. */
struct tally {
	size_t gates, verdicts[VERDICT_UNCHANGED], above_zero, controls_failed;
	double runs_median, runs_mean; /* of a side */
	double shown_median;           /* of the smallest slow-down that could have been shown */
};

/* Returns 0 or -ENOMEM. */
int tally_gates(const struct series *series, const struct gate_rule *rule, size_t gates, uint64_t seed,
		struct tally *tally);

/* Gates of several cells, of which the first has the rule's slow-down and the others none, screened by SCREEN_BLOCKS
 * blocks; tau is 0. Fills gates and verdicts in all; `*flagged` is the mean number of cells that are measured again.
 * Returns 0 or -ENOMEM. */
#define SCREEN_BLOCKS 3
#define DRAW_CELLS_MOST 64
int tally_screened(const struct series *series, const struct gate_rule *rule, size_t cells, size_t gates, uint64_t seed,
		   struct tally *tally, double *flagged);

/* The upper 95 % bound of a probability, of so many events in so many trials (Clopper and Pearson, 1934). */
double upper_bound(size_t events, size_t trials);

#endif
