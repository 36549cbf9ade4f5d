#include "run/crew/crew.h"

#include "base/futex.h"
#include "base/log.h"
#include "run/crew/dealer.h"
#include "run/crew/futures.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define LOOK_EVERY_MS 50  /* for workers that have died */
#define DEATH_LOOKS 1000  /* of 1 ms, for one that is dying */
#define FATAL_TIMES 3     /* that an item may take its worker along */
#define EXPIRE_EVERY_MS 1 /* for items whose time is over */

int crew_fail(struct crew *crew, enum failure_kind kind, int worker, const char *format, ...)
{
	struct failure *f = &crew->failure;
	va_list list;

	if (crew->failed)
		return -ECHILD;
	crew->failed = true;
	*f = (struct failure){ .kind = kind, .exit_status = -1, .item = -1 };
	if (worker >= 0) {
		const struct slot *slot = arena_slot(crew->arena, (unsigned)worker);
		uint64_t item = atomic_load(&slot->item);

		f->pid = atomic_load(&slot->pid);
		f->item = item == ITEM_NONE ? -1 : (int64_t)item;
	}
	va_start(list, format);
	vsnprintf(f->message, sizeof(f->message), format, list);
	va_end(list);
	return -ECHILD;
}

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
		if (crew->watched)
			crew->watched[w] = (struct watched_item){ .item = ITEM_NONE };
		memset(arena_range_items(a, w), 0, COST_RANGES * sizeof(uint32_t));
	}
	ranges_reset(arena_ranges(a));
	crew->replaced = 0;
	if (crew->submissions)
		submissions_reset(crew->submissions);
	if (crew->futures)
		futures_begin(crew->futures, round);
	if (crew->dealer)
		dealer_begin(crew->dealer);
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

/* What a signal says of who sent it: a crash is the program's own, a kill comes from outside. */
static bool is_crash(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGABRT || signal == SIGILL || signal == SIGFPE ||
	       signal == SIGSYS || signal == SIGTRAP;
}

static void fail_ended(struct crew *crew, unsigned w, const siginfo_t *info)
{
	const struct slot *slot = arena_slot(crew->arena, w);
	uint64_t item = atomic_load(&slot->item);
	char where[64] = "between items";

	if (item != ITEM_NONE)
		snprintf(where, sizeof(where), "at item %llu%s", (unsigned long long)item,
			 crew->cell->calling.retry ? ", as those before it" : "");
	if (info->si_code == CLD_EXITED) {
		crew_fail(crew, FAILURE_EXIT, (int)w, "worker %u (pid %d) exited with status %d %s", w,
				(int)info->si_pid, info->si_status, where);
		crew->failure.exit_status = info->si_status;
	} else {
		crew_fail(crew, is_crash(info->si_status) ? FAILURE_SIGNAL : FAILURE_LOST_WORKER, (int)w,
				"worker %u (pid %d) was killed by SIG%s %s", w, (int)info->si_pid,
				sigabbrev_np(info->si_status) ? sigabbrev_np(info->si_status) : "?", where);
		crew->failure.signal = info->si_status;
	}
	crew->failure.pid = info->si_pid;
	log_line(crew->log, LOG_INFO, w, info->si_pid, "died: %s", crew->failure.message);
}

/* It has said LEAVE, or that is still in its channel. */
static bool leaves_regularly(const struct crew *crew, unsigned w, const siginfo_t *info)
{
	return crew->cell->calling.recycle && info->si_code == CLD_EXITED && info->si_status == 0 &&
	       atomic_load(&arena_slot(crew->arena, w)->leaves);
}

/* An item that kills whoever does it will not get better by another try. */
static bool is_fatal(struct crew *crew, unsigned w)
{
	uint64_t item = atomic_load(&arena_slot(crew->arena, w)->item);

	return item != ITEM_NONE && futures_note_death(crew->futures, item) >= FATAL_TIMES;
}

static bool has_ended(const struct crew *crew, unsigned w, const struct round *round)
{
	return round->number && atomic_load(&arena_slot(crew->arena, w)->ended) == round->number;
}

/* Looks for workers that have died without being asked to. Where the crew lives for one round only, a
 * worker may leave by itself once it has ended that round; crew_reap() takes it. */
static int check_alive(struct crew *crew, const struct round *round)
{
	for (unsigned w = 0; crew->pids && w < crew->cell->workers; w++) {
		siginfo_t info = { 0 };
		bool ended;

		if (!crew->pids[w] || waitid(P_PID, (id_t)crew->pids[w], &info, WEXITED | WNOHANG | WNOWAIT) ||
		    info.si_pid == 0)
			continue;
		ended = has_ended(crew, w, round); /* said before it left */
		if (crew->mode->crew_in_round && ended && info.si_code == CLD_EXITED && info.si_status == 0)
			continue;
		if (leaves_regularly(crew, w, &info) || (crew->cell->calling.retry && ended))
			continue; /* its place is taken when its last message has come; in the next round */
		if (crew->cell->calling.retry && crew->round == round && !is_fatal(crew, w)) {
			if (crew_replace_lost(crew, w))
				return -ECHILD;
			continue;
		}
		waitid(P_PID, (id_t)crew->pids[w], &info, WEXITED);
		crew->pids[w] = 0;
		fail_ended(crew, w, &info);
		return -ECHILD;
	}
	return 0;
}

int crew_check_errors(struct crew *crew)
{
	if (!atomic_load(&crew->arena->abort))
		return 0;
	for (unsigned w = 0; w < crew->cell->workers; w++) {
		const struct slot *slot = arena_slot(crew->arena, w);
		int error = atomic_load(&slot->error);
		bool wrong = error == EBADMSG;

		if (!error)
			continue;
		if (slot->error_item == ITEM_NONE)
			return crew_fail(crew, FAILURE_ERROR, (int)w, "worker %u: %s", w, strerror(error));
		crew_fail(crew, wrong ? FAILURE_WRONG_ANSWER : FAILURE_ERROR, (int)w, "%s %llu: %s",
			  crew->workload->item, (unsigned long long)slot->error_item,
			  wrong ? "wrong answer" : strerror(error));
		crew->failure.item = (int64_t)slot->error_item;
		return -ECHILD;
	}
	return 0;
}

/* Looking costs a system call a worker: not before every sleep. */
static bool is_time_to_look(struct crew *crew)
{
	uint64_t now_ns = clock_ns();

	if (now_ns - crew->looked_ns < LOOK_EVERY_MS * UINT64_C(1000000))
		return false;
	crew->looked_ns = now_ns;
	return true;
}

/* Puts others in the places of workers that have left. */
static int replace_left(struct crew *crew)
{
	for (unsigned w = 0; crew->cell->calling.recycle && w < crew->cell->workers; w++)
		if (dealer_has_left(crew->dealer, w) && crew_replace_left(crew, w))
			return -ECHILD;
	return 0;
}

/* Whether it is at an item that nobody waits for. */
static bool is_late(const struct crew *crew, unsigned w)
{
	return futures_has_expired(crew->futures, atomic_load(&arena_slot(crew->arena, w)->item));
}

static bool all_are_late(const struct crew *crew)
{
	for (unsigned w = 0; w < crew->cell->workers; w++)
		if (!is_late(crew, w))
			return false;
	return true;
}

/* An item's time begins when its worker is first seen at it, which is looked for every EXPIRE_EVERY_MS. */
static void time_item(struct crew *crew, unsigned w)
{
	uint64_t item = atomic_load(&arena_slot(crew->arena, w)->item), now_ns = clock_ns();
	struct watched_item *seen = &crew->watched[w];

	if (item != seen->item)
		*seen = (struct watched_item){ item, now_ns };
	else if (item != ITEM_NONE && now_ns - seen->since_ns > crew->cell->calling.item_timeout_ns)
		futures_expire(crew->futures, item);
}

/* Futures whose time is over; who is still at such an item is replaced when nobody waits for anything any more, or
 * when there is no other worker to go on. */
static int expire(struct crew *crew)
{
	bool replaces;

	if (!crew->cell->calling.item_timeout_ns)
		return 0;
	for (unsigned w = 0; w < crew->cell->workers; w++)
		time_item(crew, w);
	replaces = futures_all_ended(crew->futures) || all_are_late(crew);
	for (unsigned w = 0; replaces && w < crew->cell->workers; w++)
		if (is_late(crew, w) && crew_replace_lost(crew, w))
			return -ECHILD;
	return 0;
}

/* Its memory is gone, and so what it offered to send, a little before it can be seen to have died. */
static void await_death(const struct crew *crew, unsigned w)
{
	siginfo_t info = { 0 };

	for (int i = 0; i < DEATH_LOOKS && crew->pids[w] && info.si_pid == 0; i++) {
		if (i)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		if (waitid(P_PID, (id_t)crew->pids[w], &info, WEXITED | WNOHANG | WNOWAIT))
			return;
	}
}

/* No word more with worker `w`, by `err`. Returns 0 if that was its death and another one has its place. */
static int end_talk(struct crew *crew, const struct round *round, unsigned w, int err)
{
	pid_t pid = crew->pids[w];

	if (err == -EPIPE)
		await_death(crew, w);
	if (check_alive(crew, round))
		return -ECHILD;
	if (crew->pids[w] != pid)
		return 0;
	return crew_fail(crew, FAILURE_ERROR, (int)w, "worker %u: %s", w,
			 err == -EPROTO ? "sent what is not a message" : strerror(-err));
}

int crew_serve(struct crew *crew, const struct round *round)
{
	unsigned w = 0;
	int moved = dealer_serve(crew->dealer, crew, &round->sink, &w);

	if (moved > 0)
		return replace_left(crew);
	if (expire(crew))
		return -ECHILD;
	if (crew_check_errors(crew))
		return -ECHILD;
	if (moved < 0)
		return end_talk(crew, round, w, moved);
	if (is_time_to_look(crew) && check_alive(crew, round))
		return -ECHILD;
	dealer_wait(crew->dealer, crew, crew->cell->calling.item_timeout_ns ? EXPIRE_EVERY_MS : LOOK_EVERY_MS);
	return 0;
}

/* By their number; where workers may be lost by what each has written, since one that is killed then may have
 * counted itself or not. */
static bool are_done(const struct crew *crew, const struct round *round, uint32_t done)
{
	if (!crew_may_lose(crew) || round->number == 0)
		return done >= crew->cell->workers;
	for (unsigned w = 0; w < crew->cell->workers; w++)
		if (!has_ended(crew, w, round))
			return false;
	return true;
}

/* Sleeps until more workers may be done. Returns 1 when all are, 0, or -ECHILD. */
static int look_for_done(struct crew *crew, const struct round *round)
{
	uint32_t done = atomic_load(&crew->arena->done);

	if (are_done(crew, round, done))
		return 1;
	futex_wait(&crew->arena->done, done, LOOK_EVERY_MS);
	return check_alive(crew, round);
}

int crew_await_done(struct crew *crew, const struct round *round)
{
	int done;

	while ((done = look_for_done(crew, round)) == 0)
		;
	return done < 0 ? done : crew_check_errors(crew);
}

int crew_collect(struct crew *crew, const struct round *round)
{
	int done = 0;

	while (done == 0) { /* a worker that is lost late is followed by one who must be served */
		while (crew->dealer && !dealer_all_ended(crew->dealer))
			if (crew_serve(crew, round))
				return -ECHILD;
		done = look_for_done(crew, round);
	}
	for (unsigned w = 0; done > 0 && crew_may_lose(crew) && w < crew->cell->workers; w++)
		dealer_count(crew->dealer, crew, w);
	return done < 0 ? done : crew_check_errors(crew);
}

/* Without results there is nothing to hold, and all of them are there at the end. */
static void tell_without_futures(struct round *round)
{
	double wall_ns = (double)(round->end_ns - round->start_ns);
	const struct measure told[] = {
		{ "first_result_ns", "ns", wall_ns },
		{ "last_result_ns", "ns", wall_ns },
		{ "results_held", "1", 0 },
		{ "results_held_bytes", "bytes", 0 },
	};

	memcpy(round->measures, told, sizeof(told));
	round->measure_count = sizeof(told) / sizeof(*told);
}

int crew_round_at_gate(struct crew *crew, struct round *round)
{
	struct futures *futures = crew->futures;
	int err;

	crew_open_gate(crew, round, GATE_ROUND);
	err = crew_collect(crew, round);
	if (futures && !err)
		futures_finish(futures);
	round->end_ns = clock_ns();
	if (!futures && crew->call)
		tell_without_futures(round);
	if (!futures)
		return err;
	round->without_result = futures_without_result(futures);
	round->was_lost = futures_were_lost(futures);
	round->measure_count = futures_measures(futures, round->measures, MEASURES_MAX - 1);
	if (crew_may_lose(crew))
		round->measures[round->measure_count++] =
			(struct measure){ "workers_lost", MEASURE_INCIDENTS, crew->replaced };
	return err;
}

int crew_start_at_gate(struct crew *crew)
{
	struct round none = { 0 };

	crew_prepare(crew, &none);
	for (unsigned w = 0; w < crew->cell->workers; w++) {
		int err = crew->mode->launch(crew, w, TASK_SERVE);

		if (err)
			return err;
	}
	return crew_await_done(crew, &none); /* all are ready */
}

void crew_stop_at_gate(struct crew *crew)
{
	struct round none = { 0 };

	if (!crew->failed) {
		crew_open_gate(crew, &none, GATE_EXIT);
		for (unsigned w = 0; w < crew->cell->workers; w++)
			crew_reap(crew, w);
	}
	crew_kill(crew); /* who is left */
}

int crew_reap(struct crew *crew, unsigned w)
{
	siginfo_t info = { 0 };
	int err = 0;

	if (!crew->pids[w])
		return 0;
	while (waitid(P_PID, (id_t)crew->pids[w], &info, WEXITED) && errno == EINTR)
		;
	if (!crew->cell->calling.retry && (info.si_code != CLD_EXITED || info.si_status != 0)) {
		fail_ended(crew, w, &info);
		err = -ECHILD;
	}
	crew->pids[w] = 0;
	return err;
}

void crew_kill(struct crew *crew)
{
	for (unsigned w = 0; crew->pids && w < crew->cell->workers; w++)
		if (crew->pids[w])
			kill(crew->pids[w], SIGKILL);
	for (unsigned w = 0; crew->pids && w < crew->cell->workers; w++) {
		if (crew->pids[w])
			waitpid(crew->pids[w], NULL, 0);
		crew->pids[w] = 0;
	}
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

		if (a->since_ns == 0) /* had nothing to do: all of the round it was idle */
			account_begin(a, PART_IDLE, round->start_ns);
		account_switch_at(a, PART_TEARDOWN, last_ns > a->since_ns ? last_ns : a->since_ns);
		account_switch_at(a, PART_TEARDOWN, round->end_ns);
	}
}
