/* The open file and its statements; only the files of this folder include this header. */
#ifndef BENCH_STORE_HISTORY_INTERNAL_H
#define BENCH_STORE_HISTORY_INTERNAL_H

#include "base/why.h"
#include "store/history/history.h"

#include <sqlite3.h>
#include <sys/stat.h>

struct history {
	sqlite3 *file;
	char *name;
	bool still;         /* it is read as if no process could write to it, */
	struct stat before; /* and this tells whether one did */
};

/* Tells `why` the last call of SQLite failed: "cannot DOING 'results/history.db': ...". Returns -errno. */
int history_fail(const struct history *history, const char *doing, const struct why *why);

/* Returns 0, or -EAGAIN with `why`: what was read counts for nothing, since a process has written to the file. */
int history_check_still(const struct history *history, const struct why *why);

/* Both return SQLite's result. */
int history_execute(const struct history *history, const char *sql);
int history_prepare(const struct history *history, sqlite3_stmt **statement, const char *sql);

#endif
