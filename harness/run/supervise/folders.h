/* The folders of a run: where its result goes, its scratch space, the cache of generated input.
 * Called by the supervisor before anything else runs. */
#ifndef BENCH_RUN_SUPERVISE_FOLDERS_H
#define BENCH_RUN_SUPERVISE_FOLDERS_H

#include "base/why.h"

#include <stdbool.h>
#include <stddef.h>

struct folders {
	char *output;  /* absolute; "" for a dry run */
	char *scratch; /* absolute; the janitor removes it */
	char *cache;   /* absolute */
	bool made_output;
};

/* Makes them. `wanted`: the folder of --output, or NULL: a new one, `name` below `runs`, with -2, -3, ...
 * where it exists already. `dry`: no output, scratch space in the system's temporary folder.
 * Returns 0, or -errno with `why`: it cannot be written, or holds a run already. */
int folders_make(struct folders *folders, const char *wanted, const char *runs, const char *name, bool dry,
		 const struct why *why);

/* Points `runs`/latest at the output, if the output is below `runs`. Errors do not matter. */
void folders_link_latest(const struct folders *folders, const char *runs);

/* Frees the names. An output folder that was made here and is still empty is removed. */
void folders_release(struct folders *folders);

#endif
