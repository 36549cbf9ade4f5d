/* What is shown of a gate: gate.md, gate.html and its pictures beside gate.json, and the verdict on the console. */
#ifndef BENCH_REPORT_GATE_PAGE_H
#define BENCH_REPORT_GATE_PAGE_H

#include "base/why.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Reads folder/gate.json and writes its report beside it, in place of an earlier one; `plots`: with pictures. gate.md
 * is to be posted as a comment on a pull request: verdict first, the rest folded, no pictures. Returns 0, or -errno
 * with `why`. Pictures that could not be drawn are no error: the report does without them, and `why` says so; else it
 * is empty. Single-threaded callers only. */
int gate_report_write(const char *folder, bool plots, const struct why *why);

/* The same for a gate that was read already. */
int gate_report_write_gate(const json_t *gate, const char *folder, bool plots, const struct why *why);

/* Prints a gate, its conclusion last, as wide as the terminal behind `out`, or 120 columns. Returns 0 or -ENOMEM;
 * errors of writing are left in ferror(out). */
int gate_print(const json_t *gate, FILE *out);

#endif
