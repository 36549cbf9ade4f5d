#include "gate/trials/trial.h"

#include "base/child.h"
#include "base/clock.h"
#include "base/proc.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Returns how long, in ns, the first thread of a process that has ended but is not reaped waited for a processor. */
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

/* Kills the processes that left the command's process group. They have become children of this process, a subreaper,
 * as do the children of those that it kills. A number that no space follows may be cut off. */
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

static int judge_end(const struct cell_launcher *launcher, struct gate_cell *cell, const struct trial *trial, pid_t pid,
		     int status, int waited)
{
	struct failure f = { .pid = pid, .exit_status = -1, .item = -1, .after_ns = trial->elapsed_ns };

	if (!waited && !status)
		return 0;
	if (waited) {
		f.kind = FAILURE_TIMEOUT;
		snprintf(f.message, sizeof(f.message), "it did not end within %.3g s (--timeout)",
			 (double)launcher->timeout_ns / 1e9);
	} else {
		f.kind = WIFSIGNALED(status) ? FAILURE_SIGNAL : FAILURE_EXIT;
		f.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		f.exit_status = WIFSIGNALED(status) ? -1 : WEXITSTATUS(status);
		snprintf(f.message, sizeof(f.message), "it %s",
			 child_ended_text((char[CHILD_TEXT]){ 0 }, status));
	}
	return trial_failed(cell, trial->side, &f);
}

/* Waits for the end of the command. Returns 0; -EINTR: a signal came; -ETIMEDOUT: the trial took too long; or -ETIME:
 * the deadline of all trials has come. */
static int await(const struct cell_launcher *launcher, const struct child *child, uint64_t from_ns, int *signal)
{
	uint64_t own_ns = from_ns + launcher->timeout_ns, all_ns = launcher->deadline_ns;
	bool by_all = all_ns && all_ns < own_ns;
	int waited = child_wait(child, by_all ? all_ns : own_ns, launcher->signal_fd);

	if (waited > 0) {
		*signal = waited;
		return -EINTR;
	}
	return waited && by_all ? -ETIME : waited;
}

int trial_command(struct trial_setup *setup, struct gate_cell *cell, const struct cell_launcher *launcher,
		  struct trial *trial)
{
	struct child_setup command = {
		.argv = launcher->program,
		.environment = launcher->environment,
		.errors = STDERR_FILENO,
		.group = true,
		.mask = &launcher->original_mask,
	};
	uint64_t from_ns = clock_ns(), queue_ns;
	struct rusage used = { 0 };
	struct child child;
	int err = child_start(&child, &command), waited, status;
	pid_t pid = child.pid;

	if (err)
		return err;
	janitor_watch(setup->janitor, pid);
	queue_ns = own_queue_ns();
	waited = await(launcher, &child, from_ns, &setup->signal);
	trial->elapsed_ns = clock_ns() - from_ns;
	queue_ns = own_queue_ns() - queue_ns;
	trial->run_queue_ns = waited ? 0 : queue_of(pid);
	status = child_end(&child, &used);
	janitor_watch(setup->janitor, 0);
	end_strays(setup->janitor->pid);
	trial->wall_ns = (double)(trial->elapsed_ns - queue_ns); /* without the time by which its end was seen late */
	trial->cpu_ns = (double)rusage_ns(&used);
	trial->asleep = 1 - trial->cpu_ns / (trial->wall_ns - trial->run_queue_ns);
	return waited == -EINTR || waited == -ETIME ? waited : judge_end(launcher, cell, trial, pid, status, waited);
}
