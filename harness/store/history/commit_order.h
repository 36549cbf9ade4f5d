/* The order of commits: parents before children, as git knows it in the current folder. Only for single-threaded
 * callers, since git runs as a program. */
#ifndef BENCH_STORE_HISTORY_COMMIT_ORDER_H
#define BENCH_STORE_HISTORY_COMMIT_ORDER_H

#include "store/history/commits.h"

struct commit_place {
	char hash[COMMIT_TEXT]; /* as it was given, which may be abbreviated */
	size_t place;           /* from 1; 0: git does not know the commit */
};

struct commit_order {
	struct commit_place *commit; /* by hash */
	size_t count;
};

/* Finds the places of commits; NULL and what is no hash may be among them, and any may be repeated. Only the part of
 * the repository's history that lies between them is looked at. Returns 0 or -ENOMEM; the caller releases the order in
 * any case. */
int commit_order_make(struct commit_order *order, const char *const *commits, size_t count);
void commit_order_release(struct commit_order *order);

/* Returns the place of a commit, which may be NULL; 0: it is not known. */
size_t commit_order_place(const struct commit_order *order, const char *commit);

#endif
