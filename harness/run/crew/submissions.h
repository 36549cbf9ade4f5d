/* Submissions: the queue in shared memory through which the parent hands out ranges of items one after the other, for
 * ways of calling that submit item by item, and for --in-flight: the parent must know which items are out.
 *
 * Only the parent adds entries; any number of workers take them. A worker takes an entry by writing its own number on
 * it, in one atomic operation, so that the parent can tell what a worker had taken whenever it dies. An entry stays
 * readable until SUBMISSIONS others have followed it. */
#ifndef BENCH_RUN_CREW_SUBMISSIONS_H
#define BENCH_RUN_CREW_SUBMISSIONS_H

#include "run/crew/ranges.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define SUBMISSIONS 4096 /* entries; a power of two */
#define OWNER_NONE 0     /* else an owner is the number of a worker plus 1 */

struct submission {
	_Atomic uint64_t tag; /* the entry's number since the round's start << 16 | its owner */
	_Atomic uint64_t first, end;
};

struct submissions {
	_Alignas(128) _Atomic uint64_t next;  /* all entries before this number have been taken; may lag behind */
	_Alignas(128) _Atomic uint64_t limit; /* number of entries that have been added */
	_Atomic bool closed;                  /* no more will be added */
	_Alignas(128) _Atomic uint32_t bell;  /* futex: it changes to wake workers that sleep */
	_Atomic uint32_t sleepers;
	_Alignas(128) struct submission entry[SUBMISSIONS];
};

/* Makes the queue empty and open. Called by the parent before a round. */
void submissions_reset(struct submissions *s);

/* An entry that has been taken. */
struct taken {
	uint64_t number;
	unsigned owner; /* OWNER_NONE: there is none */
	struct range range;
};

/* Adds a range. Returns false when there is no room: then the parent must take more results first. `*gone` is set to
 * the entry that stood in its place before. Called by the parent. */
bool submissions_add(struct submissions *s, struct range range, struct taken *gone);

/* submissions_wake() wakes the workers that sleep, after a batch of submissions_add(); submissions_close() also says
 * that no more will come. Called by the parent. */
void submissions_wake(struct submissions *s);
void submissions_close(struct submissions *s);

/* Takes the next entry for `worker`. Returns false when there is none now. Called by any worker; and by the parent to
 * cancel entries, with a number that no worker has. */
bool submissions_take(struct submissions *s, unsigned worker, struct range *range);

/* Sleeps until there may be more entries. Returns false once the queue is closed and empty. Called by a worker. */
bool submissions_wait(struct submissions *s);

/* Reads the entry at `index`, below SUBMISSIONS; its owner is OWNER_NONE if nobody has taken it. Called by the
 * parent. */
struct taken submissions_look(const struct submissions *s, unsigned index);

/* The number of the first entry that nobody has taken. Called by the parent. */
uint64_t submissions_next(struct submissions *s);

#endif
