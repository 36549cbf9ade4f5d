/* The janitor: a process that removes the run's scratch folder when the supervisor ends, for whatever
 * reason, kill -9 included. Normal ends take the same way. Called by the supervisor. */
#ifndef BENCH_BASE_JANITOR_H
#define BENCH_BASE_JANITOR_H

#include <sys/types.h>

struct janitor {
	int fd; /* closed: the supervisor has ended */
	int pid;
};

/* Starts it for `folder`, which exists. Returns 0 or -errno. */
int janitor_start(struct janitor *janitor, const char *folder);

/* From now on it also kills this process group when the supervisor ends; 0: none any more. Whoever is killed by
 * kill -9 takes its children along (PR_SET_PDEATHSIG), but not theirs. Nothing for a zeroed janitor. */
void janitor_watch(const struct janitor *janitor, pid_t group);

/* Lets it do its work and waits for it. Nothing to do for a zeroed janitor. */
void janitor_finish(struct janitor *janitor);

/* Removes a folder with all in it; links are removed, not followed. Returns 0 or -errno. */
int remove_tree(const char *folder);

#endif
