/* Other programs, found and run without a terminal: git, meson, valgrind. Called by the main process; each ends with
 * its caller. `argv` ends with NULL. */
#ifndef BENCH_BASE_PROGRAM_H
#define BENCH_BASE_PROGRAM_H

#include "base/child.h"
#include "base/why.h"

#include <stdbool.h>
#include <stdio.h>

/* The file that execvp() would run for `word`, without links, owned by the caller; NULL: none is found. */
char *program_find(const char *word);

/* Runs one that prepares something, its output at the end of the file `log`. Returns 0, or -EINVAL with the reason:
 * it could not be started, or it failed. */
int program_prepare(char *const *argv, const char *log, const struct why *why);

/* Starts one whose output is read; NULL: it could not be started, which program_close() clears up, too.
 * program_close(): whether it ended well. */
FILE *program_open(char *const *argv, struct child *child);
bool program_close(FILE *output, struct child *child);

/* The first line that one prints, without its end; "" if it fails. */
void program_line(char *const *argv, char *line, size_t size);

#endif
