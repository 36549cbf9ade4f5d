/* Descriptors of channels that live in the kernel, as several transports need them. */
#ifndef BENCH_RUN_TRANSPORTS_DESCRIPTORS_H
#define BENCH_RUN_TRANSPORTS_DESCRIPTORS_H

#include <poll.h>
#include <stdbool.h>
#include <sys/types.h>

/* 256 workers need 1024 descriptors and more, which is the usual soft limit: raises it to the hard one. */
void descriptors_raise_limit(void);

/* 0, or -1 with errno set. */
int descriptors_set_nonblocking(int fd);

/* A pair of connected sockets of AF_UNIX that outlives exec; the first end does not block, the second
 * one does. 0, or -1 with errno set. */
int descriptors_socketpair(int pair[2], int type);

/* What a transport returns for the result of read(2), write(2) and their like: would block is 0. */
ssize_t descriptors_moved(ssize_t n);

/* Waits until one of `count` channels can be read (`poll[i].fd` set by the caller) or one of those in
 * `to_send` (NULL: none) can be written (`poll[count + i].fd`). Returns whether any can be read. */
bool descriptors_wait(struct pollfd *poll, unsigned count, const bool *to_send, int timeout_ms);

/* Whether `fd` can be read within that time. */
bool descriptors_readable(int fd, int timeout_ms);

/* Closes it if it is open (more than 0: zeroed memory holds none), and marks it as closed. */
void descriptors_close(int *fd);

#endif
