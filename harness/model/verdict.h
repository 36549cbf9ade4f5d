/* What a gate finds out about a pair of builds: a shift with its bounds, and the verdict that follows from it. How they
 * are found stands in analyse/rank_test.h and analyse/verdict.h. */
#ifndef BENCH_MODEL_VERDICT_H
#define BENCH_MODEL_VERDICT_H

#define STRATUM_SIDE 4 /* trials of either side that are measured close together, in random order */

/* By how much b is larger than a: as these are logarithms, a slow-down of exp(theta) - 1. */
struct shift {
	double theta;     /* the median of all differences: the estimate of Hodges and Lehmann */
	double low, high; /* each bound by itself is one-sided, at the level that was asked for */
};

enum verdict {
	VERDICT_PASS,        /* not slower by the tolerance or more */
	VERDICT_REGRESSED,   /* slower, perhaps by the tolerance or more */
	VERDICT_CANNOT_TELL, /* neither is shown */
	VERDICT_UNCHANGED,   /* the same code: nothing was measured */
};

/* "pass", "regressed", "cannot tell", "unchanged" */
const char *verdict_word(enum verdict verdict);

#endif
