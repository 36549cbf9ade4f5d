/* A run on the console: the table of its cells, the remarks, and the conclusion. */
#ifndef BENCH_REPORT_RUN_TABLE_H
#define BENCH_REPORT_RUN_TABLE_H

#include <jansson.h>
#include <stdio.h>

/* Prints the run in the width of the terminal behind `out`, else in 120 columns. Returns 0 or -ENOMEM; errors of
 * writing stay in ferror(out). */
int table_print(const json_t *run, FILE *out);

#endif
