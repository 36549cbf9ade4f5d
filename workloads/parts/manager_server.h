/* The manager's server: one process that keeps a book, and answers whoever connects.
 *
 * Requests and answers are structs of fixed size on a unix stream socket. A client that sends anything
 * else is cut off; one that sends half a request, reads no answers or dies keeps nobody else waiting. */
#ifndef BENCH_WORKLOADS_PARTS_MANAGER_SERVER_H
#define BENCH_WORKLOADS_PARTS_MANAGER_SERVER_H

#include "workloads/parts/book.h"

#include <stdint.h>
#include <sys/un.h>

#define MANAGER_MAGIC 0x6d616e31u /* "man1" */

enum manager_verb {
	MANAGER_UPDATE, /* book_update(key) */
	MANAGER_APPEND, /* book_append(key) */
	MANAGER_TOTAL,  /* book_total(key) */
	MANAGER_RESET,
	MANAGER_VERBS,
};

struct manager_request {
	uint32_t magic;
	uint32_t verb;
	uint64_t key;
};

struct manager_answer {
	uint32_t magic;
	int32_t status; /* 0 or -errno */
	uint64_t key;   /* the request's */
	uint64_t value;
};

/* Where a server listens: an abstract address, chosen by the kernel. */
struct manager_address {
	struct sockaddr_un name;
	uint32_t size; /* bytes of `name` that count */
};

/* A socket that listens, close-on-exec, and its address; or -errno. Raises the soft limit of descriptors
 * to the hard one, for this process and those that it forks. */
int manager_listen(struct manager_address *address);

/* Connects to it; waits while it has no time to accept. A descriptor, close-on-exec, or -errno. */
int manager_connect(const struct manager_address *address);

/* Asks and waits for the answer. Returns its status, or -errno: -ECONNRESET when the server is gone. */
int manager_ask(int fd, enum manager_verb verb, uint64_t key, uint64_t *value);

/* Serves, with a book of this size, until it is killed; returns only when it cannot go on. In the
 * server's process. */
void manager_serve(int listener, uint64_t keys, uint64_t entries);

#endif
