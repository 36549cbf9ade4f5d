/* Python's process: finding it, starting it, talking with it, and seeing who dies. Shared by python*.c only.
 * Functions return 0, or -ECHILD after crew_fail(), unless they say otherwise. */
#ifndef BENCH_RUN_PYTHON_INTERPRETER_H
#define BENCH_RUN_PYTHON_INTERPRETER_H

#include "base/child.h"
#include "run/python/board.h"

#include <jansson.h>

struct python {
	struct child child;
	int socket;       /* to it */
	int *pidfds;      /* of its workers, -1: none */
	int32_t *watched; /* the worker that each is of */
	int *codes;       /* how it has ended, as wait() says; 0: not known */
	bool ends;        /* it was told to: its workers leave */
	bool own_answers; /* as in struct sample */
	struct board board;
	char inbox[65536]; /* received, not yet taken */
	size_t begin, end;
};

/* Starts `path` with main.py of `folder`. Returns 0 or -errno. */
int python_spawn(struct python *python, const char *path, const char *folder);

/* Ends it, however it stands, and forgets its descriptors. */
void python_kill(struct python *python);

/* Waits for it to end by itself. */
int python_reap(struct crew *crew);

/* Sends a line of JSON, which it releases. */
int python_say(struct crew *crew, json_t *line);

/* Receives a line of JSON, owned by the caller; NULL after crew_fail(). */
json_t *python_hear(struct crew *crew);

/* Receives `size` bytes. */
int python_receive(struct crew *crew, void *data, size_t size);

/* Looks for items that raised and workers that died; lets the supervisor know who is at which item. */
int python_look(struct crew *crew);

/* CPU time of its living workers; of all its own threads. */
uint64_t python_workers_cpu_ns(const struct crew *crew);
uint64_t python_own_cpu_ns(const struct python *python);

#endif
