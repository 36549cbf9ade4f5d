/* An aide: a process that is forked to put things in order when its caller ends, for whatever reason, kill -9 included.
 * The janitor and the keeper are aides. The socket between the two tells the aide of the caller's end. Only for
 * single-threaded callers. */
#ifndef BENCH_BASE_AIDE_H
#define BENCH_BASE_AIDE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct aide {
	pid_t pid; /* 0: none */
	int socket;
	sigset_t mask; /* the caller's; all signals are blocked in an aide, from its first moment on */
};

/* Forks. Returns the aide's pid, 0 in the aide, or -errno. */
pid_t aide_fork(struct aide *aide);

/* In the aide. aide_withdraw() takes it out of the caller's session, so that no signal of a terminal or a shell meets
 * it, and gives it a name of its own, so that killall(1) does not; and it closes all its descriptors but the socket, so
 * that whoever reads the caller's output sees its end.
 * aide_tell() tells the caller something. aide_wait() returns true when the caller calls aide_ask(), false when it has
 * ended or released the aide. */
void aide_withdraw(struct aide *aide, const char *name);
void aide_tell(const struct aide *aide, const void *what, size_t size);
bool aide_wait(const struct aide *aide);

/* In the caller. aide_hear() waits for aide_tell(); returns 0, or -ECHILD: the aide has been killed. aide_release()
 * waits until the aide has ended; it does nothing for a zeroed aide. */
int aide_hear(const struct aide *aide, void *what, size_t size);
void aide_ask(const struct aide *aide);
void aide_release(struct aide *aide);

#endif
