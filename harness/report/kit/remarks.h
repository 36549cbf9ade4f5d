/* What is to be said of a run beside its numbers: failures, what is missing, reasons for doubt.
 *
 * Texts repeat the run file, hostile strings included: who writes them out escapes them. */
#ifndef BENCH_REPORT_KIT_REMARKS_H
#define BENCH_REPORT_KIT_REMARKS_H

#include "report/run/rows.h"

struct remark {
	char subject[256]; /* what it is about: a doubt's code, the id of a cell that failed */
	char text[896];    /* one sentence */
	char cells[320];   /* the cells that it holds for: "pool/2+4, threads/2", "all cells"; "": see the subject */
	size_t unnamed;    /* cells that had no room there */
	size_t holds;      /* cells that it holds for, named or not */
	char last[160];    /* the last of them without its workers */
};

struct remarks {
	struct remark *remark;
	size_t count;
};

/* The remark with this subject and text, new if there is none yet; NULL without memory. */
struct remark *remark_on(struct remarks *remarks, const char *subject, const char *text);

/* Says that it holds for one cell more. */
void remark_holds(struct remark *remark, const char *cell);

/* Says that something holds for a cell of a run. Returns 0 or -ENOMEM. */
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

/* All return 0 or -ENOMEM. */
void remarks_release(struct remarks *remarks);

#endif
