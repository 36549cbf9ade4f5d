/* Futures: what the caller of a pool holds for each of its items, after concurrent.futures.
 *
 * A future is made for every item when the round begins. Items are handed out in order, as far as the way of calling
 * allows (model/mode.h: struct call). Results are handed on in the order that the call promises: results that come too
 * early are held, and the memory that they take is counted. Every future ends once: with a result, with an error,
 * cancelled before its item was begun, or given up by its time-out. Called in the cell process only. */
#ifndef BENCH_RUN_CREW_FUTURES_H
#define BENCH_RUN_CREW_FUTURES_H

#include "model/mode.h"
#include "run/crew/ranges.h"
#include "run/crew/round.h"

enum next { NEXT_RANGE, NEXT_HOLD, NEXT_END };

/* Makes the futures of `items` items that are called in this way. NULL without memory. */
struct futures *futures_create(const struct call *call, const struct calling *calling, uint64_t items);
void futures_destroy(struct futures *futures);

/* Called before a round: makes all futures pending. */
void futures_begin(struct futures *futures, const struct round *round);

/* Takes the next range to hand out, of at most `most` items. NEXT_HOLD: there is none until more results are back;
 * NEXT_END: there are no more, but for items of workers that are lost later. */
enum next futures_next(struct futures *futures, uint64_t most, struct range *range);

/* Notes which worker has taken a range that was handed out: futures_lose() needs it. */
void futures_own(struct futures *futures, struct range range, unsigned worker);

/* Ends the future of an item, with its output or with an error (errno, above 0). Returns 0; 1: too late, the future was
 * given up; -EPROTO if it has ended before, or its item was never handed out; -ENOMEM. */
int futures_complete(struct futures *futures, const struct result *result);

/* Worker `worker` was lost: the items that it had taken and that have no result will be handed out again. Returns how
 * many they are. */
uint64_t futures_lose(struct futures *futures, unsigned worker);

/* Notes that a worker was lost at this item, if the item's future has not ended. Returns how many workers were lost at
 * it in this round. */
unsigned futures_note_death(struct futures *futures, uint64_t item);

/* Gives up the future of an item that is out, since its time is over. */
void futures_expire(struct futures *futures, uint64_t item);

/* Cancels the futures of a range that was handed out and that nobody has begun. */
void futures_cancel(struct futures *futures, struct range range);

/* Whether --cancel-after has been reached, so that ranges which wait in queues should be cancelled. */
bool futures_are_cancelled(const struct futures *futures);

/* Whether every future has ended. */
bool futures_all_ended(const struct futures *futures);

/* Whether this item's future was given up by its time-out. */
bool futures_has_expired(const struct futures *futures, uint64_t item);

/* Hands on the results that are held, in order. Called at the round's end. */
void futures_finish(struct futures *futures);

/* Sets without_result, was_lost and measures of a round that has ended. `futures` NULL: no result of an item travels to
 * the parent; then nothing was held, and the caller has all results at the end. */
void futures_tell(const struct futures *futures, struct round *round);

#endif
