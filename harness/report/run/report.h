/* A run's pictures and reports: speedup.svg and .png and the other plots, report.md, report.html. */
#ifndef BENCH_REPORT_RUN_REPORT_H
#define BENCH_REPORT_RUN_REPORT_H

#include "base/why.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Writes the report of a run, as store_read() gave it, into the folder, in place of an earlier one; `plots`: with
 * pictures. Returns 0, or -errno with `why`. Pictures that could not be drawn are no error: the report
 * does without them, and `why` says so; else it is empty. Single-threaded callers only. */
int report_write_run(const json_t *run, const char *folder, bool plots, const struct why *why);

#endif
