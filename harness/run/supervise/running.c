#include "run/supervise/under_way.h"

#include "base/clock.h"
#include "base/interrupts.h"
#include "base/janitor.h"
#include "run/crew/arena.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_NS 1000000000 /* how long nobody looks at the clock, if nothing comes */

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

/* ---- Waiting ---- */

/* When its time began: in a ring, when it got the token, and not before it has it. */
static uint64_t time_began_ns(const struct running *r, uint64_t now_ns)
{
	uint64_t held_ns = r->ring ? ring_held_since(r->ring, r->seat) : r->phase_ns;

	if (r->state == RUNNING_RESTS || !held_ns || held_ns > now_ns) /* later: somebody has written over the ring */
		return now_ns;
	return held_ns > r->phase_ns ? held_ns : r->phase_ns;
}

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
			running_timed_out(all[i], time_began_ns(all[i], now_ns));
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
			running_end_child(all[i]);
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
		running_end_child(r);
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
