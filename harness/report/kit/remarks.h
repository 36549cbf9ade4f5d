/* What is to be said beside numbers: failures, what is missing, reasons for doubt.
 *
 * Texts repeat the result file, hostile strings included: who writes them out escapes them. */
#ifndef BENCH_REPORT_KIT_REMARKS_H
#define BENCH_REPORT_KIT_REMARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct remark {
	char subject[256]; /* what it is about: the code of a doubt, the id of a cell that failed */
	char text[896];    /* one sentence */
	char cells[320]; /* cells that it holds for, "pool/2+4, threads/2" or "all cells"; "": the subject names them */
	size_t unnamed;  /* number of cells that had no room in `cells` */
	size_t holds;    /* number of all cells that it holds for */
	char last[160];  /* the last cell in `cells`, without its workers */
};

struct remarks {
	struct remark *remark;
	size_t count;
};

/* The remark with this subject and text, new if there is none yet; NULL without memory. */
struct remark *remark_on(struct remarks *remarks, const char *subject, const char *text);

/* Says that it holds for one cell more. */
void remark_holds(struct remark *remark, const char *cell);

/* The same for a cell that is called `alone` without its number of workers: behind one that differs in that only, the
 * number is enough ("pool/2+4"). */
void remark_holds_for_workers(struct remark *remark, const char *cell, const char *alone, uint64_t workers);

void remarks_release(struct remarks *remarks);

/* Appends a word to a list, "a, b"; false: it has no room. */
bool list_append(char *list, size_t size, const char *word);

#endif
