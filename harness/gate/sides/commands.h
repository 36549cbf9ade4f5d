/* Commands, split into words. Any thread may call these. */
#ifndef BENCH_GATE_SIDES_COMMANDS_H
#define BENCH_GATE_SIDES_COMMANDS_H

#include "command/words.h"

/* The words of a command as a POSIX shell splits and unquotes them ('...', "...", \x), without any of a shell's
 * expansions. NULL-terminated, one allocation for words_free(); NULL with the reason: a quote is not closed, there
 * is no word. With `shell`: /bin/sh -c COMMAND. */
char **command_split(const char *command, bool shell, const struct why *why);
void command_free(char **argv);

#endif
