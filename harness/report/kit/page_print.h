/* A page, or parts of one, on the console. */
#ifndef BENCH_REPORT_KIT_PAGE_PRINT_H
#define BENCH_REPORT_KIT_PAGE_PRINT_H

#include "report/kit/page.h"
#include "base/terminal.h"

/* Prints facts, sections and, last, the conclusion, as wide as the terminal behind `out`, or 120 columns. All
 * rows of the first grid, some of the others and some of the remarks: the page has all. Errors of writing are left in
 * ferror(out). */
void page_print(FILE *out, const struct page *page);

/* After an empty line. */
void title_print(FILE *out, const struct terminal *terminal, const char *title);

/* The first of them; says how many more there are in the report. */
void remarks_print(FILE *out, const struct terminal *terminal, const struct remarks *remarks);

/* Text of several lines, each wrapped, after an empty line. */
void conclusion_print(FILE *out, const struct terminal *terminal, const char *text);

#endif
