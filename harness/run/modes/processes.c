/* Processes that are forked inside the round: one for each worker, or one for each item, `workers` of them at a time,
 * as multiprocessing.Process is often used. */
#include "run/crew/dealer.h"
#include "run/crew/deaths.h"
#include "run/crew/parent.h"
#include "run/launch/fork.h"

#include <errno.h>

static int one_a_worker(struct crew *crew, const struct round *round)
{
	int err = 0;

	for (unsigned w = 0; w < crew->cell->workers && !err; w++)
		err = crew_launch(crew, w, TASK_ROUND);
	err = err ? err : crew_collect(crew, round);
	for (unsigned w = 0; w < crew->cell->workers && !err; w++)
		err = crew_reap(crew, w);
	return err;
}

/* Starts a worker for the next item in the free place `w`; if no item is left, the place is idle from now on. */
static int next_item(struct crew *crew, unsigned w, uint64_t *item)
{
	struct slot *slot = arena_slot(crew->arena, w);

	if (*item == crew->arena->items) {
		account_switch(&slot->account, PART_IDLE);
		return 0;
	}
	dealer_replace(crew->dealer, w);
	account_switch(&slot->account, PART_SPAWN);
	atomic_store(&slot->ended, 0);
	atomic_store(&slot->item, (*item)++);
	return crew_launch(crew, w, TASK_ITEM);
}

/* Uses the places of workers that have ended for the next items. Returns how many there were, or -errno. */
static int replace_ended(struct crew *crew, uint64_t *item)
{
	int count = 0;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		int err;

		if (!crew->pids[w] || !dealer_has_ended(crew->dealer, w))
			continue;
		err = crew_reap(crew, w);
		err = err ? err : crew_check_errors(crew);
		err = err ? err : next_item(crew, w, item);
		if (err)
			return err;
		count++;
	}
	return count;
}

static int one_an_item(struct crew *crew, const struct round *round)
{
	uint64_t item = 0;
	int err = 0;

	for (unsigned w = 0; w < crew->cell->workers && !err; w++) {
		account_begin(&arena_slot(crew->arena, w)->account, PART_SPAWN, crew->arena->start_ns);
		err = next_item(crew, w, &item);
	}
	for (uint64_t ended = 0; ended < crew->arena->items && !err;) {
		int count = replace_ended(crew, &item);

		if (count < 0)
			return count;
		ended += (uint64_t)count;
		if (count == 0)
			err = crew_serve(crew, round);
	}
	return err;
}

static int processes_round(struct crew *crew, struct round *round)
{
	int err;

	round->start_ns = crew->arena->start_ns = clock_ns();
	err = crew->cell->per_item ? one_an_item(crew, round) : one_a_worker(crew, round);
	round->end_ns = clock_ns();
	return err;
}

static void processes_stop(struct crew *crew)
{
	crew_kill(crew);
}

const struct mode mode_processes = {
	.name = "processes",
	.summary = "processes forked inside the round; --per item: one for each item",
	.parallel = true,
	.processes = true,
	.crew_in_round = true,
	.launch = fork_launch,
	.round = processes_round,
	.stop = processes_stop,
};
