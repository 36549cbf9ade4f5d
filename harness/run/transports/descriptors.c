#include "run/transports/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

void descriptors_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int descriptors_set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int descriptors_socketpair(int pair[2], int type)
{
	if (socketpair(AF_UNIX, type, 0, pair))
		return -1;
	if (descriptors_set_nonblocking(pair[0]) == 0)
		return 0;
	descriptors_close(&pair[0]);
	descriptors_close(&pair[1]);
	return -1;
}

ssize_t descriptors_moved(ssize_t n)
{
	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

bool descriptors_wait(struct pollfd *set, unsigned count, const bool *to_send, int timeout_ms)
{
	bool found = false;

	for (unsigned i = 0; i < count; i++) {
		set[i].events = POLLIN;
		if (to_send) {
			set[count + i].events = POLLOUT;
			set[count + i].fd = to_send[i] ? set[count + i].fd : -1;
		}
	}
	if (poll(set, to_send ? 2 * count : count, timeout_ms) <= 0)
		return false;
	for (unsigned i = 0; i < count && !found; i++)
		found = set[i].revents != 0;
	return found;
}

bool descriptors_readable(int fd, int timeout_ms)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	return poll(&one, 1, timeout_ms) > 0;
}

void descriptors_close(int *fd)
{
	int err = errno;

	if (*fd > 0)
		close(*fd);
	*fd = 0;
	errno = err;
}
