/* Remarks about a run beside its numbers. All functions that return int return 0 or -ENOMEM. */
#ifndef BENCH_REPORT_RUN_REMARKS_H
#define BENCH_REPORT_RUN_REMARKS_H

#include "report/kit/remarks.h"
#include "report/run/rows.h"

/* Adds a remark that holds for a cell of a run, or adds the cell to this remark if it is there already. */
int remark_cell(struct remarks *remarks, const char *subject, const char *text, const struct rows *rows,
		const struct row *row);

/* A remark for each failed cell: how it failed, with process, signal, item and time as far as they are known. */
int remarks_failures(struct remarks *remarks, const struct rows *rows);

/* Remarks about cells that are not available or not measured: one for each reason. */
int remarks_missing(struct remarks *remarks, const struct rows *rows);

/* Remarks about doubts, with their advice: one for each code. */
int remarks_doubts(struct remarks *remarks, const struct rows *rows);

/* Remarks about transports whose messages were smaller than the payloads: one for each transport. */
int remarks_pieces(struct remarks *remarks, const struct rows *rows);

/* Remarks about counters that count in no cell: one for each reason; the subject names the counters: "PAPI_TOT_INS,
 * PAPI_TOT_CYC". */
int remarks_counters(struct remarks *remarks, const struct rows *rows);

/* A remark about the most that the stamps of the accounts cost, from rounds with and without stamps. */
int remarks_probe(struct remarks *remarks, const struct rows *rows);

#endif
