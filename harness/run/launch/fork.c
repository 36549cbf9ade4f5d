#include "run/launch/fork.h"

#include "run/worker/worker.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int fork_launch(struct crew *crew, unsigned w, enum worker_task task)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			worker_live(crew, w, task);
		_exit(0);
	}
	crew->pids[w] = pid;
	return 0;
}
