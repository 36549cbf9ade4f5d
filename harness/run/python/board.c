#include "run/python/board.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

_Static_assert(sizeof(struct board_head) == 128, "board.py: HEAD_BYTES");
_Static_assert(sizeof(struct board_slot) == 768, "board.py: SLOT_BYTES");
_Static_assert(offsetof(struct board_slot, failed) == 19 * 8, "board.py: FAILED");
_Static_assert(offsetof(struct board_slot, private_bytes) == 20 * 8, "board.py: MEMORY");
_Static_assert(offsetof(struct board_slot, bound_to) == 256, "board.py: BOUND_TO");
_Static_assert(offsetof(struct board_slot, why) == 384, "board.py: WHY");

int board_open(struct board *b, unsigned workers, uint64_t items)
{
	char *memory;

	*b = (struct board){ .fd = memfd_create("bench-board", 0) };
	b->size = sizeof(*b->head) + workers * sizeof(*b->slot) + items;
	if (b->fd < 0)
		return -errno;
	if (ftruncate(b->fd, (off_t)b->size))
		return -errno;
	memory = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, b->fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	b->head = (struct board_head *)memory;
	b->slot = (struct board_slot *)(b->head + 1);
	b->marks = (uint8_t *)(b->slot + workers);
	return 0;
}

void board_release(struct board *b)
{
	if (b->head)
		munmap(b->head, b->size);
	if (b->fd > 0)
		close(b->fd);
	*b = (struct board){ 0 };
}

void board_clear(struct board *b, unsigned workers, uint64_t items)
{
	for (unsigned w = 0; w < workers; w++) {
		struct board_slot *slot = &b->slot[w];

		atomic_store(&slot->item, BOARD_NO_ITEM);
		memset(&slot->items, 0, offsetof(struct board_slot, bound_to) - offsetof(struct board_slot, items));
		slot->why[0] = '\0';
	}
	memset(b->marks, 0, items);
}

void board_mirror(const struct board *b, struct crew *crew)
{
	for (unsigned w = 0; w < crew->cell->workers; w++) {
		struct slot *slot = arena_slot(crew->arena, w);
		int64_t item = atomic_load(&b->slot[w].item);

		atomic_store(&slot->pid, (int32_t)atomic_load(&b->slot[w].pid));
		atomic_store(&slot->tid, (int32_t)atomic_load(&b->slot[w].tid));
		atomic_store(&slot->item, item < 0 ? ITEM_NONE : (uint64_t)item);
	}
}

static uint64_t at_most(int64_t value, uint64_t limit)
{
	return value < 0 ? 0 : (uint64_t)value < limit ? (uint64_t)value : limit;
}

/* Accounts for a worker's time from the round's start to the end of its last item. The time that was not spent inside
 * work() is dispatch, pickling included; the spawning of a process that was made in the round is a part of its own. */
static void account_worker(struct slot *slot, const struct board_slot *from, const struct round *round,
			   uint64_t body_ns)
{
	struct account *a = &slot->account;
	uint64_t first_ns = (uint64_t)from->first_ns, held_ns = (uint64_t)(from->last_ns - from->first_ns);

	if (from->last_ns == 0)
		return; /* it had no item, or none that was stamped */
	account_begin(a, PART_DISPATCH, round->start_ns);
	if (from->entered_ns > (int64_t)round->start_ns && from->entered_ns < from->first_ns) {
		a->current = PART_SPAWN;
		account_switch_at(a, PART_DISPATCH, (uint64_t)from->entered_ns);
	}
	account_switch_at(a, PART_BODY, first_ns > round->start_ns ? first_ns : round->start_ns);
	a->part_ns[PART_BODY] = at_most((int64_t)body_ns, held_ns);
	held_ns -= a->part_ns[PART_BODY];
	a->part_ns[PART_SPAWN] += at_most(from->spawn_ns, held_ns);
	a->part_ns[PART_DISPATCH] += held_ns - at_most(from->spawn_ns, held_ns);
	a->since_ns = (uint64_t)from->last_ns;
	a->current = PART_IDLE;
}

static uint64_t scaled(int64_t part, int64_t whole, uint64_t to)
{
	return part > 0 ? at_most((int64_t)((double)part / (double)whole * (double)to), to) : 0;
}

/* If no body was probed, since bodies are too short for that, all of their time counts as CPU time. */
static void split_body(struct slot *slot, const struct board_slot *from, enum stamping stamping)
{
	uint64_t body_ns = slot->account.part_ns[PART_BODY];

	slot->body_cpu_ns = body_ns;
	if (stamping == STAMPING_SAMPLED || from->probed_body_ns <= 0)
		return;
	slot->body_cpu_ns = scaled(from->probed_cpu_ns, from->probed_body_ns, body_ns);
	slot->body_run_queue_ns = scaled(from->probed_run_queue_ns, from->probed_body_ns, body_ns);
	slot->body_stolen_ns = scaled(from->probed_stolen_ns, from->probed_body_ns, body_ns);
}

static uint64_t stamped_items(const struct board *b, unsigned workers)
{
	uint64_t sum = 0;

	for (unsigned w = 0; w < workers; w++)
		sum += (uint64_t)b->slot[w].items;
	return sum;
}

/* Estimates how many items a worker has executed. The stamped item of a group represents it, so the worker's share of
 * all items is its share of the stamped ones. */
static uint64_t items_of(const struct board *b, const struct crew *crew, unsigned w, uint64_t stamped)
{
	uint64_t items = crew->arena->items;

	if (stamped == 0)
		return w == 0 ? items : 0;
	return (uint64_t)((double)b->slot[w].items / (double)stamped * (double)items + 0.5);
}

/* Estimates the time inside work() for `items` items from the stamped ones, less the time to read the clock. */
static uint64_t body_of(const struct board *b, const struct board_slot *from, uint64_t items)
{
	int64_t sampled_ns = from->body_ns - from->items * b->head->clock_cost_ns;

	return sampled_ns > 0 ? (uint64_t)((double)sampled_ns / (double)from->items * (double)items) : 0;
}

void board_account(const struct board *b, struct crew *crew, const struct round *round, enum stamping stamping)
{
	unsigned workers = crew->cell->workers;
	uint64_t stamped = stamped_items(b, workers), left = crew->arena->items;
	bool exact = stamping == STAMPING_MARKED || stamping == STAMPING_ALL;

	board_mirror(b, crew);
	for (unsigned w = 0; w < workers; w++) {
		const struct board_slot *from = &b->slot[w];
		struct slot *slot = arena_slot(crew->arena, w);
		uint64_t items = exact ? (uint64_t)from->items : at_most((int64_t)items_of(b, crew, w, stamped), left);

		slot->items = items;
		left -= items;
		slot->bound_to = from->bound_to;
		account_worker(slot, from, round, exact ? (uint64_t)from->body_ns : body_of(b, from, items));
		split_body(slot, from, stamping);
	}
	if (!exact)
		arena_slot(crew->arena, 0)->items += left; /* the rest that rounding has left */
}
