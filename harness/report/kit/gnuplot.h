/* Runs gnuplot as a program. */
#ifndef BENCH_REPORT_KIT_GNUPLOT_H
#define BENCH_REPORT_KIT_GNUPLOT_H

#include "base/why.h"

#include <stddef.h>

/* Runs `gnuplot SCRIPT` in a folder, without the user's settings and without a shell. gnuplot may take 20 s, and dies
 * with its caller. Only for single-threaded callers, since it forks.
 * Returns 0, or -errno with `why`: gnuplot is missing (-ENOPKG), did not end (-ETIMEDOUT), or failed (-EIO, with the
 * last line of its output). Leaves gnuplot's output in messages.txt of the folder. */
int gnuplot_run(int folder, const char *script, const struct why *why);

#endif
