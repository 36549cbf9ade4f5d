/* The commits of the project under test, as git knows them in the current folder.
 *
 * Each call runs git as a program, without a shell, and waits for it. Without git, or outside of a repository, nothing
 * is known, which is no error. Only for single-threaded callers. */
#ifndef BENCH_STORE_HISTORY_COMMITS_H
#define BENCH_STORE_HISTORY_COMMITS_H

#include "base/why.h"

#include <stdbool.h>
#include <stddef.h>

#define COMMIT_TEXT 72 /* a hash of 64 digits, and the NUL */

struct commit {
	char hash[COMMIT_TEXT];
	long long committed_s; /* since 1970 */
	bool dirty;            /* tracked files have changes that are not committed */
};

/* Sets *head to the commit that is checked out. Returns false if it is not known, and git's reason in `why`. */
bool commit_head(struct commit *head, const struct why *why);

/* Sets `hash` to the full hash of a revision, such as HEAD~3 or a tag. Returns false if git does not know it. */
bool commit_resolve(char hash[COMMIT_TEXT], const char *revision);

/* Whether the text may be a hash or the beginning of one. Nothing else is given to git, since a run file may have any
 * text for a commit. */
bool commit_is_hash(const char *text);

/* Returns how many commits lead from `from` to `to`, `to` included: 1 if it is the next one; 0: not known. */
unsigned long commit_distance(const char *from, const char *to);

/* Sets `subject` to the first line of the commit's message; "": not known. */
void commit_subject(char *subject, size_t size, const char *hash);

#endif
