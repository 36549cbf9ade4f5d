/* Remarks on what numbers do not show: failures, what is missing, reasons for doubt.
 *
 * Their texts can have parts of a result file in them, hostile strings included: who writes them must escape them. */
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
	size_t cell_count; /* number of all cells that it holds for */
	char last[160];    /* the last cell in `cells`, without its workers */
};

struct remarks {
	struct remark *remark;
	size_t count;
};

/* Returns the remark with this subject and text, which it adds if there is none yet; NULL without memory. */
struct remark *remark_on(struct remarks *remarks, const char *subject, const char *text);

/* Adds a cell that the remark holds for. */
void remark_holds(struct remark *remark, const char *cell);

/* Does the same for a cell that is called `alone` without its number of workers. If the last cell differs only in the
 * workers, only their number is added ("pool/2+4"). */
void remark_holds_for_workers(struct remark *remark, const char *cell, const char *alone, uint64_t workers);

void remarks_release(struct remarks *remarks);

/* Appends a word to a list, "a, b". Returns false if there is no room. */
bool list_append(char *list, size_t size, const char *word);

#endif
