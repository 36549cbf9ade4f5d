/* --item-timeout: how long the parent waits for an item's future. */
#ifndef BENCH_RUN_CREW_TIMEOUTS_H
#define BENCH_RUN_CREW_TIMEOUTS_H

#include "run/crew/crew.h"

/* For so many workers; NULL without memory. */
struct timeouts *timeouts_create(unsigned workers);
void timeouts_destroy(struct timeouts *timeouts);

/* Before a round: nobody was seen at an item. */
void timeouts_begin(struct timeouts *timeouts);

/* Gives up futures whose time is over; who is still at such an item is replaced when nobody waits for anything
 * any more, or when there is no other worker to go on. Inside a round, often: an item's time begins when its
 * worker is first seen at it. Returns 0 or -ECHILD. */
int timeouts_expire(struct timeouts *timeouts, struct crew *crew);

#endif
