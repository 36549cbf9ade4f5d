#include "base/aide.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t aide_fork(struct aide *aide)
{
	sigset_t all;
	int ends[2];
	pid_t pid;

	*aide = (struct aide){ 0 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &aide->mask);
	pid = fork();
	aide->socket = ends[pid == 0];
	close(ends[pid != 0]);
	if (pid == 0)
		return 0;
	pid = pid < 0 ? -errno : pid;
	sigprocmask(SIG_SETMASK, &aide->mask, NULL);
	if (pid < 0)
		close(aide->socket);
	else
		aide->pid = pid;
	return pid;
}

/* ---- In the aide ---- */

void aide_withdraw(struct aide *aide, const char *name)
{
	setsid();
	prctl(PR_SET_NAME, name);
	dup2(aide->socket, 0);
	close_range(1, ~0U, 0);
	aide->socket = 0;
}

void aide_tell(const struct aide *aide, const void *what, size_t size)
{
	send(aide->socket, what, size, MSG_NOSIGNAL);
}

bool aide_wait(const struct aide *aide)
{
	char word;

	return recv(aide->socket, &word, 1, 0) > 0;
}

/* ---- In the caller ---- */

int aide_hear(const struct aide *aide, void *what, size_t size)
{
	ssize_t got;

	while ((got = recv(aide->socket, what, size, 0)) < 0 && errno == EINTR)
		;
	return got == (ssize_t)size ? 0 : -ECHILD;
}

void aide_ask(const struct aide *aide)
{
	send(aide->socket, "", 1, MSG_NOSIGNAL);
}

void aide_release(struct aide *aide)
{
	if (!aide->pid)
		return;
	close(aide->socket);
	while (waitpid(aide->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*aide = (struct aide){ 0 };
}
