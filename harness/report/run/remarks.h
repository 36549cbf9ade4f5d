/* What is to be said of a run beside its numbers. All that return int return 0 or -ENOMEM. */
#ifndef BENCH_REPORT_RUN_REMARKS_H
#define BENCH_REPORT_RUN_REMARKS_H

#include "report/kit/remarks.h"
#include "report/run/rows.h"

/* Says that something holds for a cell of a run. */
int remark_cell(struct remarks *remarks, const char *subject, const char *text, const struct rows *rows,
		const struct row *row);

/* How something failed, as a sentence, from a failure of the file: "lost worker: ... (pid 4711, SIGKILL)". */
void failure_text(char *text, size_t size, const json_t *failure);

/* One a failed cell: how it failed, with process, signal, item and time as far as they are known. */
int remarks_failures(struct remarks *remarks, const struct rows *rows);

/* Cells that are not available or not measured, by reason. */
int remarks_missing(struct remarks *remarks, const struct rows *rows);

/* Doubts with their advice, by code. */
int remarks_doubts(struct remarks *remarks, const struct rows *rows);

/* Transports whose messages are smaller than the payloads were, by transport. */
int remarks_pieces(struct remarks *remarks, const struct rows *rows);

/* Counters that count in no cell, by reason; the subject names them: "PAPI_TOT_INS, PAPI_TOT_CYC". */
int remarks_counters(struct remarks *remarks, const struct rows *rows);

/* Which chunk is best where several were measured, beside the preset, for each way and number of workers. */
int remarks_chunks(struct remarks *remarks, const struct rows *rows);

/* What is gained over each reference of another language, in the work and in handing it out. */
int remarks_references(struct remarks *remarks, const struct rows *rows);

/* What the stamps of the accounts cost at most, by rounds with them and without. */
int remarks_probe(struct remarks *remarks, const struct rows *rows);

#endif
