/* Counting instructions by Valgrind's tool callgrind: the words before a program, and what it writes.
 *
 * A program is run some 50 times slower under it, and as if on a processor that Valgrind knows: the count is of the
 * code that would run there. Called by the main process. */
#ifndef BENCH_GATE_COUNT_CALLGRIND_H
#define BENCH_GATE_COUNT_CALLGRIND_H

#include "command/words.h"

/* What of a program and its children is counted. */
enum counted {
	COUNTED_MARKED, /* between the functions of run/worker/marks.h, each time */
	COUNTED_ALL,    /* from beginning to end; a child that is forked and executes no other program counts what its
			   parent had done before once more */
};

/* 0, or -EINVAL with the way out: there is no valgrind. */
int callgrind_find(const struct why *why);

/* The words that run `program` (NULL-terminated) under callgrind, which writes to `folder`; released by
 * callgrind_forget(). NULL without memory. */
char **callgrind_wrap(char *const *program, const char *folder, enum counted counted);
void callgrind_forget(char **words);

/* Adds up what was counted and makes the folder ready for the next one. Returns 0; -ENODATA: nothing was; or -errno. */
int callgrind_collect(const char *folder, enum counted counted, uint64_t *instructions);

/* What Valgrind itself had to say in that folder first, "" for nothing: such as of an instruction that it does not
 * know. Until the next callgrind_collect(). */
void callgrind_complaint(const char *folder, char *text, size_t size);

/* From now on programs that are started get the same addresses each time, since what depends on them is noise in a
 * count; addresses_restore() undoes it. Returns 0 with `*before` set, or -errno: a sandbox does not permit it. */
int addresses_fix(int *before);
void addresses_restore(int before);

#endif
