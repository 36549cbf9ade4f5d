/* Futures: what the caller of a pool holds for each of its items, after concurrent.futures.
 *
 * A future is made for every item when the round begins. Items are handed out in their order, as the way
 * of calling allows (model/mode.h: struct call), and results handed on in the order that it promises:
 * those that come too early are held, in memory that is counted. Every future ends once: with a result,
 * an error, cancelled before its item was begun, or given up by its time-out. In the cell process only. */
#ifndef BENCH_RUN_CREW_FUTURES_H
#define BENCH_RUN_CREW_FUTURES_H

#include "model/mode.h"
#include "run/crew/ranges.h"
#include "run/crew/round.h"

enum next { NEXT_RANGE, NEXT_HOLD, NEXT_END };

/* For `items` of a cell that are called for so. NULL without memory. */
struct futures *futures_create(const struct call *call, const struct calling *calling, uint64_t items);
void futures_destroy(struct futures *futures);

/* Before a round: all are pending. */
void futures_begin(struct futures *futures, const struct round *round);

/* The next range to hand out, of at most `most` items. NEXT_HOLD: none before more results are back;
 * NEXT_END: none any more, but for those of lost workers. */
enum next futures_next(struct futures *futures, uint64_t most, struct range *range);

/* Says who has taken a range that was handed out: needed to know what is lost with a worker. */
void futures_own(struct futures *futures, struct range range, unsigned worker);

/* Ends the future of an item, with its output or with an error (errno, above 0). Returns 0; 1: too late, it was given
 * up; -EPROTO if it ended before, or was never handed out; -ENOMEM. */
int futures_complete(struct futures *futures, const struct result *result);

/* Worker `worker` was lost: what it had taken, and has no result, will be handed out again. Returns how many items. */
uint64_t futures_lose(struct futures *futures, unsigned worker);

/* Notes that a worker was lost at an item whose future has not ended. Returns how many were, in this round. */
unsigned futures_note_death(struct futures *futures, uint64_t item);

/* Gives up on an item that is out: its time is over. */
void futures_expire(struct futures *futures, uint64_t item);

/* Cancels a range that was handed out and that nobody had begun. */
void futures_cancel(struct futures *futures, struct range range);

/* Whether --cancel-after has been reached: what waits in queues should be cancelled. */
bool futures_are_cancelled(const struct futures *futures);

/* Whether every future has ended. */
bool futures_all_ended(const struct futures *futures);

/* Whether this item's future was given up by its time-out. */
bool futures_has_expired(const struct futures *futures, uint64_t item);

/* Hands on what is held, in order. At the round's end. */
void futures_finish(struct futures *futures);

/* Tells the round that has ended what became of them: without_result, was_lost and measures. NULL: of a call whose
 * items have no results, so that there is nothing to hold and all of them are there at the end. */
void futures_tell(const struct futures *futures, struct round *round);

#endif
