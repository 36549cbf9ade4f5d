/* The manager's server: one process that keeps a book and answers all clients that connect.
 *
 * Requests and answers are structs of fixed size on a unix stream socket. The server cuts off a client that
 * sends anything else; a client that sends half a request, reads no answers or dies does not delay the others. */
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
	uint64_t key;   /* copied from the request */
	uint64_t value;
};

/* Where a server listens: an abstract address, which the kernel has chosen. */
struct manager_address {
	struct sockaddr_un name;
	uint32_t size; /* bytes of `name` that are used */
};

/* Makes a socket that listens and sets *address. Returns its descriptor, close-on-exec, or -errno. Raises the
 * soft limit of descriptors to the hard one, for this process and those that it forks. */
int manager_listen(struct manager_address *address);

/* Connects to a server, and waits if the server has no time to accept yet. Returns a descriptor, close-on-exec,
 * or -errno. */
int manager_connect(const struct manager_address *address);

/* Sends a request and waits for the answer. Returns the answer's status, or -errno: -ECONNRESET when the server
 * is gone. */
int manager_ask(int fd, enum manager_verb verb, uint64_t key, uint64_t *value);

/* Serves clients, with a book that has room for `keys` keys and `entries` entries, until the process is killed;
 * returns only when it cannot go on. Call it in the server's process. */
void manager_serve(int listener, uint64_t keys, uint64_t entries);

#endif
