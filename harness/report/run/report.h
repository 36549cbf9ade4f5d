/* Writes the reports and pictures of a run: report.md, report.html, speedup.svg and .png and the other plots. */
#ifndef BENCH_REPORT_RUN_REPORT_H
#define BENCH_REPORT_RUN_REPORT_H

#include "base/why.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Writes the report of a run that store_read() has returned into the folder, and replaces an earlier one. `plots`: it
 * has pictures. Returns 0, or -errno with `why`. Pictures that could not be drawn are no error: the report lacks them,
 * and `why` says so; else `why` is empty. Only single-threaded processes may call it. */
int report_write_run(const json_t *run, const char *folder, bool plots, const struct why *why);

#endif
