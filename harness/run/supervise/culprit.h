/* Who keeps an invocation from going on: the process to name when its time is over. Called by the supervisor. */
#ifndef BENCH_RUN_SUPERVISE_CULPRIT_H
#define BENCH_RUN_SUPERVISE_CULPRIT_H

#include "run/crew/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct culprit {
	pid_t pid;     /* 0: nobody is known */
	int64_t item;  /* that it is at; -1: none, or not known */
	bool stopped;  /* by a signal such as SIGSTOP: it would go on, if only it was let */
	char who[160]; /* "worker 1 (pid 77) does not come back from item 5"; "": nobody is known */
};

/* Looks for a process that is stopped: the cell process, a worker, or another one of the cell's process group. If there
 * is none, for a worker that is at an item. `arena`: NULL: the crew was not made yet. */
struct culprit culprit_find(pid_t cell, const struct arena *arena);

/* The item that was last begun in the cell process itself: that of the thread that left its number in the arena, else
 * that of the only thread that was at an item. -1: none, or it is not known which. */
int64_t culprit_last_item(pid_t cell, const struct arena *arena);

#endif
