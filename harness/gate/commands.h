/* Commands: split into words, and run to their end without a terminal. Called by the main process. */
#ifndef BENCH_GATE_COMMANDS_H
#define BENCH_GATE_COMMANDS_H

#include "plan/words.h"

#include <stdio.h>
#include <sys/types.h>

/* The words of a command as a POSIX shell splits and unquotes them ('...', "...", \x), without any of a shell's
 * expansions. NULL-terminated, one allocation for words_free(); NULL with the reason: a quote is not closed, there
 * is no word. With `shell`: /bin/sh -c COMMAND. */
char **command_split(const char *command, bool shell, const struct why *why);
void command_free(char **argv);

/* Runs a program that prepares something, its output at the end of the file `log`. Returns 0, or -errno with the
 * reason: it could not be started, or it failed. It ends with its caller. */
int command_prepare(char *const *argv, const char *log, const struct why *why);

/* Starts a program whose output is read; NULL: it could not be started, which command_close() clears up, too.
 * command_close(): whether it ended well. */
FILE *command_open(char *const *argv, pid_t *pid);
bool command_close(FILE *output, pid_t pid);

/* The first line that a program prints, without its end; "" if it fails or prints more than that. */
void command_line_of(char *const *argv, char *line, size_t size);

#endif
