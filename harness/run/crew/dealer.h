/* The parent's side of a transport: hands out ranges and inputs, takes results, for all workers from one
 * loop. Never blocks on one worker, so that a worker that sends and a parent that sends cannot wait for
 * each other. Called by the cell process only. */
#ifndef BENCH_RUN_CREW_DEALER_H
#define BENCH_RUN_CREW_DEALER_H

#include "run/crew/crew.h"

/* For the workers and channels of `crew`, which it reads from now on. NULL without memory. */
struct dealer *dealer_create(const struct crew *crew);
void dealer_destroy(struct dealer *dealer);

/* Before a round: no worker has ended it. Results go to its sink, or to the futures where there are any. */
void dealer_begin(struct dealer *dealer, const struct round *round);

/* Another worker takes the place of `w`, which has ended. */
void dealer_renew(struct dealer *dealer, unsigned w);

/* Moves what can be moved now. Returns 1 if anything moved, 0 if nothing, or -errno with `*worker` set: -EPROTO when a
 * worker said what it cannot mean; -EPIPE when one is gone. */
int dealer_serve(struct dealer *dealer, unsigned *worker);

/* Adds the results of the present worker to its slot, where the parent counts them (crew_may_lose()). */
void dealer_count(const struct dealer *dealer, unsigned w);

/* Hears what a dead worker said last, as far as it is whole, and empties its channel for the next one.
 * Returns 0 or -errno. */
int dealer_bury(struct dealer *dealer, unsigned w);

/* Sleeps until something may be moved again, at most `timeout_ms`. */
void dealer_wait(struct dealer *dealer, int timeout_ms);

/* Whether worker `w`, or all workers, have said END; whether it has said LEAVE. */
bool dealer_has_ended(const struct dealer *dealer, unsigned w);
bool dealer_all_ended(const struct dealer *dealer);
bool dealer_has_left(const struct dealer *dealer, unsigned w);

#endif
