/* Child processes: the one way to start them, to wait for them, to end them, and to say how they ended. They die with
 * their parent, which has one thread (it forks). */
#ifndef BENCH_BASE_CHILD_H
#define BENCH_BASE_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/* What runs as a child, and what it has of its parent. Its input is /dev/null; SIGPIPE and SIGXFSZ kill it. */
struct child_setup {
	char *const *argv;        /* ends with NULL; the program is looked for in PATH */
	char *const *environment; /* "NAME=VALUE" each, besides its parent's; NULL: none */
	const char *without;      /* its parent's variables that begin so are left out; NULL: none are */
	int output, errors;       /* descriptors; 0: /dev/null */
	int folder;               /* a descriptor of the one that it works in; 0: its parent's */
	const int *keep;      /* descriptors that outlive exec(), ended by -1; NULL: none but those that do anyway */
	bool closed;          /* those do not */
	bool group;           /* it leads a process group */
	int death_signal;     /* that it gets when its parent ends; 0: SIGKILL */
	const sigset_t *mask; /* signals that are held back; NULL: its parent's */
};

struct child {
	pid_t pid; /* 0: none */
	int fd;    /* pidfd_open(2) */
	bool group;
};

/* As a shell's child exits that cannot become its program, and that it does not find. */
#define CHILD_NOT_RUN 126
#define CHILD_NOT_FOUND 127

/* Returns 0 or -errno. A child that cannot become its program says so on its stderr, and exits with one of these. */
int child_start(struct child *child, const struct child_setup *setup);

/* Waits until it has ended, which it then is not reaped. `deadline_ns`: of CLOCK_MONOTONIC, 0: none; `signals`: of
 * interrupts_catch(), -1: none. Returns 0, -ETIMEDOUT, or the signal that came. */
int child_wait(const struct child *child, uint64_t deadline_ns, int signals);

/* Kills it if it has not ended, and what its group has left, and reaps them. `used`: its resources; NULL: not asked
 * for. Returns its status as wait(2) says it; -1: there was none. */
int child_end(struct child *child, struct rusage *used);

/* fork(2) for a child that stays this program: it gets `death_signal` when its parent ends. Returns its pid, in the
 * child 0, or -errno. */
pid_t child_fork(int death_signal);

#define CHILD_TEXT 32

/* "exited with status 3", "was killed by SIGKILL". Returns `text`. */
const char *child_ended_text(char text[CHILD_TEXT], int status);

/* The status of one that waitid(2) tells of. */
int child_status(const siginfo_t *info);

#endif
