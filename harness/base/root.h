/* Where the project's own files are: scripts, templates and schemas that the program reads. */
#ifndef BENCH_BASE_ROOT_H
#define BENCH_BASE_ROOT_H

#include <limits.h>

/* The root of the checkout: the value of the environment variable BENCH_ROOT, which the launcher sets, else the nearest
 * checkout above the running program, else the current folder. No path is compiled into the program, so that two
 * checkouts of one commit build the same program. Returns `root` or a string of the environment, never NULL. */
const char *project_root(char root[PATH_MAX]);

/* Shortens `path` to the nearest folder above it that is a checkout: a folder with meson.build, plots/ and
 * results/schema.json. Returns `path`, or NULL if there is none; `path` is then overwritten, too. */
char *checkout_above(char *path);

#endif
