/* The contract of a mode: how items are executed. One file in run/modes/ defines one. */
#ifndef BENCH_MODEL_MODE_H
#define BENCH_MODEL_MODE_H

#include "model/cell.h"

#include <stdbool.h>

/* What a worker is made for. */
enum worker_task {
	TASK_SERVE, /* wait at the gate and execute rounds until told to exit */
	TASK_JOIN,  /* as TASK_SERVE, but first join the round that runs, in place of another worker */
	TASK_ROUND, /* execute the round that runs, and no other */
	TASK_ITEM,  /* execute the one item that the worker's slot names; the parent has begun the slot's account */
};

struct crew;  /* run/crew/crew.h: what a mode works with */
struct round; /* run/crew/round.h: what goes into a round and comes out of it */

/* The options of struct calling that a mode takes, as bits. */
enum takes {
	TAKES_CALL = 1,
	TAKES_RECYCLE = 2,
	TAKES_IN_FLIGHT = 4,
	TAKES_INITIALIZER = 8,
	TAKES_FUTURES = 16, /* --item-timeout, --cancel-after, --on-death */
	/* Of the mode's other properties (command/options.c), not among its `takes`: */
	TAKES_TRANSPORT = 32,
	TAKES_PER = 64,
	TAKES_RANGES = 128, /* --schedule, --chunk */
	TAKES_POOL = TAKES_CALL | TAKES_RECYCLE | TAKES_IN_FLIGHT | TAKES_INITIALIZER,
};

/* A way of calling a pool, such as `map` or `imap`. */
struct call {
	const char *name;
	const char *summary; /* one line for `bench list` */
	bool submits;        /* the parent hands out item by item; false: workers take ranges */
	bool blocks;         /* the parent waits for an item's result before it hands out the next item */
	bool ordered;        /* results are handed on in the order of items */
	bool streams;        /* results are handed on as they come; false: all at the end */
	bool arguments;      /* the arguments of each item travel to the worker, not only its number */
	bool one_by_one;     /* the preset of --chunk is 1 */
};

extern const struct call registry_calls[]; /* ended by a name of NULL; the first is the preset */

/* Whether `name` is the preset call. NULL, which a mode without calls has, counts as preset. */
bool call_is_preset(const char *name);

extern const struct call call_as_completed; /* the call of every mode that takes TAKES_FUTURES */

/* The call of that name; NULL: there is none. */
const struct call *call_find(const char *name);

/* Whether the parent hands out ranges one after the other because it must know which items are out. */
static inline bool call_hands_out(const struct call *call, const struct calling *calling)
{
	return call->submits || calling->in_flight;
}

struct mode {
	const char *name;
	const char *summary;       /* one line for `bench list` */
	bool parallel;             /* heeds --workers and --schedule; false: it has one worker and is the baseline */
	bool processes;            /* its workers are processes: --transport applies */
	bool crew_in_round;        /* makes its crew inside the round: --per applies, PAPI counts in extra rounds */
	unsigned takes;            /* bits of enum takes */
	bool cannot_steal;         /* it heeds no schedule that steals */
	const char *only_schedule; /* its only schedule, whatever --schedule says; NULL: it has all schedules */
	const char *counterpart;   /* of a mode that is a reference: bench's own mode that does the same; else NULL */

	/* Makes worker `w`, which does `task` and ends (run/launch/ has the usual ways). Called in the cell process,
	 * before the rounds or inside one; inside a round also to replace a worker that was lost or has done its share.
	 * NULL: others make the mode's workers. Returns 0 or -errno. */
	int (*launch)(struct crew *crew, unsigned w, enum worker_task task);

	/* Makes what the crew needs before its rounds. Called in the cell process; the caller measures its time. NULL:
	 * there is nothing to make. Returns 0 or -errno. */
	int (*start)(struct crew *crew);

	/* Executes every item once, sets round->start_ns and end_ns, hands results to round->sink and leaves the
	 * workers' slots filled. Called in the cell process; this call is timed. Returns 0, or -errno after
	 * crew_fail() said why. */
	int (*round)(struct crew *crew, struct round *round);

	/* Ends the crew; called after a failed round, too. The caller measures its time. NULL: there is nothing to
	 * end. */
	void (*stop)(struct crew *crew);
};

#endif
