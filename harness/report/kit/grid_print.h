/* Prints a grid on the console: columns are aligned, with numbers at the right, and the least important columns are
 * left out if there is too little room; if that does not suffice, the middle of long texts is. */
#ifndef BENCH_REPORT_KIT_GRID_PRINT_H
#define BENCH_REPORT_KIT_GRID_PRINT_H

#include "report/kit/grid.h"
#include "base/terminal.h"

/* Returns how many columns of the terminal the grid takes at least, when all that may be left out is. */
size_t grid_width_least(const struct grid *grid);

/* Prints the grid, and below it the names of the columns that were left out. */
void grid_print(FILE *out, const struct grid *grid, const struct terminal *terminal);

#endif
