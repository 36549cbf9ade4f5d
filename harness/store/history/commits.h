/* The commits of the project under test: what git says of the current folder.
 *
 * Each call runs git as a program, without a shell, and waits for it. Without git, or outside of a repository,
 * nothing is known, which is no error. Single-threaded callers only. */
#ifndef BENCH_STORE_HISTORY_COMMITS_H
#define BENCH_STORE_HISTORY_COMMITS_H

#include <stdbool.h>
#include <stddef.h>

#define COMMIT_TEXT 72 /* a hash of 64 digits, and the NUL */

struct commit {
	char hash[COMMIT_TEXT];
	long long committed_s; /* since 1970 */
	bool dirty;            /* files that git follows have changes that are not committed */
};

/* What is checked out. False: not known. */
bool commit_head(struct commit *head);

/* The full hash of a revision, such as HEAD~3 or a tag. False: git does not know it here. */
bool commit_resolve(char hash[COMMIT_TEXT], const char *revision);

/* How many commits lead from one to the other, that one included: 1 if it is the next. 0: not known. */
unsigned long commit_distance(const char *from, const char *to);

/* The first line of its message; "": not known. */
void commit_subject(char *subject, size_t size, const char *hash);

#endif
