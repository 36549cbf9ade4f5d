/* The conclusion of a run: a decision about each workload in one sentence, and what else is to be known of it.
 *
 * It is cautious: ways of running that no difference is shown between are not ranked, the simplest of them is
 * recommended; a speedup whose interval contains 1 does not count as one; and what too few processes measured is never
 * the fastest (report/run/conclusion/contest.h). Where the rest of the speedup went follows from S = P - sum of losses
 * / T + (T1 - useful) / T (Eyerman, Du Bois, Eeckhout, Speedup Stacks, ISPASS 2012): a part of the account, divided by
 * the wall time, is what this part took from the speedup. */
#ifndef BENCH_REPORT_RUN_CONCLUSION_CONCLUSION_H
#define BENCH_REPORT_RUN_CONCLUSION_CONCLUSION_H

#include "report/run/rows.h"

/* Returns the decisions alone, or all sentences, one a line, owned by the caller; NULL without memory. `micro`: how to
 * write "µs". */
char *conclusion_decision(const struct rows *rows, const char *micro);
char *conclusion_text(const struct rows *rows, const char *micro);

#endif
