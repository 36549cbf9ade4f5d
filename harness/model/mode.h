/* The contract of a mode: how items are executed. One file in run/modes/ defines one. */
#ifndef BENCH_MODEL_MODE_H
#define BENCH_MODEL_MODE_H

#include "model/cell.h"

#include <stdbool.h>

/* What a worker is made for. */
enum worker_task {
	TASK_SERVE, /* wait at the gate and execute rounds until told to exit */
	TASK_JOIN,  /* the same, but join the round that runs, in place of another worker */
	TASK_ROUND, /* execute the round that runs, and no other */
	TASK_ITEM,  /* execute the one item that the worker's slot names, whose account the parent has begun */
};

struct crew;  /* run/crew/crew.h: what a mode works with */
struct round; /* run/crew/crew.h: one round, in and out */

/* Options of struct calling that a mode takes; bits. */
enum takes {
	TAKES_CALL = 1,
	TAKES_RECYCLE = 2,
	TAKES_IN_FLIGHT = 4,
	TAKES_INITIALIZER = 8,
	TAKES_FUTURES = 16, /* --item-timeout, --cancel-after, --on-death */
	TAKES_POOL = TAKES_CALL | TAKES_RECYCLE | TAKES_IN_FLIGHT | TAKES_INITIALIZER,
};

/* A way of calling a pool. */
struct call {
	const char *name;
	const char *summary; /* one line for `bench list` */
	bool submits;        /* item by item, by the parent; else workers take ranges */
	bool blocks;         /* until that item's result is back */
	bool ordered;        /* results are handed on in the order of items */
	bool streams;        /* results are handed on as they come; else all at the end */
	bool arguments;      /* each item's arguments travel, not only its number */
	bool one_by_one;     /* the preset of --chunk is 1 */
};

extern const struct call registry_calls[]; /* ended by a name of NULL; the first is the preset */

/* Whether `name` is the preset; NULL, of a mode without calls, is as good. */
bool call_is_preset(const char *name);

extern const struct call call_as_completed; /* that of a mode with futures */

/* The call of that name; NULL: there is none. */
const struct call *call_find(const char *name);

/* Whether the parent hands out ranges one after the other, since it must know what is out. */
static inline bool call_hands_out(const struct call *call, const struct calling *calling)
{
	return call->submits || calling->in_flight;
}

struct mode {
	const char *name;
	const char *summary;       /* one line for `bench list` */
	bool parallel;             /* has --workers and --schedule; false: one worker, the baseline */
	bool processes;            /* workers are processes: --transport applies */
	bool crew_in_round;        /* makes its crew inside the round: --per applies, PAPI counts in extra rounds */
	unsigned takes;            /* bits of enum takes */
	bool cannot_steal;         /* has no schedule that steals */
	const char *only_schedule; /* how it deals out whatever --schedule says; NULL: it has them all */
	const char
		*counterpart; /* of a reference, whose workers are another program's: the mode that does the same here;
				    * NULL: it is no reference */

	/* Makes worker `w`, which does `task` and ends (run/launch/ has the usual ways): before the rounds, inside
	 * one, and there in place of a worker that was lost or has done its share. In the cell process. NULL: the
	 * mode's workers are made by others. Returns 0 or -errno. */
	int (*launch)(struct crew *crew, unsigned w, enum worker_task task);

	/* Makes the crew, as far as it is made before the rounds. In the cell process; its time is
	 * measured by the caller. NULL: nothing to make. Returns 0 or -errno. */
	int (*start)(struct crew *crew);

	/* Executes every item once and sets round->start_ns and end_ns; hands results to round->sink
	 * and leaves the workers' slots filled. In the cell process. Returns 0, or -errno after
	 * crew_fail() said why. */
	int (*round)(struct crew *crew, struct round *round);

	/* Ends the crew; also after a failed round. Time measured by the caller. NULL: nothing to end. */
	void (*stop)(struct crew *crew);
};

#endif
