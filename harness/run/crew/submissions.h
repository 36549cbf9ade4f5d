/* Submissions: the queue in shared memory through which the parent hands out ranges of items one after
 * the other, where it must know what is out: ways of calling that submit item by item, and --in-flight.
 *
 * One writer, the parent; any number of workers take. A worker takes an entry by putting its own number
 * on it, in one atomic operation: whenever it dies, the parent can tell what it had taken. An entry stays
 * readable until SUBMISSIONS others have followed it. */
#ifndef BENCH_RUN_CREW_SUBMISSIONS_H
#define BENCH_RUN_CREW_SUBMISSIONS_H

#include "run/crew/ranges.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define SUBMISSIONS 4096 /* entries; a power of two */
#define OWNER_NONE 0     /* an owner is the number of a worker plus 1 */

struct submission {
	_Atomic uint64_t tag; /* its number since the round's start << 16 | its owner */
	_Atomic uint64_t first, end;
};

struct submissions {
	_Alignas(128) _Atomic uint64_t next;  /* entries before it have been taken; may lag behind */
	_Alignas(128) _Atomic uint64_t limit; /* number of entries so far */
	_Atomic bool closed;                  /* there will be no more */
	_Alignas(128) _Atomic uint32_t bell;  /* futex: rung for those who sleep */
	_Atomic uint32_t sleepers;
	_Alignas(128) struct submission entry[SUBMISSIONS];
};

/* Before a round, by the parent: empty and open. */
void submissions_reset(struct submissions *s);

/* An entry that has been taken. */
struct taken {
	uint64_t number;
	unsigned owner; /* OWNER_NONE: there is none */
	struct range range;
};

/* Adds a range. Returns false when there is no room: take more results first. `*gone`: what stood there before.
 * The parent. */
bool submissions_add(struct submissions *s, struct range range, struct taken *gone);

/* Wakes workers that sleep, after a batch of submissions_add(), or for them to end. The parent. */
void submissions_wake(struct submissions *s);
void submissions_close(struct submissions *s);

/* Takes the next entry for `worker`. Returns false when there is none now. Any worker; the parent itself takes what
 * it cancels, with a number that is no worker's. */
bool submissions_take(struct submissions *s, unsigned worker, struct range *range);

/* Sleeps until there may be more. Returns false once it is closed and empty. A worker. */
bool submissions_wait(struct submissions *s);

/* The readable entry `index`, below SUBMISSIONS; its owner is OWNER_NONE if nobody has taken it. The parent. */
struct taken submissions_look(const struct submissions *s, unsigned index);

/* Number of the first entry that nobody has taken. The parent. */
uint64_t submissions_next(struct submissions *s);

#endif
