/* Splits commands into words. Any thread may call these functions. */
#ifndef BENCH_GATE_SIDES_COMMANDS_H
#define BENCH_GATE_SIDES_COMMANDS_H

#include "command/words.h"

/* Returns the words of a command, NULL-terminated, as a POSIX shell splits and unquotes them ('...', "...", \x), but
 * without a shell's expansions. With `shell` set they are /bin/sh -c COMMAND. command_free() frees them. Returns NULL
 * with the reason: a quote is not closed, or there is no word. */
char **command_split(const char *command, bool shell, const struct why *why);
void command_free(char **argv);

#endif
