/* The janitor: an aide that makes a scratch folder, and removes it when its caller says so or has ended. */
#ifndef BENCH_BASE_JANITOR_H
#define BENCH_BASE_JANITOR_H

#include "base/aide.h"

/* Starts a janitor with a new folder, whose path ends with XXXXXX, as for mkdtemp(3), which are replaced. `parent`:
 * with it the janitor removes the folder in which it lies, if that is empty then. Returns 0 or -errno: then there is
 * neither a janitor nor a folder. */
int janitor_start(struct aide *janitor, char *folder, bool parent);

/* Lets the janitor do its work and waits until it has ended. Does nothing for a zeroed janitor. */
void janitor_finish(struct aide *janitor);

/* Removes a folder and everything in it; links are removed, not followed. Returns 0 or -errno. */
int remove_tree(const char *folder);

#endif
