/* Python's process: starting it, exchanging messages with it, and noticing when it or a worker dies. Only python.c uses
 * it. Functions return 0, or -ECHILD after crew_fail(), unless stated otherwise. */
#ifndef BENCH_RUN_PYTHON_INTERPRETER_H
#define BENCH_RUN_PYTHON_INTERPRETER_H

#include "base/child.h"
#include "run/python/board.h"

#include <jansson.h>

struct python {
	struct child child;
	int socket;       /* socket to the process */
	int *pidfds;      /* a pidfd of each worker; -1: none */
	int32_t *watched; /* the pid of the worker that each pidfd is of */
	bool ends;        /* it was told to end: its workers leave */
	bool own_answers; /* as in struct sample */
	struct board board;
	char inbox[65536]; /* received, but not yet taken */
	size_t begin, end;
};

/* Starts the interpreter `path` with main.py of `folder`. Returns 0 or -errno. */
int python_spawn(struct python *python, const char *path, const char *folder);

/* Kills the process, whatever it is doing, and closes its descriptors. */
void python_kill(struct python *python);

/* Waits until the process has ended by itself. */
int python_reap(struct crew *crew);

/* Sends a line of JSON and releases it. */
int python_say(struct crew *crew, json_t *line);

/* Receives a line of JSON, owned by the caller; NULL after crew_fail(). */
json_t *python_hear(struct crew *crew);

/* Receives `size` bytes. */
int python_receive(struct crew *crew, void *data, size_t size);

/* Looks for items that have raised an exception and workers that have died; lets the supervisor know which worker is at
 * which item. */
int python_look(struct crew *crew);

/* CPU time of all living workers; CPU time of all threads of Python's main process. */
uint64_t python_workers_cpu_ns(const struct crew *crew);
uint64_t python_own_cpu_ns(const struct python *python);

#endif
