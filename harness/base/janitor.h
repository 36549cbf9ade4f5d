/* The janitor: a process that removes a scratch folder when the process that started it ends, for whatever reason, kill
 * -9 included. When that process ends normally, the janitor removes the folder, too. */
#ifndef BENCH_BASE_JANITOR_H
#define BENCH_BASE_JANITOR_H

#include <sys/types.h>

struct janitor {
	int fd; /* a pipe to the janitor: that it is closed tells the janitor that the caller has ended */
	int pid;
};

/* Starts a janitor for `folder`, which exists. Returns 0 or -errno. */
int janitor_start(struct janitor *janitor, const char *folder);

/* From now on the janitor also kills this process group when the caller ends; 0: no group any more. When the caller is
 * killed by kill -9, its children die with it (PR_SET_PDEATHSIG), but not their children. Does nothing for a zeroed
 * janitor. */
void janitor_watch(const struct janitor *janitor, pid_t group);

/* Lets the janitor do its work and waits until it has ended. Does nothing for a zeroed janitor. */
void janitor_finish(struct janitor *janitor);

/* Removes a folder and everything in it; links are removed, not followed. Returns 0 or -errno. */
int remove_tree(const char *folder);

#endif
