/* Prints a page, or parts of one, on the console. */
#ifndef BENCH_REPORT_KIT_PAGE_PRINT_H
#define BENCH_REPORT_KIT_PAGE_PRINT_H

#include "report/kit/page.h"
#include "base/terminal.h"

/* Prints the facts, the sections and last the conclusion, as wide as the terminal behind `out`, or 120 columns. It
 * prints all rows of the first grid, but only some of the other grids and of the remarks, and then `rest`, which says
 * where all of them are. Errors of writing are left in ferror(out). */
void page_print(FILE *out, const struct page *page, const char *rest);
#define REST_IN_REPORT "the report has all"

/* Prints a title after an empty line. */
void title_print(FILE *out, const struct terminal *terminal, const char *title);

/* Prints the first remarks, and of the others how many there are, and `rest`. */
void remarks_print(FILE *out, const struct terminal *terminal, const struct remarks *remarks, const char *rest);

/* Prints text of several lines, each wrapped, after an empty line. */
void conclusion_print(FILE *out, const struct terminal *terminal, const char *text);

#endif
