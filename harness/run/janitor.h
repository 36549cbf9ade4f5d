/* The janitor: a process that removes the run's scratch folder when the supervisor ends, for whatever
 * reason, kill -9 included. Normal ends take the same way. Called by the supervisor. */
#ifndef BENCH_RUN_JANITOR_H
#define BENCH_RUN_JANITOR_H

struct janitor {
	int fd; /* closed: the supervisor has ended */
	int pid;
};

/* Starts it for `folder`, which exists. Returns 0 or -errno. */
int janitor_start(struct janitor *janitor, const char *folder);

/* Lets it do its work and waits for it. Nothing to do for a zeroed janitor. */
void janitor_finish(struct janitor *janitor);

/* Removes a folder with all in it; links are removed, not followed. Returns 0 or -errno. */
int remove_tree(const char *folder);

#endif
