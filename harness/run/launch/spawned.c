#include "run/launch/spawned.h"

#include "run/launch/handover.h"
#include "run/transports/shared.h"
#include "run/wire/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct launcher_state {
	int handover_fd, shared_fd;
	int server[2]; /* the cell process's end, the server's end */
	pid_t server_pid;
};

static int write_handover(const struct crew *crew, struct launcher_state *l)
{
	char *text = spec_encode(crew->spec);
	struct handover h = {
		.cell_pid = getpid(),
		.shared_fd = shared_list(),
		.server_fd = l->server[1],
		.channels = crew->channels,
		.has_input = crew->has_input,
		.talks = crew->talks,
		.spec_size = text ? strlen(text) : 0,
	};
	int err = text ? h.shared_fd : -ENOMEM;

	err = err < 0 ? err : 0;
	if (!err && (write(l->handover_fd, &h, sizeof(h)) != sizeof(h) ||
		     write(l->handover_fd, text, h.spec_size) != (ssize_t)h.spec_size))
		err = -EIO;
	l->shared_fd = h.shared_fd;
	free(text);
	return err;
}

static int prepare(struct crew *crew, bool has_server)
{
	struct launcher_state *l = crew->own = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->handover_fd = memfd_create("bench-handover", 0);
	l->server[0] = l->server[1] = l->shared_fd = -1;
	if (l->handover_fd < 0)
		return -errno;
	if (has_server) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, l->server))
			return -errno;
		fcntl(l->server[0], F_SETFD, FD_CLOEXEC); /* so that the server sees when the cell process has ended */
	}
	return write_handover(crew, l);
}

int spawned_prepare(struct crew *crew)
{
	return prepare(crew, false);
}

void spawned_release(struct crew *crew)
{
	struct launcher_state *l = crew->own;

	if (!l)
		return;
	for (int i = 0; i < 2; i++)
		if (l->server[i] >= 0)
			close(l->server[i]);
	while (l->server_pid && waitpid(l->server_pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (l->handover_fd >= 0)
		close(l->handover_fd);
	if (l->shared_fd >= 0)
		close(l->shared_fd);
	free(l);
	crew->own = NULL;
}

/* Starts this very program, even if its file was deleted, as a worker or as the server. Under Valgrind /proc/self/exe
 * leads to Valgrind, but Valgrind answers a program that reads the link with the program's own path. Returns the pid or
 * -errno. */
static pid_t start_afresh(const struct crew *crew, const char *what, unsigned w)
{
	const struct launcher_state *l = crew->own;
	char fd[16], worker[16], program[PATH_MAX] = "/proc/self/exe";
	char *argv[] = { (char *)"bench", (char *)"--worker", fd, (char *)what, worker, NULL };
	ssize_t length = crew->spec->instructions ? readlink("/proc/self/exe", program, sizeof(program) - 1) : -1;
	pid_t pid;
	int err;

	if (length > 0)
		program[length] = '\0';
	snprintf(fd, sizeof(fd), "%d", l->handover_fd);
	snprintf(worker, sizeof(worker), "%u", w);
	err = posix_spawn(&pid, program, NULL, NULL, argv, environ);
	return err ? -err : pid;
}

int spawned_launch(struct crew *crew, unsigned w, enum worker_task task)
{
	pid_t pid = start_afresh(crew, task == TASK_JOIN ? WHAT_JOIN : WHAT_SERVE, w);

	if (pid < 0)
		return pid;
	crew->pids[w] = pid;
	return 0;
}

static int start_server(struct crew *crew)
{
	struct launcher_state *l = crew->own;
	pid_t ready;

	prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that it inherits the workers from the processes that forked them */
	l->server_pid = start_afresh(crew, WHAT_SERVER, 0);
	if (l->server_pid < 0) {
		ready = l->server_pid;
		l->server_pid = 0;
		return ready;
	}
	crew->helper = l->server_pid;
	close(l->server[1]);
	l->server[1] = -1;
	return recv(l->server[0], &ready, sizeof(ready), 0) == sizeof(ready) ? 0 : -EPIPE;
}

int spawned_start_server(struct crew *crew)
{
	int err = prepare(crew, true);

	return err ? err : start_server(crew);
}

int spawned_launch_by_server(struct crew *crew, unsigned w, enum worker_task task)
{
	struct launcher_state *l = crew->own;
	struct worker_request request = { w, task };
	pid_t pid;

	if (send(l->server[0], &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request))
		return -errno;
	if (recv(l->server[0], &pid, sizeof(pid), 0) != sizeof(pid))
		return -EPIPE;
	if (pid < 0)
		return pid;
	crew->pids[w] = pid;
	return 0;
}
