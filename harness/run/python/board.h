/* The board: memory that the cell process shares with Python and its workers, where each worker writes down what it
 * does (run/python/board.py, which knows this layout). It is a memfd, which has no name in any file system. */
#ifndef BENCH_RUN_PYTHON_BOARD_H
#define BENCH_RUN_PYTHON_BOARD_H

#include "run/crew/crew.h"

/* Which items the workers write down in a round. */
enum stamping {
	STAMPING_MARKED,  /* each item is stamped, and its executions are counted (warm-up) */
	STAMPING_ALL,     /* each item is stamped, which costs 1 us an item */
	STAMPING_SAMPLED, /* one item in BOARD_GROUP is stamped, which costs 0.1 us an item */
	STAMPING_NONE,    /* no item is stamped */
};

#define BOARD_GROUP 64
#define BOARD_NO_ITEM (-1)

struct board_head {
	_Alignas(128) int64_t stamping;
	int64_t probe_every; /* one in so many of a worker's stamped items reads CPU clock and run queue */
	int64_t clock_cost_ns;
};

/* What one worker writes, in words of 64 bits. It is cleared before a round, from `items` to `why`, but for
 * bound_to. */
struct board_slot {
	_Alignas(128) _Atomic int64_t pid;
	_Atomic int64_t tid;
	_Atomic int64_t alive; /* 0: the worker has left as it should; else, if its process has ended, it has died */
	_Atomic int64_t item;  /* the item that it is at, or BOARD_NO_ITEM */
	_Atomic int64_t ended; /* how its process has ended, as Python's exitcode: -9: by SIGKILL; 0: not known */
	_Atomic int64_t terminated; /* pid of the worker that Python has ended here because another one had died */
	int64_t items;              /* how many items it has stamped */
	int64_t entered_ns;         /* when it executed its first statement, if it was made in this round */
	int64_t first_ns, last_ns;  /* when its first stamped item began and the last one ended; 0: it had none */
	int64_t body_ns;
	int64_t spawn_ns; /* time between the end of a recycled worker and the start of its successor */
	int64_t probed_body_ns, probed_cpu_ns, probed_run_queue_ns, probed_stolen_ns;
	_Atomic int64_t lost_pid;      /* pid of a worker that has died and was replaced; 0: none */
	int64_t lost_item, lost_ended; /* that one's `item` and `ended` */
	_Atomic int64_t
		failed; /* number + 1 of the item whose work() raised an exception; 0: none; -1: it could not begin */
	_Atomic int64_t
		private_bytes; /* most memory that one had for itself of those that ended in the warm-up round */
	_Alignas(128) struct cpus bound_to; /* read back when the worker began */
	char why[384];                      /* the exception, as text */
};

struct board {
	int fd; /* stays open across exec */
	struct board_head *head;
	struct board_slot *slot; /* one for each worker */
	uint8_t *marks;          /* how often each item was executed in the warm-up round, a byte an item */
	size_t size;
};

/* Returns 0 or -errno. board_release() accepts a zeroed struct. */
int board_open(struct board *board, unsigned workers, uint64_t items);
void board_release(struct board *board);

/* Called before a round. */
void board_clear(struct board *board, unsigned workers, uint64_t items);

/* Copies to the arena which worker is at which item, so that the supervisor can read it. */
void board_mirror(const struct board *board, struct crew *crew);

/* Called after a round: fills the arena's slots, so that crew_close_accounts() can close the accounts. */
void board_account(const struct board *board, struct crew *crew, const struct round *round, enum stamping stamping);

#endif
