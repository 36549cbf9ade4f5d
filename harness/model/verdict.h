/* What a gate finds out about a pair of builds: a shift with its bounds, and the verdict that follows from it.
 * analyse/rank_test.h finds the shift, analyse/verdict.h the verdict. */
#ifndef BENCH_MODEL_VERDICT_H
#define BENCH_MODEL_VERDICT_H

#define STRATUM_SIDE 4      /* trials of each side that are measured close together, in random order */
#define GATE_PAIRS_MOST 400 /* pairs of a cell */
#define GATE_RUNS_MOST 400  /* runs of a side: how often a gate errs is known up to here (analyse/verdict.h) */

/* By how much the values of side B are larger than those of side A. Values are logarithms of times, so the slow-down is
 * exp(theta) - 1. */
struct shift {
	double theta;     /* the median of all differences between B and A: the estimate of Hodges and Lehmann */
	double low, high; /* each bound by itself is one-sided, at the level that was asked for */
};

enum verdict {
	VERDICT_PASS,        /* shown not to be slower by the tolerance or more */
	VERDICT_REGRESSED,   /* shown to be slower, perhaps by the tolerance or more */
	VERDICT_CANNOT_TELL, /* neither was shown */
	VERDICT_UNCHANGED,   /* the same code: nothing was measured */
};

/* Which difference a verdict `regressed` rests on. */
enum slower_kind {
	SLOWER_TYPICAL, /* in undisturbed time */
	SLOWER_RARE,    /* in the mean only: something that happens in some rounds */
};

/* "pass", "regressed", "cannot tell", "unchanged" */
const char *verdict_word(enum verdict verdict);

#endif
