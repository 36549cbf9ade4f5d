/* What transports whose channels live in the kernel need to do with descriptors. */
#ifndef BENCH_RUN_TRANSPORTS_DESCRIPTORS_H
#define BENCH_RUN_TRANSPORTS_DESCRIPTORS_H

#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

/* Raises the soft limit of descriptors to the hard one: 256 workers need more than 1024, the usual soft limit. */
void descriptors_raise_limit(void);

/* Makes `fd` non-blocking. Returns 0, or -1 with errno set. */
int descriptors_set_nonblocking(int fd);

/* Makes a pair of connected AF_UNIX sockets that outlive exec; the first one does not block, the second one does.
 * Returns 0, or -1 with errno set. */
int descriptors_socketpair(int pair[2], int type);

/* Turns the result of read(2), write(2) or a similar call into what a transport returns: bytes moved, 0 if it would
 * block, or -errno. */
ssize_t descriptors_moved(ssize_t n);

/* Waits until one of `count` channels can be read (`poll[i].fd` set by the caller) or one of those in
 * `to_send` (NULL: none) can be written (`poll[count + i].fd`). Returns whether any can be read. */
bool descriptors_wait(struct pollfd *poll, unsigned count, const bool *to_send, int timeout_ms);

/* Whether `fd` can be read within that time. */
bool descriptors_readable(int fd, int timeout_ms);

/* Closes `*fd` if it is open, and marks it as closed. A descriptor above 0 is open, so that zeroed memory has no open
 * ones. */
void descriptors_close(int *fd);

#endif
