#include "base/child.h"

#include "base/addresses.h"
#include "base/clock.h"
#include "base/interrupts.h"
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

pid_t child_fork(int death_signal)
{
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid < 0 ? -errno : pid;
	prctl(PR_SET_PDEATHSIG, death_signal);
	if (getppid() != parent)
		_exit(1);
	return 0;
}

static void leave_out(const char *prefix)
{
	char **kept = environ;

	for (char **variable = environ; *variable; variable++)
		if (strncmp(*variable, prefix, strlen(prefix)))
			*kept++ = *variable;
	*kept = NULL;
}

static void set_descriptors(const struct child_setup *setup)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(nowhere, STDIN_FILENO);
	dup2(setup->output ? setup->output : nowhere, STDOUT_FILENO);
	dup2(setup->errors ? setup->errors : nowhere, STDERR_FILENO);
	if (setup->closed)
		close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	for (const int *fd = setup->keep; fd && *fd >= 0; fd++)
		fcntl(*fd, F_SETFD, 0);
}

static _Noreturn void become(const struct child_setup *setup)
{
	sigset_t held = interrupts();
	int err;

	set_descriptors(setup);
	if (setup->without)
		leave_out(setup->without);
	for (char *const *variable = setup->environment; variable && *variable; variable++)
		putenv(*variable);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &held, NULL);
	if (setup->same_addresses)
		addresses_fix(&(int){ 0 });
	if (!setup->folder || fchdir(setup->folder) == 0)
		execvp(setup->argv[0], setup->argv);
	err = errno;
	dprintf(STDERR_FILENO, "bench: cannot start '%s': %s\n", setup->argv[0], strerror(err));
	_exit(err == ENOENT ? CHILD_NOT_FOUND : CHILD_NOT_RUN);
}

/* Returns the child's pid, 0 in the child, or -errno. */
static pid_t begin(struct child *child, bool kept, int death_signal)
{
	pid_t pid;

	*child = (struct child){ .forked_ns = clock_ns() };
	pid = kept ? keeper_fork(&child->keeper, death_signal, &child->forked_ns) : child_fork(death_signal);
	if (pid <= 0)
		return pid;
	child->pid = pid;
	child->fd = pidfd_open(pid, 0);
	if (child->fd >= 0)
		return pid;
	pid = -errno;
	child_end(child, NULL);
	return pid;
}

int child_start(struct child *child, const struct child_setup *setup)
{
	pid_t pid = begin(child, setup->kept, setup->death_signal ? setup->death_signal : SIGKILL);

	if (pid == 0)
		become(setup);
	return pid < 0 ? pid : 0;
}

pid_t child_fork_kept(struct child *child)
{
	return begin(child, true, SIGKILL);
}

/* Returns whether something was read. */
static bool read_output(const struct pollfd *fd, struct output *output)
{
	if (output && fd->revents)
		output_read(output);
	return output && fd->revents;
}

int child_wait_reading(const struct child *child, uint64_t deadline_ns, int signals, struct output *one,
		       struct output *other)
{
	struct pollfd fds[] = {
		{ .fd = child->fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = one ? one->fd : -1, .events = POLLIN },
		{ .fd = other ? other->fd : -1, .events = POLLIN },
	};
	int number;

	while (child->pid) {
		uint64_t now_ns = clock_ns(), left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
		struct timespec left = { (time_t)(left_ns / 1000000000), (long)(left_ns % 1000000000) };

		if (deadline_ns && !left_ns)
			return -ETIMEDOUT;
		if (ppoll(fds, 4, deadline_ns ? &left : NULL, NULL) <= 0)
			continue;
		if (fds[0].revents)
			return 0;
		number = fds[1].revents ? interrupts_take(signals) : 0;
		if (number)
			return number;
		if (read_output(&fds[2], one) + read_output(&fds[3], other))
			return -EAGAIN;
	}
	return 0;
}

int child_wait(const struct child *child, uint64_t deadline_ns, int signals)
{
	return child_wait_reading(child, deadline_ns, signals, NULL, NULL);
}

static int end_own(pid_t pid, struct rusage *used)
{
	int status = -1;

	kill(pid, SIGKILL);
	while (wait4(pid, &status, 0, used) < 0 && errno == EINTR)
		;
	return status;
}

int child_end(struct child *child, struct rusage *used)
{
	int status;

	if (!child->pid)
		return -1;
	status = child->keeper.pid ? keeper_end(&child->keeper, used) : end_own(child->pid, used);
	if (child->fd >= 0)
		close(child->fd);
	*child = (struct child){ 0 };
	return status;
}

const char *child_ended_text(char text[CHILD_TEXT], int status)
{
	if (WIFSIGNALED(status))
		snprintf(text, CHILD_TEXT, "was killed by %s", signal_text((char[SIGNAL_TEXT]){ 0 }, WTERMSIG(status)));
	else
		snprintf(text, CHILD_TEXT, "exited with status %d", WEXITSTATUS(status));
	return text;
}

int child_status(const siginfo_t *info)
{
	return info->si_code == CLD_EXITED ? W_EXITCODE(info->si_status, 0) : info->si_status;
}
