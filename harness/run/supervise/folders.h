/* The folders of a run: for its result, for scratch files, and for the cache of generated input. Called by the
 * supervisor before anything else runs. */
#ifndef BENCH_RUN_SUPERVISE_FOLDERS_H
#define BENCH_RUN_SUPERVISE_FOLDERS_H

#include "base/janitor.h"
#include "base/why.h"

#include <stdbool.h>
#include <stddef.h>

struct folders {
	char *output;  /* absolute; "" for a dry run */
	char *scratch; /* absolute */
	char *cache;   /* absolute */
	bool made_output;
	int lock;            /* of `output`, so that no other bench writes to it; 0: none */
	struct aide janitor; /* of the scratch folder */
};

/* Writes when a run begins: now, in UTC, as the names of folders begin, "20260131T120000Z-", and as result files have
 * it, "2026-01-31T12:00:00Z". */
void folders_stamp(char *name, size_t size, char *started, size_t started_size);

/* Makes the folders. `wanted`: the folder of --output; NULL: a new folder `name` in the folder `runs`, with -2, -3, ...
 * appended if it exists already. `dry`: there is no output folder, and the scratch folder is in the system's temporary
 * folder. Returns 0, or -errno with `why`: the folder cannot be written, another bench writes to it, or it holds a run
 * already. */
int folders_make(struct folders *folders, const char *wanted, const char *runs, const char *name, bool dry,
		 const struct why *why);

/* Lets the link `runs`/latest point to the output folder, if that is below `runs`. Errors are ignored. */
void folders_link_latest(const struct folders *folders, const char *runs);

/* Removes the scratch folder, and the output folder if folders_make() has made it and it is still empty; and frees the
 * names. When the caller is killed, a janitor removes them. */
void folders_release(struct folders *folders);

#endif
