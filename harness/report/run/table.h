/* A run on the console: the table of its cells, what stands beside it, and a sentence of conclusion. */
#ifndef BENCH_REPORT_RUN_TABLE_H
#define BENCH_REPORT_RUN_TABLE_H

#include <jansson.h>
#include <stdio.h>

/* Prints the run, as wide as the terminal behind `out`, or 120 columns. Returns 0 or -ENOMEM; errors of
 * writing are left in ferror(out). */
int table_print(const json_t *run, FILE *out);

#endif
