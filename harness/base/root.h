/* Where the project's own files are: the plots' scripts, the report's template, results/, Python's programs. */
#ifndef BENCH_BASE_ROOT_H
#define BENCH_BASE_ROOT_H

#include <limits.h>

/* The root of the checkout: BENCH_ROOT of the environment, which the launcher sets, else the nearest one above the
 * program that calls, else the current folder. The program does not hold the path of where it was built, so that two
 * checkouts of one commit make the same program. Never NULL: either `root` or a string of the environment. */
const char *project_root(char root[PATH_MAX]);

/* Cuts `path` to the nearest folder above it that is a checkout: one with meson.build, plots/ and results/schema.json.
 * Returns `path`, or NULL when none is; then `path` is lost. */
char *checkout_above(char *path);

#endif
