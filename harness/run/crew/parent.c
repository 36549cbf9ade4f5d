#include "run/crew/parent.h"

#include "base/futex.h"
#include "base/why.h"
#include "run/crew/dealer.h"
#include "run/crew/deaths.h"
#include "run/crew/futures.h"
#include "run/crew/succession.h"
#include "run/crew/timeouts.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#define LOOK_EVERY_MS 50  /* how often the parent looks for workers that have died */
#define EXPIRE_EVERY_MS 1 /* how often it looks for items whose time is over */

static void clear_slot(struct slot *slot)
{
	slot->error = 0;
	slot->items = slot->digest = slot->bytes_moved = 0;
	slot->sent_items = slot->sent_digest = 0;
	slot->cpu_ns = slot->body_cpu_ns = slot->body_run_queue_ns = slot->body_stolen_ns = 0;
	slot->account = (struct account){ 0 };
	slot->left = (struct range){ 0, 0 };
	slot->initializer_ns = 0;
	for (size_t i = 0; i < COUNTERS_MAX; i++)
		slot->counters[i] = NAN;
}

void crew_prepare(struct crew *crew, const struct round *round)
{
	struct arena *a = crew->arena;

	for (uint32_t w = 0; w < a->workers; w++) {
		clear_slot(arena_slot(a, w));
		memset(arena_range_items(a, w), 0, COST_RANGES * sizeof(uint32_t));
	}
	ranges_reset(arena_ranges(a));
	crew->replaced = 0;
	if (crew->submissions)
		submissions_reset(crew->submissions);
	if (crew->futures)
		futures_begin(crew->futures, round);
	if (crew->dealer)
		dealer_begin(crew->dealer, round);
	if (crew->timeouts)
		timeouts_begin(crew->timeouts);
	a->round = round->number;
	a->warmup = round->warmup;
	a->probed = round->probed;
	atomic_store(&a->done, 0);
}

void crew_open_gate(struct crew *crew, struct round *round, enum gate_command command)
{
	crew->arena->command = command;
	round->start_ns = crew->arena->start_ns = clock_ns();
	atomic_fetch_add(&crew->arena->gate, 1);
	futex_wake(&crew->arena->gate, INT_MAX);
}

/* A look costs a system call for each worker, so the parent does not look before every sleep. */
static bool is_time_to_look(struct crew *crew)
{
	uint64_t now_ns = clock_ns();

	if (now_ns - crew->looked_ns < LOOK_EVERY_MS * UINT64_C(1000000))
		return false;
	crew->looked_ns = now_ns;
	return true;
}

/* Worker `w` could not be talked to: `err`. Returns 0 if it had died and another worker has its place, else -ECHILD. */
static int end_talk(struct crew *crew, const struct round *round, unsigned w, int err)
{
	pid_t pid = crew->pids[w];

	if (err == -EPIPE)
		crew_await_death(crew, w);
	if (crew_check_alive(crew, round))
		return -ECHILD;
	if (crew->pids[w] != pid)
		return 0;
	if (err == -EPROTO)
		return crew_fail(crew, FAILURE_ERROR, (int)w, "worker %u: sent what is not a message", w);
	return crew_fail(crew, FAILURE_ERROR, (int)w, "cannot talk to worker %u: %s", w,
			 error_text((char[ERROR_TEXT]){ 0 }, err));
}

int crew_serve(struct crew *crew, const struct round *round)
{
	unsigned w = 0;
	int moved = dealer_serve(crew->dealer, &w);

	if (moved > 0)
		return crew_replace_left(crew);
	if (crew->timeouts && timeouts_expire(crew->timeouts, crew))
		return -ECHILD;
	if (crew_check_errors(crew))
		return -ECHILD;
	if (moved < 0)
		return end_talk(crew, round, w, moved);
	if (is_time_to_look(crew) && crew_check_alive(crew, round))
		return -ECHILD;
	dealer_wait(crew->dealer, crew->timeouts ? EXPIRE_EVERY_MS : LOOK_EVERY_MS);
	return 0;
}

/* Whether all workers are done. Where workers may be lost it reads what each has written instead of their number, since
 * a worker that is killed may or may not have counted itself. */
static bool are_done(const struct crew *crew, const struct round *round, uint32_t done)
{
	if (!crew_may_lose(crew) || round->number == 0)
		return done >= crew->cell->workers;
	for (unsigned w = 0; w < crew->cell->workers; w++)
		if (!crew_has_ended(crew, w, round))
			return false;
	return true;
}

/* Sleeps until more workers may be done. Returns 1 if all are done, 0 if not, or -ECHILD. */
static int look_for_done(struct crew *crew, const struct round *round)
{
	uint32_t done = atomic_load(&crew->arena->done);

	if (are_done(crew, round, done))
		return 1;
	futex_wait(&crew->arena->done, done, LOOK_EVERY_MS);
	return crew_check_alive(crew, round);
}

static int await_done(struct crew *crew, const struct round *round)
{
	int done;

	while ((done = look_for_done(crew, round)) == 0)
		;
	return done < 0 ? done : crew_check_errors(crew);
}

int crew_collect(struct crew *crew, const struct round *round)
{
	int done = 0;

	while (done == 0) { /* a worker that is lost late has a successor that must be served, too */
		while (crew->dealer && !dealer_all_ended(crew->dealer))
			if (crew_serve(crew, round))
				return -ECHILD;
		done = look_for_done(crew, round);
	}
	for (unsigned w = 0; done > 0 && crew_may_lose(crew) && w < crew->cell->workers; w++)
		dealer_count(crew->dealer, w);
	return done < 0 ? done : crew_check_errors(crew);
}

int crew_round_at_gate(struct crew *crew, struct round *round)
{
	int err;

	crew_open_gate(crew, round, GATE_ROUND);
	err = crew_collect(crew, round);
	if (crew->futures && !err)
		futures_finish(crew->futures);
	round->end_ns = clock_ns();
	if (crew->call)
		futures_tell(crew->futures, round);
	if (crew->futures && crew_may_lose(crew))
		round_tell(round, "workers_lost", MEASURE_INCIDENTS, crew->replaced);
	return err;
}

int crew_start_at_gate(struct crew *crew)
{
	struct round none = { 0 };

	crew_prepare(crew, &none);
	for (unsigned w = 0; w < crew->cell->workers; w++)
		if (crew_launch(crew, w, TASK_SERVE))
			return -ECHILD;
	return await_done(crew, &none); /* returns when all workers are ready */
}

void crew_stop_at_gate(struct crew *crew)
{
	struct round none = { 0 };

	if (!crew->failed) {
		crew_open_gate(crew, &none, GATE_EXIT);
		for (unsigned w = 0; w < crew->cell->workers; w++)
			crew_reap(crew, w);
	}
	crew_kill(crew); /* those that are left */
}

void crew_close_accounts(struct crew *crew, const struct round *round)
{
	uint64_t last_ns = 0;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		uint64_t end_ns = arena_slot(crew->arena, w)->account.since_ns;

		last_ns = end_ns > last_ns ? end_ns : last_ns;
	}
	last_ns = last_ns < round->end_ns ? last_ns : round->end_ns;
	for (unsigned w = 0; w < crew->cell->workers; w++) {
		struct account *a = &arena_slot(crew->arena, w)->account;

		if (a->since_ns == 0) /* it had nothing to do: it was idle for all of the round */
			account_begin(a, PART_IDLE, round->start_ns);
		account_switch_at(a, PART_TEARDOWN, last_ns > a->since_ns ? last_ns : a->since_ns);
		account_switch_at(a, PART_TEARDOWN, round->end_ns);
	}
}
