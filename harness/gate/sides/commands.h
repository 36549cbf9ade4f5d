/* Splits commands into words, and puts files into them. Any thread may call these functions. */
#ifndef BENCH_GATE_SIDES_COMMANDS_H
#define BENCH_GATE_SIDES_COMMANDS_H

#include "command/words.h"

/* In a command these two letters stand for a file of --input, within a word, too, and as often as they occur. */
#define COMMAND_PLACE "{}"

/* Returns the words of a command, NULL-terminated, as a POSIX shell splits and unquotes them ('...', "...", \x), but
 * without a shell's expansions. With `shell` set they are /bin/sh -c COMMAND, where the shell gets the file of {} as
 * its parameter $1, so that no letter in the file's name means anything to it. command_free() frees them. Returns NULL
 * with the reason: a quote is not closed, or there is no word. */
char **command_split(const char *command, bool shell, const struct why *why);
void command_free(char **argv);

bool command_has_place(char *const *argv);

/* Returns the words with `file` in each place, which command_free() frees; NULL without memory. */
char **command_fill(char *const *argv, const char *file);

#endif
