#include "run/cell/nursery.h"

#include "base/child.h"
#include "run/cell/cell.h"
#include "run/wire/frames.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct twin {
	pid_t pid; /* 0: it has ended, or was not born */
	int fd;    /* to the supervisor */
	int pidfd;
};

/* Each leads a process group of its own, as a cell process without twins does. Returns the pid; 0: in the twin. */
static pid_t bear(struct twin *twin)
{
	twin->pid = child_fork(SIGKILL);
	if (twin->pid <= 0)
		return twin->pid;
	setpgid(twin->pid, twin->pid); /* so does the twin, since either may run first */
	twin->pidfd = pidfd_open(twin->pid, 0);
	return twin->pidfd < 0 ? -errno : twin->pid;
}

static void bury(struct twin *twin)
{
	int status = 0;
	uint32_t number;

	while (waitpid(twin->pid, &status, 0) < 0 && errno == EINTR)
		;
	number = (uint32_t)status;
	frame_send(twin->fd, FRAME_DIED, &number, sizeof(number));
	close(twin->fd);
	close(twin->pidfd);
	*twin = (struct twin){ 0 };
}

/* Waits until one has ended, or is to end, which the supervisor says by saying no more. */
static void watch(struct twin *twins, struct pollfd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool lives = twins[i].pid;

		fds[2 * i] = (struct pollfd){ .fd = lives ? twins[i].pidfd : -1, .events = POLLIN };
		fds[2 * i + 1] = (struct pollfd){ .fd = lives ? twins[i].fd : -1, .events = POLLRDHUP };
	}
	if (poll(fds, 2 * count, -1) <= 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (fds[2 * i + 1].revents)
			kill(-twins[i].pid, SIGKILL);
		if (fds[2 * i + 1].revents || fds[2 * i].revents)
			bury(&twins[i]);
	}
}

static bool any_lives(const struct twin *twins, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (twins[i].pid)
			return true;
	return false;
}

/* Forks all. Returns whose the calling process is: `count`: the nursery's; or -errno. */
static long bear_all(struct twin *twins, const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		pid_t pid;

		twins[i].fd = fds[i];
		fcntl(fds[i], F_SETFD, FD_CLOEXEC);
		pid = bear(&twins[i]);
		if (pid <= 0)
			return pid ? pid : (long)i;
	}
	return (long)count;
}

static int be_twin(const int *fds, size_t count, size_t own)
{
	uint32_t pid = (uint32_t)getpid();

	setpgid(0, 0);
	frame_send(fds[own], FRAME_BORN, &pid, sizeof(pid));
	for (size_t i = 0; i < count; i++)
		if (i != own)
			close(fds[i]);
	return cell_main(fds[own]);
}

int nursery_main(const int *fds, size_t count)
{
	struct twin *twins = calloc(count, sizeof(*twins));
	struct pollfd *polled = calloc(2 * count, sizeof(*polled));
	long own = twins && polled ? bear_all(twins, fds, count) : -ENOMEM;

	while (own == (long)count && any_lives(twins, count))
		watch(twins, polled, count);
	free(twins);
	free(polled);
	if (own >= 0 && own < (long)count)
		return be_twin(fds, count, (size_t)own);
	return own < 0 ? 2 : 0;
}
