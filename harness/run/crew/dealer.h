/* The dealer: the parent's side of a transport. It hands out ranges and inputs and takes results, for all workers in
 * one loop. It never blocks on one worker, so that a worker that sends and a parent that sends cannot wait for each
 * other. Called by the cell process only. */
#ifndef BENCH_RUN_CREW_DEALER_H
#define BENCH_RUN_CREW_DEALER_H

#include "run/crew/crew.h"

/* Makes a dealer for the workers and channels of `crew`, which must outlive it. NULL without memory. */
struct dealer *dealer_create(const struct crew *crew);
void dealer_destroy(struct dealer *dealer);

/* Called before a round: forgets which workers have ended the last one. Results will go to the futures, or to the
 * round's sink where there are none. */
void dealer_begin(struct dealer *dealer, const struct round *round);

/* Says that another worker takes the place of worker `w`, which has ended. */
void dealer_replace(struct dealer *dealer, unsigned w);

/* Moves what can be moved now. Returns 1 if anything moved, 0 if nothing did, or -errno with `*worker` set: -EPROTO if
 * that worker has sent something that makes no sense, -EPIPE if it is gone. */
int dealer_serve(struct dealer *dealer, unsigned *worker);

/* Adds the results that the parent has counted for the present worker `w` to its slot, if the parent counts results
 * (crew_may_lose()). */
void dealer_count(const struct dealer *dealer, unsigned w);

/* Takes the last whole messages of a dead worker and empties its channel for its successor. Returns 0 or -errno. */
int dealer_drain(struct dealer *dealer, unsigned w);

/* Sleeps until something may be moved again, but at most `timeout_ms`. */
void dealer_wait(struct dealer *dealer, int timeout_ms);

/* Whether worker `w`, or all workers, have sent END; dealer_has_left(): whether worker `w` has sent LEAVE. */
bool dealer_has_ended(const struct dealer *dealer, unsigned w);
bool dealer_all_ended(const struct dealer *dealer);
bool dealer_has_left(const struct dealer *dealer, unsigned w);

#endif
