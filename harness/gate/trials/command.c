#include "gate/trials/trial.h"

#include "base/clock.h"
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(const struct launcher *launcher, pid_t parent)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	dup2(nowhere, STDIN_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	for (char *const *variable = launcher->environment; *variable; variable++)
		putenv(*variable);
	sigprocmask(SIG_SETMASK, &launcher->original_mask, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	execvp(launcher->program[0], launcher->program);
	fprintf(stderr, "bench: cannot start '%s': %s\n", launcher->program[0], strerror(errno));
	_exit(127);
}

/* Waits for its end, a signal of the user, or a deadline. Returns 0, -EINTR, -ETIMEDOUT or, at that of all, -ETIME. */
static int await(const struct launcher *launcher, int process, int *signal)
{
	struct pollfd fds[] = {
		{ .fd = process, .events = POLLIN },
		{ .fd = launcher->signal_fd, .events = POLLIN },
	};
	uint64_t own_ns = clock_ns() + launcher->timeout_ns, all_ns = launcher->deadline_ns;
	uint64_t deadline_ns = all_ns && all_ns < own_ns ? all_ns : own_ns;
	struct signalfd_siginfo info;

	for (;;) {
		uint64_t now_ns = clock_ns(), left_ms = deadline_ns > now_ns ? (deadline_ns - now_ns) / 1000000 + 1 : 0;

		if (left_ms == 0)
			return deadline_ns == own_ns ? -ETIMEDOUT : -ETIME;
		if (poll(fds, 2, left_ms < 1000 ? (int)left_ms : 1000) <= 0)
			continue;
		if (fds[0].revents)
			return 0;
		if (read(launcher->signal_fd, &info, sizeof(info)) == sizeof(info)) {
			*signal = (int)info.ssi_signo;
			return -EINTR;
		}
	}
}

static double seconds_ns(struct timeval time)
{
	return (double)time.tv_sec * 1e9 + (double)time.tv_usec * 1e3;
}

/* Time that the first thread of an ended, unreaped process waited for a processor. */
static double queue_of(pid_t pid)
{
	char path[64], text[96] = "";
	unsigned long long ran_ns, waited_ns;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	return proc_read(path, text, sizeof(text)) > 0 && sscanf(text, "%llu %llu", &ran_ns, &waited_ns) == 2
		       ? (double)waited_ns
		       : 0;
}

static uint64_t own_queue_ns(void)
{
	int schedstat = proc_schedstat_open();
	uint64_t queue_ns = proc_run_queue_ns(schedstat);

	if (schedstat >= 0)
		close(schedstat);
	return queue_ns;
}

/* What left the command's process group has come to us, a subreaper; so do the children of those that are killed. A
 * number that no space follows may be cut off. */
static void end_strays(pid_t janitor)
{
	char pids[4096], *at, *next;
	bool any = true;
	pid_t pid;

	while (any && proc_read("/proc/thread-self/children", pids, sizeof(pids)) > 0) {
		any = false;
		for (at = pids; (pid = (pid_t)strtol(at, &next, 10)) > 0 && *next == ' '; at = next) {
			if (pid == janitor)
				continue;
			any = true;
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
	}
}

static int judge_end(const struct launcher *launcher, struct gate_cell *cell, const struct trial *trial, pid_t pid,
		     int status, int waited)
{
	struct failure f = { .pid = pid, .exit_status = -1, .item = -1, .after_ns = trial->elapsed_ns };

	if (waited == -ETIMEDOUT) {
		f.kind = FAILURE_TIMEOUT;
		snprintf(f.message, sizeof(f.message), "it did not end within %.3g s (--timeout)",
			 (double)launcher->timeout_ns / 1e9);
	} else if (WIFSIGNALED(status)) {
		const char *name = sigabbrev_np(WTERMSIG(status));

		f.kind = FAILURE_SIGNAL;
		f.signal = WTERMSIG(status);
		snprintf(f.message, sizeof(f.message), "it was killed by SIG%s", name ? name : "?");
	} else if (WEXITSTATUS(status)) {
		f.kind = FAILURE_EXIT;
		f.exit_status = WEXITSTATUS(status);
		snprintf(f.message, sizeof(f.message), "it exited with status %d", f.exit_status);
	} else {
		return 0;
	}
	return trial_failed(cell, trial->side, &f);
}

int trial_command(struct trial_setup *setup, struct gate_cell *cell, const struct launcher *launcher,
		  struct trial *trial)
{
	uint64_t from_ns = clock_ns(), queue_ns;
	pid_t parent = getpid(), pid = fork();
	struct rusage used = { 0 };
	int process, waited, status = 0;

	if (pid < 0)
		return -errno;
	if (pid == 0)
		become(launcher, parent);
	setpgid(pid, pid); /* also here: whoever comes first */
	janitor_watch(setup->janitor, pid);
	process = pidfd_open(pid, 0);
	if (process < 0) {
		int err = errno;

		kill(-pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return -err;
	}
	queue_ns = own_queue_ns();
	waited = await(launcher, process, &setup->signal);
	trial->elapsed_ns = clock_ns() - from_ns;
	queue_ns = own_queue_ns() - queue_ns;
	close(process);
	trial->run_queue_ns = waited ? 0 : queue_of(pid);
	kill(-pid, SIGKILL); /* what it left running */
	wait4(pid, &status, 0, &used);
	while (waitpid(-pid, NULL, 0) > 0)
		;
	janitor_watch(setup->janitor, 0);
	end_strays(setup->janitor->pid);
	trial->wall_ns = (double)(trial->elapsed_ns - queue_ns); /* that we saw its end late is not its fault */
	trial->cpu_ns = seconds_ns(used.ru_utime) + seconds_ns(used.ru_stime);
	trial->asleep = 1 - trial->cpu_ns / (trial->wall_ns - trial->run_queue_ns);
	return waited == -EINTR || waited == -ETIME ? waited : judge_end(launcher, cell, trial, pid, status, waited);
}
