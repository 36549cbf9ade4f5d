#include "run/crew/deaths.h"

#include "base/child.h"
#include "run/wire/log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

#define DEATH_LOOKS 1000 /* looks at a worker that is dying, 1 ms apart */

/* Whether the program itself has caused the signal (a crash); else someone has sent it (a kill). */
static bool is_crash(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGABRT || signal == SIGILL || signal == SIGFPE ||
	       signal == SIGSYS || signal == SIGTRAP;
}

static void fail_ended(struct crew *crew, unsigned w, const siginfo_t *info)
{
	const struct slot *slot = arena_slot(crew->arena, w);
	uint64_t item = atomic_load(&slot->item);
	enum failure_kind kind = info->si_code == CLD_EXITED ? FAILURE_EXIT :
				 is_crash(info->si_status)   ? FAILURE_SIGNAL :
							       FAILURE_LOST_WORKER;
	char where[64] = "between items", how[CHILD_TEXT];

	if (item != ITEM_NONE)
		snprintf(where, sizeof(where), "at item %llu%s",
			 (unsigned long long)arena_item(crew->arena, item),
			 crew->cell->calling.retry ? ", as those before it" : "");
	crew_fail(crew, kind, (int)w, "worker %u (pid %d) %s %s", w, (int)info->si_pid,
		  child_ended_text(how, child_status(info)), where);
	if (info->si_code == CLD_EXITED)
		crew->failure.exit_status = info->si_status;
	else
		crew->failure.signal = info->si_status;
	crew->failure.pid = info->si_pid;
	log_line(crew->log, LOG_INFO, w, info->si_pid, "died: %s", crew->failure.message);
}

bool crew_has_ended(const struct crew *crew, unsigned w, const struct round *round)
{
	return round->number && atomic_load(&arena_slot(crew->arena, w)->ended) == round->number;
}

/* Finds out how worker process `w` has ended, without reaping it. Returns whether it has ended. */
static bool look(const struct crew *crew, unsigned w, siginfo_t *info)
{
	*info = (siginfo_t){ 0 };
	return crew->pids && crew->pids[w] &&
	       waitid(P_PID, (id_t)crew->pids[w], info, WEXITED | WNOHANG | WNOWAIT) == 0 && info->si_pid;
}

/* Waits until worker process `w` has ended, and reaps it. */
static siginfo_t reap(struct crew *crew, unsigned w)
{
	siginfo_t info = { 0 };

	while (waitid(P_PID, (id_t)crew->pids[w], &info, WEXITED) && errno == EINTR)
		;
	crew->pids[w] = 0;
	return info;
}

/* Whether it has ended after sending LEAVE, which may still be in its channel. */
static bool leaves_regularly(const struct crew *crew, unsigned w, const siginfo_t *info)
{
	return crew->cell->calling.recycle && info->si_code == CLD_EXITED && info->si_status == 0 &&
	       atomic_load(&arena_slot(crew->arena, w)->leaves);
}

bool crew_has_died(const struct crew *crew, unsigned w, const struct round *round)
{
	siginfo_t info;
	bool ended;

	if (!look(crew, w, &info))
		return false;
	ended = crew_has_ended(crew, w, round); /* it wrote this before it exited, so it is read after the look */
	if (crew->mode->crew_in_round && ended && info.si_code == CLD_EXITED && info.si_status == 0)
		return false;
	/* it is replaced later: one that leaves when its last message has come, one that is lost after its end in the
	 * next round */
	return !leaves_regularly(crew, w, &info) && !(crew->cell->calling.retry && ended);
}

int crew_fail_dead(struct crew *crew, unsigned w)
{
	siginfo_t info = reap(crew, w);

	fail_ended(crew, w, &info);
	return -ECHILD;
}

void crew_await_death(const struct crew *crew, unsigned w)
{
	siginfo_t info;

	for (int i = 0; i < DEATH_LOOKS && crew->pids[w] && !look(crew, w, &info); i++)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

int crew_reap(struct crew *crew, unsigned w)
{
	siginfo_t info;

	if (!crew->pids[w])
		return 0;
	info = reap(crew, w);
	if (crew->cell->calling.retry || (info.si_code == CLD_EXITED && info.si_status == 0))
		return 0;
	fail_ended(crew, w, &info);
	return -ECHILD;
}

void crew_kill_one(struct crew *crew, unsigned w)
{
	kill(crew->pids[w], SIGKILL);
	reap(crew, w);
}

void crew_kill(struct crew *crew)
{
	for (unsigned w = 0; crew->pids && w < crew->cell->workers; w++)
		if (crew->pids[w])
			kill(crew->pids[w], SIGKILL);
	for (unsigned w = 0; crew->pids && w < crew->cell->workers; w++)
		if (crew->pids[w])
			reap(crew, w);
}
