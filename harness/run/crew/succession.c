#include "run/crew/succession.h"

#include "base/why.h"
#include "run/crew/dealer.h"
#include "run/crew/deaths.h"
#include "run/crew/futures.h"
#include "run/wire/log.h"

#include <errno.h>

#define FATAL_TIMES 3 /* number of workers lost at one item after which it is not tried again */

/* The new worker's account begins when the old one's has ended. */
static int launch_next(struct crew *crew, unsigned w)
{
	struct slot *slot = arena_slot(crew->arena, w);

	if (crew_may_lose(crew))
		dealer_count(crew->dealer, w);
	dealer_replace(crew->dealer, w);
	atomic_store(&slot->ended, 0);
	atomic_store(&slot->item, ITEM_NONE);
	atomic_store(&slot->leaves, false);
	if (slot->account.since_ns == 0)
		account_begin(&slot->account, PART_SPAWN, crew->arena->start_ns);
	else
		account_switch(&slot->account, PART_SPAWN);
	return crew_launch(crew, w, TASK_JOIN);
}

int crew_replace_left(struct crew *crew)
{
	for (unsigned w = 0; crew->cell->calling.recycle && w < crew->cell->workers; w++)
		if (dealer_has_left(crew->dealer, w) && (crew_reap(crew, w) || launch_next(crew, w)))
			return -ECHILD;
	return 0;
}

int crew_replace_lost(struct crew *crew, unsigned w)
{
	struct slot *slot = arena_slot(crew->arena, w);
	int err;

	log_line(crew->log, LOG_INFO, w, crew->pids[w], "is replaced, it was at item %lld",
		 (long long)arena_item(crew->arena, atomic_load(&slot->item)));
	crew->replaced++;
	crew_kill_one(crew, w);
	err = dealer_drain(crew->dealer, w);
	if (err)
		return crew_fail(crew, FAILURE_ERROR, (int)w, "cannot read what worker %u said last: %s", w,
				 error_text((char[ERROR_TEXT]){ 0 }, err));
	slot->left = (struct range){ 0, 0 }; /* those items were the dead worker's, and are lost with its others */
	futures_lose(crew->futures, w);
	return launch_next(crew, w);
}

/* An item that kills every worker that executes it will not do better another time. */
static bool is_fatal(struct crew *crew, unsigned w)
{
	uint64_t item = atomic_load(&arena_slot(crew->arena, w)->item);

	return item != ITEM_NONE && futures_note_death(crew->futures, item) >= FATAL_TIMES;
}

int crew_check_alive(struct crew *crew, const struct round *round)
{
	bool replaces = crew->cell->calling.retry && crew->round == round;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		if (!crew_has_died(crew, w, round))
			continue;
		if (!replaces || is_fatal(crew, w))
			return crew_fail_dead(crew, w);
		if (crew_replace_lost(crew, w))
			return -ECHILD;
	}
	return 0;
}
