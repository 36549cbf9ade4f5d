/* The board: memory that this process shares with Python and its workers, where each worker writes down
 * what it does (run/python/board.py, which knows this layout). A memfd without a name. */
#ifndef BENCH_RUN_PYTHON_BOARD_H
#define BENCH_RUN_PYTHON_BOARD_H

#include "run/crew/crew.h"

/* How items are written down in a round. */
enum way {
	WAY_MARKED,  /* warm-up: as stamped, and each item's execution is counted */
	WAY_STAMPED, /* each item; 1 us more for it */
	WAY_SAMPLED, /* one in BOARD_GROUP; 0.1 us more an item */
	WAY_PLAIN,   /* none */
};

#define BOARD_GROUP 64
#define BOARD_NO_ITEM (-1)

struct board_head {
	_Alignas(128) int64_t way;
	int64_t probe_every; /* of a worker's stamped items, one in so many reads CPU clock and run queue */
	int64_t clock_cost_ns;
};

/* What one worker writes; in words of 64 bits. Cleared before a round but for the first three and bound_to. */
struct board_slot {
	_Alignas(128) _Atomic int64_t pid;
	_Atomic int64_t tid;
	_Atomic int64_t alive;     /* 0: has left, as it should; else a process that has ended has died */
	_Atomic int64_t item;      /* that it is at, or BOARD_NO_ITEM */
	int64_t items;             /* stamped */
	int64_t entered_ns;        /* its first statement, if it was made in this round */
	int64_t first_ns, last_ns; /* the first stamped item's begin, the last one's end; 0: had none */
	int64_t body_ns;
	int64_t spawn_ns; /* between one that was recycled and the one that took its place */
	int64_t probed_body_ns, probed_cpu_ns, probed_run_queue_ns, probed_stolen_ns;
	_Atomic int64_t lost_pid; /* of one that has died and was replaced, 0: none */
	int64_t lost_item;
	_Atomic int64_t failed;             /* item + 1 whose work() raised, 0: none */
	_Alignas(128) struct cpus bound_to; /* read back when it entered */
	char why[384];                      /* what was raised */
};

struct board {
	int fd; /* outlives exec */
	struct board_head *head;
	struct board_slot *slot; /* one a worker */
	uint8_t *marks;          /* times that each item was executed in the warm-up round, a byte an item */
	size_t size;
};

/* Returns 0 or -errno. Release accepts what was zeroed. */
int board_open(struct board *board, unsigned workers, uint64_t items);
void board_release(struct board *board);

/* Before a round. */
void board_clear(struct board *board, unsigned workers, uint64_t items);

/* Lets the supervisor know who is at which item, by way of the arena. */
void board_mirror(const struct board *board, struct crew *crew);

/* After a round: fills the arena's slots, so that crew_close_accounts() can close them. */
void board_account(const struct board *board, struct crew *crew, const struct round *round, enum way way);

#endif
