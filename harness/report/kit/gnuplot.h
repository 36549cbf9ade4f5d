/* gnuplot, as a program. */
#ifndef BENCH_REPORT_KIT_GNUPLOT_H
#define BENCH_REPORT_KIT_GNUPLOT_H

#include "base/why.h"

#include <stddef.h>

/* Runs `gnuplot SCRIPT` in a folder, without the user's own settings and without a shell. It gets 20 s,
 * and dies with its caller. Single-threaded callers only (it forks).
 * Returns 0, or -errno with `why`: gnuplot is missing (-ENOENT), did not end (-ETIMEDOUT), or failed
 * (-EIO, with the last line of what it said). Leaves what it said in messages.txt of the folder. */
int gnuplot_run(int folder, const char *script, const struct why *why);

#endif
