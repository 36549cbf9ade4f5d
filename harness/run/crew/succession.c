/* One worker after another in the same place: --recycle, --on-death retry, items that nobody waits for. */
#include "base/log.h"
#include "run/crew/dealer.h"
#include "run/crew/futures.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* The new worker's time begins where the old one's ended. */
static int launch_next(struct crew *crew, unsigned w)
{
	struct slot *slot = arena_slot(crew->arena, w);
	int err;

	if (crew_may_lose(crew))
		dealer_count(crew->dealer, crew, w);
	dealer_renew(crew->dealer, w);
	atomic_store(&slot->ended, 0);
	atomic_store(&slot->item, ITEM_NONE);
	atomic_store(&slot->leaves, false);
	if (slot->account.since_ns == 0)
		account_begin(&slot->account, PART_SPAWN, crew->arena->start_ns);
	else
		account_switch(&slot->account, PART_SPAWN);
	err = crew->mode->launch(crew, w, TASK_JOIN);
	if (err)
		return crew_fail(crew, FAILURE_ERROR, (int)w, "worker %u could not be replaced: %s", w, strerror(-err));
	return 0;
}

int crew_replace_left(struct crew *crew, unsigned w)
{
	return crew_reap(crew, w) || launch_next(crew, w) ? -ECHILD : 0;
}

int crew_replace_lost(struct crew *crew, unsigned w)
{
	struct slot *slot = arena_slot(crew->arena, w);
	int err;

	log_line(crew->log, LOG_INFO, w, crew->pids[w], "is replaced, it was at item %lld",
		 (long long)atomic_load(&slot->item));
	crew->replaced++;
	kill(crew->pids[w], SIGKILL);
	while (waitpid(crew->pids[w], NULL, 0) < 0 && errno == EINTR)
		;
	crew->pids[w] = 0;
	err = dealer_bury(crew->dealer, crew, &crew->round->sink, w);
	if (err)
		return crew_fail(crew, FAILURE_ERROR, (int)w, "worker %u: what it said last: %s", w, strerror(-err));
	slot->left = (struct range){ 0, 0 }; /* it was its own, and is lost with the rest */
	futures_lose(crew->futures, w);
	return launch_next(crew, w);
}
