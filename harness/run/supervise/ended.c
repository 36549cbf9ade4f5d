#include "run/supervise/under_way.h"

#include "base/clock.h"
#include "run/crew/arena.h"
#include "run/supervise/culprit.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_WAIT_NS 2000000000 /* how long a cell process may take to end by itself */

static const char *const phase_names[] = { "open", "start", "round", "check", "stop", "rest" };

/* ---- Failures ---- */

void running_timed_out(struct running *r, uint64_t began_ns)
{
	const struct arena *arena = arena_open(r->arena);
	uint64_t now_ns = clock_ns();
	struct culprit culprit = culprit_find(r->pid, arena);

	arena_unmap(arena);
	if (r->result->out_of_budget && !culprit.stopped) {
		running_fail(r, FAILURE_TIMEOUT, "the run's time was over after %.1f s of phase '%s'",
			     (double)(now_ns - r->phase_ns) / 1e9, phase_names[r->phase]);
		return;
	}
	running_fail(r, FAILURE_TIMEOUT, "phase '%s' did not end within %.1f s%s%s", phase_names[r->phase],
		     (double)(now_ns - began_ns) / 1e9, culprit.pid ? ": " : "", culprit.who);
	r->result->stopped = culprit.stopped;
	r->result->failure.item = culprit.item;
	r->result->failure.pid = culprit.pid ? culprit.pid : r->pid;
}

/* Records how the cell process has ended, if it did not say so itself. `forked_from`: the process that has ended, and
 * took its cell processes with it; 0: the cell process itself. */
static void fail_by_status(struct running *r, int status, pid_t forked_from)
{
	const struct arena *arena;
	struct failure *f = &r->result->failure;

	if (r->result->failed)
		return;
	running_fail(r, WIFSIGNALED(status) ? FAILURE_SIGNAL : FAILURE_EXIT,
		     "the %s (pid %d) %s in phase '%s'%s",
		     forked_from ? "process that the cell processes of all sides were forked from" : "cell process",
		     (int)(forked_from ? forked_from : r->pid), child_ended_text((char[CHILD_TEXT]){ 0 }, status),
		     phase_names[r->phase],
		     WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? " (out of memory?)" : "");
	if (WIFSIGNALED(status))
		f->signal = WTERMSIG(status);
	else
		f->exit_status = WEXITSTATUS(status);
	f->pid = forked_from ? forked_from : f->pid;
	arena = arena_open(r->arena);
	f->item = culprit_last_item(r->pid, arena);
	arena_unmap(arena);
}

/* ---- Ending ---- */

/* Waits for a cell process that is ending, unless it only closed its descriptors. */
static void await_end(struct running *r)
{
	uint64_t until_ns = clock_ns() + EXIT_WAIT_NS;
	int waited;

	do {
		waited = child_wait_reading(&r->parent->child, until_ns, -1, r->launcher->said, NULL);
	} while (waited == -EAGAIN);
	if (waited)
		running_fail(r, FAILURE_TIMEOUT,
			     "the cell process (pid %d) closed its socket in phase '%s' and did not end", (int)r->pid,
			     phase_names[r->phase]);
}

/* Lets the nursery kill a cell process that has not ended, and waits until it has. */
static void kill_twin(struct running *r)
{
	struct pollfd fds[] = {
		{ .fd = r->socket, .events = POLLIN },
		{ .fd = r->parent->child.fd, .events = POLLIN },
	};
	uint64_t until_ns = clock_ns() + EXIT_WAIT_NS;

	shutdown(r->socket, SHUT_WR);
	while (!r->has_status && !fds[1].revents && clock_ns() < until_ns)
		if (poll(fds, 2, 100) > 0 && fds[0].revents && !running_receive(r))
			return;
}

/* Ends the program, if it has ended or serves no other invocation. Returns how the cell process has ended, as wait(2)
 * gives it. */
static int end_parent(struct running *r)
{
	struct parent *parent = r->parent;
	bool is_last = --parent->cells == 0;
	struct pollfd end = { .fd = parent->child.fd, .events = POLLIN };
	int status;

	if (!parent->has_status && (is_last || poll(&end, 1, 0) > 0)) {
		parent->status = child_end(&parent->child, NULL);
		parent->has_status = true;
	}
	status = r->has_status ? r->status : parent->has_status ? parent->status : SIGKILL;
	if (is_last)
		free(parent);
	return status;
}

void running_end_child(struct running *r)
{
	bool regular = !r->result->failed && !r->result->interrupted && !r->stopped;
	pid_t forked_from;
	int status;

	if (r->parent->nursery && !r->has_status)
		kill_twin(r);
	close(r->socket);
	r->socket = -1;
	if (regular && !r->has_status)
		await_end(r);
	forked_from = r->has_status ? 0 : r->parent->nursery;
	status = end_parent(r);
	r->parent = NULL;
	output_end(r->launcher->said);
	if (!r->result->interrupted && !r->stopped && (!r->ended || status))
		fail_by_status(r, status, forked_from);
}
