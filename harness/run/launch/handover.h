/* What a cell process hands to a worker, or to the server that forks workers, when it starts it afresh: spawned.c
 * writes it, fresh.c reads it. */
#ifndef BENCH_RUN_LAUNCH_HANDOVER_H
#define BENCH_RUN_LAUNCH_HANDOVER_H

#include "run/crew/crew.h"

/* The first part of the memfd that a fresh process is handed; the specification as text follows it. */
struct handover {
	pid_t cell_pid;
	int shared_fd; /* what shared_list() returned */
	int server_fd; /* where the server takes requests; -1: there is no server */
	void *channels;
	bool has_input, talks;
	size_t spec_size;
};

/* Asks the server for a worker. The server answers with the worker's pid or -errno; when it has just started, it says
 * with a 0 that it is ready. */
struct worker_request {
	unsigned worker;
	enum worker_task task;
};

/* What a fresh process is to do, the argument of `--worker` after the descriptor: one of two tasks of a worker, or to
 * be the server. */
#define WHAT_SERVE "serve"
#define WHAT_JOIN "join"
#define WHAT_SERVER "server"

#endif
