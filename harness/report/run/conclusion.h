/* What a run comes to, in one sentence for each workload, and one for each reference (CPython's pool) that
 * a mode can be held against.
 *
 * Cautious: cells whose intervals overlap are not told apart, and a speedup whose interval holds 1 is
 * none. Where the rest of the speedup went follows from S = P - sum of losses / T + (T1 - useful) / T
 * (Eyerman, Du Bois, Eeckhout, Speedup Stacks, ISPASS 2012): a part of the account divided by the wall
 * time is what it took from the speedup. */
#ifndef BENCH_REPORT_RUN_CONCLUSION_H
#define BENCH_REPORT_RUN_CONCLUSION_H

#include "report/run/rows.h"

/* The sentences, one a line, owned by the caller; NULL without memory. `micro`: how to write "µs". */
char *conclusion_text(const struct rows *rows, const char *micro);

#endif
