/* A grid on the console: columns aligned, numbers at the right, the least important columns left out
 * where there is too little room. */
#ifndef BENCH_REPORT_KIT_GRID_PRINT_H
#define BENCH_REPORT_KIT_GRID_PRINT_H

#include "report/kit/grid.h"
#include "base/terminal.h"

/* Columns that it takes at least, when all that may be left out is. */
size_t grid_width_least(const struct grid *grid);

/* Prints it, and below it which columns were left out, if any. */
void grid_print(FILE *out, const struct grid *grid, const struct terminal *terminal);

#endif
