/* Draws gates by pairs, to find out how often each verdict is right and how often wrong.
 *
 * A stretch of a series of pairs is taken from a random place. In each pair it is drawn which side is A, as it is in a
 * gate, and B is made slower. So all that the machine did to these pairs is in the gate, and the right verdict is
 * known. gate/pairs/judge.h judges, as in a real gate, but there is no end of the time, and the cell that carries the
 * controls has pairs until all cells are decided. */
#ifndef BENCH_TESTS_GATES_PAIR_DRAWS_H
#define BENCH_TESTS_GATES_PAIR_DRAWS_H

#include "analyse/verdict.h"
#include "gates/pair_series.h"

#define PAIRS_MOST 96 /* of a cell of a gate */
#define PAIR_CELLS_MOST 64

/* Which side of the series is A in a gate, where B is not like A. */
enum pair_labels {
	LABELS_DRAWN, /* it is alike: any of them */
	LABELS_KEPT,
	LABELS_SWAPPED, /* what is B in the series is A in the gate, and the control, too */
};

struct pair_rule {
	double slowdown;    /* of B, a ratio less 1: with several cells, of the first one's */
	double tolerance;   /* a ratio less 1 */
	uint32_t max_pairs; /* at most PAIRS_MOST */
	size_t cells;       /* at least 1, at most PAIR_CELLS_MOST */
	enum pair_labels labels;
	bool blind; /* the measurement is broken: it does not see what the control executes more */
};

/* The results of many gates. */
struct pair_tally {
	size_t gates, verdicts[VERDICT_UNCHANGED], rare, controls_failed;
	double pairs_median, pairs_mean; /* until the verdict, of all cells */
};

/* Draws and judges `gates` gates. Returns 0 or -ENOMEM. */
int tally_pairs(const struct pair_series *series, const struct pair_rule *rule, size_t gates, uint64_t seed,
		struct pair_tally *tally);

#endif
