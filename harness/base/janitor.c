#include "base/janitor.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TRIES 20 /* tries, 100 ms apart: a dying process may still write into the folder */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

int remove_tree(const char *folder)
{
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) ? -errno : 0;
}

/* Closes all descriptors but the pipe, so that whoever reads the caller's output sees its end. */
static void become_janitor(int fd, const char *folder)
{
	pid_t told, group = 0;
	ssize_t size;

	setsid();
	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_IGN);
	dup2(fd, 0);
	close_range(1, ~0U, 0);
	while ((size = read(0, &told, sizeof(told))) > 0 || (size < 0 && errno == EINTR))
		group = size > 0 ? told : group;
	if (group > 0)
		kill(-group, SIGKILL);
	for (int i = 0; i < TRIES && remove_tree(folder) && access(folder, F_OK) == 0; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	_exit(0);
}

int janitor_start(struct janitor *janitor, const char *folder)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	janitor->pid = fork();
	if (janitor->pid < 0) {
		close(fds[0]);
		close(fds[1]);
		return -errno;
	}
	if (janitor->pid == 0)
		become_janitor(fds[0], folder);
	close(fds[0]);
	janitor->fd = fds[1];
	return 0;
}

void janitor_watch(const struct janitor *janitor, pid_t group)
{
	while (janitor->pid > 0 && write(janitor->fd, &group, sizeof(group)) < 0 && errno == EINTR)
		;
}

void janitor_finish(struct janitor *janitor)
{
	if (janitor->pid <= 0)
		return;
	close(janitor->fd);
	waitpid(janitor->pid, NULL, 0);
	*janitor = (struct janitor){ 0 };
}
