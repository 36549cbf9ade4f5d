#include "run/crew/timeouts.h"

#include "run/crew/futures.h"
#include "run/crew/succession.h"

#include <errno.h>
#include <stdlib.h>

/* The item at which a worker was last seen, and since when. */
struct sighting {
	uint64_t item, since_ns;
};

struct timeouts {
	unsigned workers;
	struct sighting seen[]; /* one for each worker */
};

struct timeouts *timeouts_create(unsigned workers)
{
	struct timeouts *t = calloc(1, sizeof(*t) + workers * sizeof(t->seen[0]));

	if (t)
		t->workers = workers;
	return t;
}

void timeouts_destroy(struct timeouts *t)
{
	free(t);
}

void timeouts_begin(struct timeouts *t)
{
	for (unsigned w = 0; w < t->workers; w++)
		t->seen[w] = (struct sighting){ .item = ITEM_NONE };
}

/* Whether worker `w` is at an item that nobody waits for. */
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

/* An item's time begins when its worker is first seen at it. */
static void time_item(struct sighting *seen, struct crew *crew, unsigned w)
{
	uint64_t item = atomic_load(&arena_slot(crew->arena, w)->item), now_ns = clock_ns();

	if (item != seen->item)
		*seen = (struct sighting){ item, now_ns };
	else if (item != ITEM_NONE && now_ns - seen->since_ns > crew->cell->calling.item_timeout_ns)
		futures_expire(crew->futures, item);
}

int timeouts_expire(struct timeouts *t, struct crew *crew)
{
	bool replaces;

	for (unsigned w = 0; w < t->workers; w++)
		time_item(&t->seen[w], crew, w);
	replaces = futures_all_ended(crew->futures) || all_are_late(crew);
	for (unsigned w = 0; replaces && w < t->workers; w++)
		if (is_late(crew, w) && crew_replace_lost(crew, w))
			return -ECHILD;
	return 0;
}
