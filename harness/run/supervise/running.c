#include "run/supervise/under_way.h"

#include "base/clock.h"
#include "base/interrupts.h"
#include "base/janitor.h"
#include "run/crew/arena.h"
#include "run/supervise/culprit.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_WAIT_NS 2000000000 /* how long a cell process may take to end by itself */
#define LOOK_NS 1000000000      /* how long nobody looks at the clock, if nothing comes */

static const char *const phase_names[] = { "open", "start", "round", "check", "stop", "rest" };

void running_enter(struct running *r, enum phase phase)
{
	r->phase = phase;
	r->phase_ns = clock_ns();
}

void running_fail(struct running *r, enum failure_kind kind, const char *format, ...)
{
	struct failure *f = &r->result->failure;
	va_list list;

	if (r->result->failed)
		return;
	r->result->failed = true;
	*f = (struct failure){ .kind = kind, .pid = r->pid, .exit_status = -1, .item = -1 };
	f->after_ns = clock_ns() - r->started_ns;
	va_start(list, format);
	vsnprintf(f->message, sizeof(f->message), format, list);
	va_end(list);
}

/* ---- The beginning ---- */

static struct running *create(const struct cell_launcher *launcher, struct spec *spec, struct invocation_result *result)
{
	struct running *r = malloc(sizeof(*r));

	if (!r)
		return NULL;
	*r = (struct running){
		.launcher = launcher,
		.spec = spec,
		.result = result,
		.socket = -1,
		.arena = -1,
		.other_end = -1,
		.started_ns = clock_ns(),
	};
	return r;
}

struct running *running_begin(const struct cell_launcher *launcher, struct spec *spec, const double *weights,
			      invocation_skipped *skipped, void *context, struct invocation_result *result)
{
	struct running *r = create(launcher, spec, result);

	if (!r)
		return NULL;
	r->skipped = skipped;
	r->context = context;
	running_start(&r, 1, weights);
	return r;
}

int running_begin_twins(struct running *all[], size_t count, const struct cell_launcher *launcher,
			struct spec *const specs[], struct invocation_result *const results[])
{
	for (size_t i = 0; i < count; i++) {
		all[i] = create(launcher, specs[i], results[i]);
		if (all[i])
			continue;
		while (i-- > 0) {
			free(all[i]);
			all[i] = NULL;
		}
		return -ENOMEM;
	}
	running_start(all, count, NULL);
	return 0;
}

/* ---- Turns ---- */

void running_follow(struct running *r, const struct ring *ring, unsigned seat)
{
	r->ring = ring;
	r->seat = seat;
}

void running_turn(struct running *r, uint32_t rounds)
{
	if (r->state != RUNNING_RESTS)
		return;
	frame_send(r->socket, FRAME_TURN, &rounds, sizeof(rounds)); /* if it is dead, its end will be noticed */
	running_enter(r, PHASE_ROUND);
	r->state = RUNNING_BUSY;
}

enum running_state running_state(const struct running *r)
{
	return r->state;
}

/* ---- Ends that are not regular ---- */

/* When its time began: in a ring, when it got the token, and not before it has it. */
static uint64_t time_began_ns(const struct running *r, uint64_t now_ns)
{
	uint64_t held_ns = r->ring ? ring_held_since(r->ring, r->seat) : r->phase_ns;

	if (r->state == RUNNING_RESTS || !held_ns)
		return now_ns;
	return held_ns > r->phase_ns ? held_ns : r->phase_ns;
}

static void fail_by_deadline(struct running *r, uint64_t now_ns)
{
	const struct arena *arena = arena_open(r->arena);
	struct culprit culprit = culprit_find(r->pid, arena);

	arena_unmap(arena);
	if (r->result->out_of_budget && !culprit.stopped) {
		running_fail(r, FAILURE_TIMEOUT, "the run's time was over after %.1f s of phase '%s'",
			     (double)(now_ns - r->phase_ns) / 1e9, phase_names[r->phase]);
		return;
	}
	running_fail(r, FAILURE_TIMEOUT, "phase '%s' did not end within %.1f s%s%s", phase_names[r->phase],
		     (double)(now_ns - time_began_ns(r, now_ns)) / 1e9, culprit.pid ? ": " : "", culprit.who);
	r->result->stopped = culprit.stopped;
	r->result->failure.item = culprit.item;
	r->result->failure.pid = culprit.pid ? culprit.pid : r->pid;
}

/* Records how the cell process has ended, if it did not say so itself. */
static void fail_by_status(struct running *r, int status)
{
	const struct arena *arena = arena_open(r->arena);
	struct failure *f = &r->result->failure;

	if (r->result->failed) {
		arena_unmap(arena);
		return;
	}
	running_fail(r, WIFSIGNALED(status) ? FAILURE_SIGNAL : FAILURE_EXIT,
		     "the cell process (pid %d) %s in phase '%s'%s", (int)r->pid,
		     child_ended_text((char[CHILD_TEXT]){ 0 }, status), phase_names[r->phase],
		     WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? " (out of memory?)" : "");
	if (WIFSIGNALED(status))
		f->signal = WTERMSIG(status);
	else
		f->exit_status = WEXITSTATUS(status);
	f->item = culprit_last_item(r->pid, arena);
	arena_unmap(arena);
}

/* ---- Waiting ---- */

/* When the phase or the run must have ended, whichever comes first. */
static uint64_t deadline_of(const struct running *r, uint64_t now_ns, bool *by_run)
{
	uint64_t own_ns = time_began_ns(r, now_ns) + r->launcher->timeout_ns, run_ns = r->launcher->deadline_ns;

	*by_run = run_ns && run_ns < own_ns && r->state == RUNNING_BUSY;
	return *by_run ? run_ns : own_ns;
}

/* Lets those fail whose time is over. Returns when to look again at the latest. */
static uint64_t look_at_clock(struct running *const all[], size_t count)
{
	uint64_t now_ns = clock_ns(), next_ns = now_ns + LOOK_NS;

	for (size_t i = 0; i < count; i++) {
		bool by_run = false;
		uint64_t deadline_ns = all[i]->state == RUNNING_OVER ? UINT64_MAX :
								       deadline_of(all[i], now_ns, &by_run);

		if (deadline_ns <= now_ns) {
			all[i]->result->out_of_budget = by_run;
			fail_by_deadline(all[i], now_ns);
			all[i]->state = RUNNING_OVER;
		} else if (deadline_ns < next_ns) {
			next_ns = deadline_ns;
		}
	}
	return next_ns;
}

/* Stops those that wait for a token which nobody hands on any more. */
static void stop_rings(struct running *const all[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count && all[i]->ring && all[i]->state == RUNNING_OVER; k++) {
			if (all[k]->ring != all[i]->ring || all[k]->state != RUNNING_BUSY)
				continue;
			all[k]->stopped = true;
			all[k]->state = RUNNING_OVER;
		}
	}
}

static void interrupt_all(struct running *const all[], size_t count, int number)
{
	for (size_t i = 0; i < count; i++) {
		all[i]->result->interrupted = number;
		all[i]->state = RUNNING_OVER;
	}
}

enum { SOCKET, SIGNALS, CHILD, SAID, FD_COUNT };

static void set_fds(struct pollfd fds[FD_COUNT], const struct running *r)
{
	const struct output *said = r->launcher->said;
	bool over = r->state == RUNNING_OVER;

	fds[SOCKET] = (struct pollfd){ .fd = over ? -1 : r->socket, .events = POLLIN };
	fds[SIGNALS] = (struct pollfd){ .fd = over ? -1 : r->launcher->signal_fd, .events = POLLIN };
	fds[CHILD] = (struct pollfd){ .fd = over ? -1 : r->parent->child.fd, .events = POLLIN };
	fds[SAID] = (struct pollfd){ .fd = said ? said->fd : -1, .events = POLLIN };
}

/* Takes what has come from one. It is over when its socket ends, or when it is known that the cell process has ended,
 * whose descendants may hold the socket. Returns the number of the signal that came, or 0. */
static int take(struct running *r, const struct pollfd fds[FD_COUNT])
{
	int number = fds[SIGNALS].revents ? interrupts_take(r->launcher->signal_fd) : 0;

	if (number)
		return number;
	if (fds[SAID].revents)
		output_read(r->launcher->said);
	if (fds[SOCKET].revents ? !running_receive(r) || r->has_status : fds[CHILD].revents)
		r->state = RUNNING_OVER;
	return 0;
}

static bool any_busy(struct running *const all[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (all[i]->state == RUNNING_BUSY)
			return true;
	return false;
}

/* Waits until something comes, but not for longer than until `until_ns`, and takes it. Returns the number of the signal
 * that came, or 0. */
static int wait_and_take(struct running *const all[], size_t count, struct pollfd (*fds)[FD_COUNT], uint64_t until_ns)
{
	uint64_t now_ns = clock_ns(), left_ns = until_ns > now_ns ? until_ns - now_ns : 0;
	int number = 0;

	for (size_t i = 0; i < count; i++)
		set_fds(fds[i], all[i]);
	if (poll(*fds, count * FD_COUNT, (int)(left_ns / 1000000 + 1)) <= 0)
		return 0;
	for (size_t i = 0; i < count && !number; i++)
		number = take(all[i], fds[i]);
	return number;
}

/* ---- The end of a cell process ---- */

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

static void end_child(struct running *r)
{
	bool regular = !r->result->failed && !r->result->interrupted && !r->stopped;
	int status;

	if (r->parent->is_nursery && !r->has_status)
		kill_twin(r);
	close(r->socket);
	r->socket = -1;
	if (regular && !r->has_status)
		await_end(r);
	status = end_parent(r);
	r->parent = NULL;
	output_end(r->launcher->said);
	if (!r->result->interrupted && !r->stopped && (!r->ended || status))
		fail_by_status(r, status);
}

/* ---- The loop ---- */

void running_await(struct running *const all[], size_t count)
{
	struct pollfd(*fds)[FD_COUNT] = calloc(count, sizeof(*fds));
	int number = 0;

	for (size_t i = 0; i < count && !fds; i++) {
		running_fail(all[i], FAILURE_ERROR, "out of memory");
		all[i]->state = RUNNING_OVER;
	}
	while (!number && any_busy(all, count)) {
		uint64_t until_ns = look_at_clock(all, count);

		stop_rings(all, count);
		if (any_busy(all, count))
			number = wait_and_take(all, count, fds, until_ns);
		stop_rings(all, count);
	}
	if (number)
		interrupt_all(all, count, number);
	for (size_t i = 0; i < count; i++)
		if (all[i]->state == RUNNING_OVER && all[i]->parent)
			end_child(all[i]);
	free(fds);
}

/* ---- The end ---- */

static void keep_digests(struct running *r)
{
	const struct arena *arena = r->spec->digest_count ? arena_open(r->arena) : NULL;
	size_t size = r->spec->digest_count * sizeof(uint64_t);

	if (arena && (r->result->digests = malloc(size)))
		memcpy(r->result->digests, arena_digests(arena), size);
	arena_unmap(arena);
}

static void leave(struct running *r)
{
	frame_send(r->socket, FRAME_LEAVE, NULL, 0);
	running_enter(r, PHASE_STOP);
	r->state = RUNNING_BUSY;
	r->ring = NULL;
	running_await(&r, 1);
}

void running_end(struct running *r)
{
	if (!r)
		return;
	if (r->state == RUNNING_BUSY)
		r->stopped = true;
	if (r->state == RUNNING_RESTS)
		leave(r);
	if (r->parent)
		end_child(r);
	if (r->pid)
		keep_digests(r);
	r->result->started_ns = r->started_ns;
	r->result->took_ns = clock_ns() - r->started_ns;
	if (r->socket >= 0)
		close(r->socket);
	if (r->arena >= 0)
		close(r->arena);
	frame_release(&r->buffer);
	remove_tree(r->spec->scratch);
	free(r);
}
