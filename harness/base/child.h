/* Child processes: the one way to start them, to wait for them, to end them, and to say how they ended. They die with
 * their parent. The parent must have one thread only, since it forks. Not made here are the janitor and the keeper,
 * which outlive their parent; the workers of the fork server, which forks twice so that they are children of another
 * process; and workers that posix_spawn(3) starts, since that is what is measured. */
#ifndef BENCH_BASE_CHILD_H
#define BENCH_BASE_CHILD_H

#include "base/keeper.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct output; /* base/output.h */

/* What runs as a child, and what it inherits from its parent. Its standard input is /dev/null; SIGPIPE and SIGXFSZ kill
 * it, and what interrupts() has is not blocked. */
struct child_setup {
	char *const *argv;        /* ends with NULL; the program is looked for in PATH */
	char *const *environment; /* "NAME=VALUE" each, set besides the parent's variables; NULL: none */
	const char *without;      /* the parent's variables whose names begin so are left out; NULL: none are */
	int output, errors;       /* descriptors; 0: /dev/null */
	int folder;               /* a descriptor of its working folder; 0: the parent's */
	const int *keep;          /* descriptors that are made to outlive exec(), ended by -1; NULL: none */
	bool closed;              /* no other descriptor outlives exec(), nor does one that would anyway */
	bool same_addresses;      /* its memory is not laid out at random, where the system permits that */
	bool kept;                /* it leads a process group of its own, and with it all its descendants end */
	int death_signal;         /* the signal that it gets when its parent ends; 0: SIGKILL */
};

struct child {
	pid_t pid;          /* 0: none */
	int fd;             /* pidfd_open(2) */
	uint64_t forked_ns; /* when it began, CLOCK_MONOTONIC */
	struct aide keeper; /* zeroed: it has none, and is this process's own child */
};

/* Exit statuses of a child that cannot execute its program, or cannot find it; a shell uses the same. */
#define CHILD_NOT_RUN 126
#define CHILD_NOT_FOUND 127

/* Starts a child. Returns 0 or -errno. A child that cannot execute its program says so on its stderr and exits with one
 * of the two statuses above. */
int child_start(struct child *child, const struct child_setup *setup);

/* Waits until the child has ended, and does not reap it. `deadline_ns`: a time of CLOCK_MONOTONIC, 0: none; `signals`:
 * a descriptor of interrupts_catch(), -1: none. Returns 0, -ETIMEDOUT, or the number of the signal that came. */
int child_wait(const struct child *child, uint64_t deadline_ns, int signals);

/* Does the same, and reads what the child prints meanwhile, so that it need not wait for room in a pipe; both outputs
 * may be NULL. Returns -EAGAIN if something was read and the child has not ended: call it again. */
int child_wait_reading(const struct child *child, uint64_t deadline_ns, int signals, struct output *one,
		       struct output *other);

/* Kills the child if it has not ended, and if it is kept what is left of its descendants, and reaps them. `used`: set
 * to the resources that the child has used; may be NULL. Returns its status as wait(2) gives it; -1: there was no
 * child. */
int child_end(struct child *child, struct rusage *used);

/* fork(2) for a child that executes no other program, with a keeper as of `kept`. Returns its pid, 0 in the child, or
 * -errno. */
pid_t child_fork_kept(struct child *child);

/* fork(2) for a child that executes no other program: it gets `death_signal` when its parent ends. Returns the child's
 * pid, 0 in the child, or -errno. */
pid_t child_fork(int death_signal);

#define CHILD_TEXT 32

/* Writes how a child ended: "exited with status 3", "was killed by SIGKILL". Returns `text`. */
const char *child_ended_text(char text[CHILD_TEXT], int status);

/* The status, as wait(2) gives it, of the child that waitid(2) has described in `info`. */
int child_status(const siginfo_t *info);

#endif
