#include "base/keeper.h"

#include "base/child.h"
#include "base/clock.h"
#include "base/proc.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 1000 /* for a child that may end by its death signal */

/* What the keeper tells: first of the child's beginning, then of its end. */
struct beginning {
	pid_t child; /* or -errno */
	uint64_t forked_ns;
};

struct ending {
	int status;
	struct rusage used;
};

/* ---- The keeper ---- */

/* What /proc lists may be numbers of another PID namespace. */
static bool is_child(pid_t pid)
{
	siginfo_t info;

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* Kills the children of this process, but not theirs, which it thereby inherits. Returns how many it could kill. A
 * number that no space follows may be cut off. */
static unsigned kill_children(void)
{
	char pids[4096], *next;
	unsigned killed = 0;
	pid_t pid;

	if (proc_read("/proc/thread-self/children", pids, sizeof(pids)) <= 0)
		return 0;
	for (char *at = pids; (pid = (pid_t)strtol(at, &next, 10)) > 0 && *next == ' '; at = next)
		killed += is_child(pid) && kill(pid, SIGKILL) == 0;
	return killed;
}

/* A process that may not be killed is not waited for. */
static void end_strays(void)
{
	unsigned killed;

	while ((killed = kill_children()))
		while (killed--)
			waitpid(-1, NULL, 0);
}

static void let_end(pid_t child, int death_signal)
{
	struct pollfd end = { .fd = pidfd_open(child, 0), .events = POLLIN };

	kill(-child, death_signal);
	if (end.fd >= 0)
		poll(&end, 1, PATIENCE_MS);
}

static _Noreturn void keep(struct aide *keeper, struct beginning beginning, int death_signal)
{
	struct ending ending = { 0 };

	/* Parent and child both do it, since either may run first; from another session the keeper may not. */
	setpgid(beginning.child, beginning.child);
	aide_withdraw(keeper, "keeper");
	aide_tell(keeper, &beginning, sizeof(beginning));
	if (beginning.child < 0)
		_exit(1);
	if (!aide_wait(keeper) && death_signal != SIGKILL)
		let_end(beginning.child, death_signal);
	kill(-beginning.child, SIGKILL);
	wait4(beginning.child, &ending.status, 0, &ending.used);
	end_strays();
	aide_tell(keeper, &ending, sizeof(ending));
	_exit(0);
}

/* Called in the keeper; returns in the child only. */
static void fork_child(struct aide *keeper, int death_signal)
{
	struct beginning beginning = { .forked_ns = clock_ns() };

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	beginning.child = child_fork(death_signal);
	if (beginning.child)
		keep(keeper, beginning, death_signal);
	setpgid(0, 0);
	sigprocmask(SIG_SETMASK, &keeper->mask, NULL);
}

/* ---- The caller ---- */

pid_t keeper_fork(struct aide *keeper, int death_signal, uint64_t *forked_ns)
{
	struct beginning told = { 0 };
	pid_t pid = aide_fork(keeper);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		fork_child(keeper, death_signal);
		return 0;
	}
	if (aide_hear(keeper, &told, sizeof(told)))
		told.child = -ECHILD;
	if (told.child < 0)
		aide_release(keeper);
	*forked_ns = told.forked_ns;
	return told.child;
}

int keeper_end(struct aide *keeper, struct rusage *used)
{
	struct ending ending;

	aide_ask(keeper);
	if (aide_hear(keeper, &ending, sizeof(ending)))
		ending = (struct ending){ .status = SIGKILL }; /* with its keeper the child was killed */
	aide_release(keeper);
	if (used)
		*used = ending.used;
	return ending.status;
}
