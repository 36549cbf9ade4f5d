/* Shows a gate: as gate.md, gate.html and pictures beside gate.json, and on the console. */
#ifndef BENCH_REPORT_GATE_PAGE_H
#define BENCH_REPORT_GATE_PAGE_H

#include "base/why.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes the report of a gate into the folder, in place of an earlier one, with pictures if `plots` is set. gate.md is
 * made to be posted as a comment on a pull request: the verdict first, the rest folded, no pictures. Returns 0, or
 * -errno with `why`. If pictures cannot be drawn, the report is written without them and `why` says so, but that is no
 * error; else `why` is empty. Only for single-threaded callers. */
int gate_report_write_gate(const json_t *gate, const char *folder, bool plots, const struct why *why);

/* Prints a gate, with its conclusion last, as wide as the terminal behind `out`, or 120 columns. Returns 0 or -ENOMEM;
 * errors of writing are left in ferror(out). */
int gate_print(const json_t *gate, FILE *out);

#endif
