#include "run/crew.h"

#include "run/dealer.h"
#include "run/futex.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define LOOK_EVERY_MS 50 /* for workers that have died */

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

int crew_fork(struct crew *crew, unsigned w, void (*body)(struct crew *crew, unsigned w))
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			body(crew, w);
		_exit(0);
	}
	crew->pids[w] = pid;
	return 0;
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
	char where[48] = "between items";

	if (item != ITEM_NONE)
		snprintf(where, sizeof(where), "at item %llu", (unsigned long long)item);
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
		ended = atomic_load(&arena_slot(crew->arena, w)->ended) == round->number; /* said before it left */
		if (crew->mode->crew_in_round && ended && info.si_code == CLD_EXITED && info.si_status == 0)
			continue;
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

int crew_serve(struct crew *crew, const struct round *round)
{
	unsigned w = 0;
	int moved = dealer_serve(crew->dealer, crew, &round->sink, &w);

	if (moved > 0)
		return 0;
	if (crew_check_errors(crew) || (moved < 0 || is_time_to_look(crew) ? check_alive(crew, round) : 0))
		return -ECHILD;
	if (moved < 0)
		return crew_fail(crew, FAILURE_ERROR, (int)w, "worker %u: %s", w,
				 moved == -EPROTO ? "sent what is not a message" : strerror(-moved));
	dealer_wait(crew->dealer, crew, LOOK_EVERY_MS);
	return 0;
}

int crew_await_done(struct crew *crew, const struct round *round)
{
	uint32_t done;

	while ((done = atomic_load(&crew->arena->done)) < crew->cell->workers) {
		futex_wait(&crew->arena->done, done, LOOK_EVERY_MS);
		if (check_alive(crew, round))
			return -ECHILD;
	}
	return crew_check_errors(crew);
}

int crew_collect(struct crew *crew, const struct round *round)
{
	while (crew->dealer && !dealer_all_ended(crew->dealer))
		if (crew_serve(crew, round))
			return -ECHILD;
	return crew_await_done(crew, round);
}

int crew_round_at_gate(struct crew *crew, struct round *round)
{
	int err;

	crew_open_gate(crew, round, GATE_ROUND);
	err = crew_collect(crew, round);
	round->end_ns = clock_ns();
	return err;
}

int crew_reap(struct crew *crew, unsigned w)
{
	siginfo_t info = { 0 };
	int err = 0;

	if (!crew->pids[w])
		return 0;
	while (waitid(P_PID, (id_t)crew->pids[w], &info, WEXITED) && errno == EINTR)
		;
	if (info.si_code != CLD_EXITED || info.si_status != 0) {
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
