#include "base/container.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_S 3 /* for what the program has left behind, since a janitor tries for two seconds */

/* Reaps what has ended. Returns whether the program has, and sets its status; *left: whether others have not yet. */
static bool reap(pid_t program, int *status, bool *left)
{
	bool ended = false;
	int other;
	pid_t pid;

	while ((pid = waitpid(-1, &other, WNOHANG)) > 0) {
		if (pid != program)
			continue;
		ended = true;
		*status = other;
	}
	*left = pid == 0;
	return ended;
}

/* Waits for a signal, and hands it on unless it is SIGCHLD. What a terminal sends goes to the program anyway. */
static void hand_on(pid_t program, const sigset_t *signals)
{
	siginfo_t info;
	int number = sigwaitinfo(signals, &info);

	if (number > 0 && number != SIGCHLD && info.si_code != SI_KERNEL)
		kill(program, number);
}

static _Noreturn void stay(pid_t program, const sigset_t *signals)
{
	const struct timespec patience = { .tv_sec = PATIENCE_S };
	bool left = true;
	int status = 0;

	while (!reap(program, &status, &left))
		hand_on(program, signals);
	while (left && sigtimedwait(signals, NULL, &patience) > 0)
		reap(program, &status, &left);
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

void container_enter(void)
{
	sigset_t signals, before;
	pid_t program;

	if (getpid() != 1)
		return;
	sigfillset(&signals);
	sigprocmask(SIG_BLOCK, &signals, &before);
	program = fork();
	if (program > 0)
		stay(program, &signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
