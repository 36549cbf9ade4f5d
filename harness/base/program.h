/* Finding and running other programs, such as git, meson and valgrind, without a terminal. Called by the main process;
 * the programs die with it. `argv` ends with NULL. */
#ifndef BENCH_BASE_PROGRAM_H
#define BENCH_BASE_PROGRAM_H

#include "base/child.h"
#include "base/why.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes the path of the running program. Returns 0, or -errno with the reason. */
int program_own(char *path, size_t size, const struct why *why);

/* The file that execvp() would run for `word`, without links, owned by the caller; NULL: none is found. */
char *program_find(const char *word);

/* Runs a program to its end and appends its output to the file `log`. `environment`: "NAME=VALUE" each, set besides
 * the variables that are there; NULL: none. Returns 0, or -errno with the reason: it could not be started, or it
 * failed. */
int program_prepare(char *const *argv, char *const *environment, const char *log, const struct why *why);

/* program_open() starts a program and returns a stream of its output, or NULL if it could not be started. The caller
 * calls program_close() in both cases; it returns whether the program ended with status 0. */
FILE *program_open(char *const *argv, struct child *child);
bool program_close(FILE *output, struct child *child);

/* Runs a program and keeps the first line that it prints, without the line's end; "" if it fails. */
void program_line(char *const *argv, char *line, size_t size);

/* As program_line(). Returns 0; if the program fails, -EINVAL, and what it said on stderr is the reason. */
int program_ask(char *const *argv, char *line, size_t size, const struct why *why);

#endif
