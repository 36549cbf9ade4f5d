/* Counts instructions by Valgrind's tool callgrind: composes its command line and reads the files that it writes.
 *
 * Under callgrind a program runs about 50 times slower, and as if on a processor that Valgrind knows: what is counted
 * is the code that would run there. Called by the main process. */
#ifndef BENCH_GATE_COUNT_CALLGRIND_H
#define BENCH_GATE_COUNT_CALLGRIND_H

#include "command/words.h"

/* Which instructions of a program and its children are counted. */
enum counted {
	COUNTED_MARKED, /* those between the functions of run/worker/marks.h, each time */
	COUNTED_ALL,    /* all; the count of a child that is forked and executes no other program includes what its
			   parent did before the fork */
};

/* Returns 0, or -EINVAL with the way out: there is no valgrind. */
int callgrind_find(const struct why *why);

/* Returns the command line that runs `program` (NULL-terminated) under callgrind, which writes to `folder`.
 * callgrind_forget() releases it. Returns NULL without memory. */
char **callgrind_wrap(char *const *program, const char *folder, enum counted counted);
void callgrind_forget(char **words);

/* Adds up the counts in `folder` and removes the files, so that the folder is ready for the next program. Returns 0;
 * -ENODATA: nothing was counted; or -errno. */
int callgrind_collect(const char *folder, enum counted counted, uint64_t *instructions);

/* Sets `text` to the first message of Valgrind itself in `folder`, such as that it does not know an instruction; to ""
 * if there is none. Call it before callgrind_collect(), which removes the messages. */
void callgrind_complaint(const char *folder, char *text, size_t size);

#endif
