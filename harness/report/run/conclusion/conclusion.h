/* The conclusion of a run: one sentence for each workload, and one for each reference (CPython's pool) with which a
 * mode can be compared.
 *
 * It is cautious: cells whose intervals overlap are not ranked, and a speedup whose interval contains 1 does not count
 * as one. Where the rest of the speedup went follows from S = P - sum of losses / T + (T1 - useful) / T (Eyerman, Du
 * Bois, Eeckhout, Speedup Stacks, ISPASS 2012): a part of the account, divided by the wall time, is what this part took
 * from the speedup. */
#ifndef BENCH_REPORT_RUN_CONCLUSION_H
#define BENCH_REPORT_RUN_CONCLUSION_H

#include "report/run/rows.h"

/* Returns the sentences, one a line, owned by the caller; NULL without memory. `micro`: how to write "µs". */
char *conclusion_text(const struct rows *rows, const char *micro);

#endif
