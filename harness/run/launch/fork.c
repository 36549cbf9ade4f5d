#include "run/launch/fork.h"

#include "base/child.h"
#include "run/worker/worker.h"

#include <signal.h>
#include <unistd.h>

int fork_launch(struct crew *crew, unsigned w, enum worker_task task)
{
	pid_t pid = child_fork(SIGKILL);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		worker_live(crew, w, task);
		_exit(0);
	}
	crew->pids[w] = pid;
	return 0;
}
