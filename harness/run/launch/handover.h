/* What a cell process hands to a worker, or a server of workers, that it starts afresh: spawned.c writes it,
 * fresh.c reads it. */
#ifndef BENCH_RUN_LAUNCH_HANDOVER_H
#define BENCH_RUN_LAUNCH_HANDOVER_H

#include "run/crew/crew.h"

/* What stands in the memfd that a fresh process is handed, before the specification as text. */
struct handover {
	pid_t cell_pid;
	int shared_fd; /* of shared_list() */
	int server_fd; /* where the server takes requests, -1: there is none */
	void *channels;
	bool has_input, talks;
	size_t spec_size;
};

/* Asks the server for a worker; it answers with its pid or -errno, and with 0 once it is ready. */
struct worker_request {
	unsigned worker;
	enum worker_task task;
};

/* The argument of `--worker` after the descriptor: a task, or to be the server. */
#define WHAT_SERVE "serve"
#define WHAT_JOIN "join"
#define WHAT_SERVER "server"

#endif
