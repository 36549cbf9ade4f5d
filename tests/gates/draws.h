/* Draws gates from a series, to find out how often each verdict is right and how often wrong.
 *
 * A piece of the series is taken from a random place and cut into blocks. In each block the sides are drawn as a gate
 * draws them, and the runs of B are made slower. So all that the machine did to these runs is in the gate, and the
 * right verdict is known. analyse/verdict.h judges, as in a real gate. */
#ifndef BENCH_TESTS_GATES_DRAWS_H
#define BENCH_TESTS_GATES_DRAWS_H

#include "analyse/verdict.h"
#include "gates/series.h"

#include <stdbool.h>

#define DRAW_BLOCKS_MOST 96
#define DRAW_BLOCK_MOST (3 * STRATUM_SIDE)

/* Some runs of a series and their sides: 'a', 'b', and 'c' for the control, which is the baseline again. */
struct draw {
	const double *x; /* x of the runs, in the series */
	size_t blocks, block_runs;
	char sides[DRAW_BLOCKS_MOST * DRAW_BLOCK_MOST];
};

/* Draws `blocks` blocks, with or without the control. They are at most DRAW_BLOCKS_MOST, and the series is long enough
 * for them. */
void draw_sides(struct draw *draw, const struct series *series, size_t blocks, bool control, uint64_t *random);

/* Makes a stratum of each block: a is 'a', and b is `side` with `added` added to its x. */
void draw_strata(const struct draw *draw, char side, double added, struct stratum *strata);

struct gate_rule {
	double slowdown;   /* of B, a ratio less 1 */
	double tolerance;  /* a ratio less 1 */
	uint32_t max_runs; /* of each side */
	bool control;      /* the gate has controls, and tau from them; else tau is 0 */
	size_t flagged;    /* number of flagged cells, of which this is one; up to 1: there is no screening */
};

struct gate_found {
	enum verdict verdict;
	uint32_t runs_a_side;  /* when there was a verdict */
	double smallest_shown; /* at the same time */
	bool above_zero;       /* low > 0 at some look, perhaps one after the verdict */
	bool control_failed;   /* and the verdict is therefore `cannot tell` */
};

/* Draws a gate and judges it. Returns 0 or -ENOMEM. */
int draw_gate(const struct series *series, const struct gate_rule *rule, uint64_t *random, struct gate_found *found);

/* The results of many gates. */
struct tally {
	size_t gates, verdicts[VERDICT_UNCHANGED], above_zero, controls_failed;
	double runs_median, runs_mean; /* of the runs of each side */
	double shown_median;           /* of the smallest slow-downs that could have been shown */
};

/* Draws and judges `gates` gates. Returns 0 or -ENOMEM. */
int tally_gates(const struct series *series, const struct gate_rule *rule, size_t gates, uint64_t seed,
		struct tally *tally);

/* Draws and judges gates of several cells, which are screened by SCREEN_BLOCKS blocks. The first cell has the rule's
 * slow-down, the others have none; tau is 0. Fills the numbers of gates and of verdicts on whole gates, and sets
 * *flagged to the mean number of cells that are measured again. Returns 0 or -ENOMEM. */
#define SCREEN_BLOCKS 3
#define DRAW_CELLS_MOST 64
int tally_screened(const struct series *series, const struct gate_rule *rule, size_t cells, size_t gates, uint64_t seed,
		   struct tally *tally, double *flagged);

/* Returns the upper 95 % bound of a probability, given `events` of `trials` trials (Clopper and Pearson, 1934). */
double upper_bound(size_t events, size_t trials);

#endif
