/* Threads that are made inside the round: one for each worker, or one for each item, `workers` of them at a time. */
#include "base/futex.h"
#include "run/launch/threads.h"

static int one_a_worker(struct crew *crew)
{
	int err = 0;

	for (unsigned w = 0; w < crew->cell->workers && !err; w++)
		err = crew_launch(crew, w, TASK_ROUND);
	for (unsigned w = 0; w < crew->cell->workers; w++)
		threads_join(crew, w);
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
	account_switch(&slot->account, PART_SPAWN);
	atomic_store(&slot->ended, 0);
	atomic_store(&slot->item, (*item)++);
	return crew_launch(crew, w, TASK_ITEM);
}

static int one_an_item(struct crew *crew)
{
	uint64_t item = 0;
	int err = 0;

	for (unsigned w = 0; w < crew->cell->workers && !err; w++) {
		account_begin(&arena_slot(crew->arena, w)->account, PART_SPAWN, crew->arena->start_ns);
		err = next_item(crew, w, &item);
	}
	for (bool busy = true; busy;) {
		uint32_t seen = atomic_load(&crew->arena->done);
		bool moved = busy = false;

		for (unsigned w = 0; w < crew->cell->workers; w++) {
			busy |= threads_has(crew, w);
			if (!threads_has(crew, w) || atomic_load(&arena_slot(crew->arena, w)->ended) == 0)
				continue;
			threads_join(crew, w);
			moved = true;
			if (!err && !atomic_load(&crew->arena->abort))
				err = next_item(crew, w, &item);
		}
		if (busy && !moved)
			futex_wait(&crew->arena->done, seen, -1);
	}
	return err;
}

static int threads_round(struct crew *crew, struct round *round)
{
	int err;

	round->start_ns = crew->arena->start_ns = clock_ns();
	err = crew->cell->per_item ? one_an_item(crew) : one_a_worker(crew);
	round->end_ns = clock_ns();
	return err ? err : crew_check_errors(crew);
}

const struct mode mode_threads = {
	.name = "threads",
	.summary = "threads made inside the round; --per item: one for each item",
	.parallel = true,
	.crew_in_round = true,
	.launch = threads_launch,
	.start = threads_prepare,
	.round = threads_round,
	.stop = threads_stop,
};
