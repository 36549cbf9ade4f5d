/* --item-timeout: how long the parent waits for an item's future. */
#ifndef BENCH_RUN_CREW_TIMEOUTS_H
#define BENCH_RUN_CREW_TIMEOUTS_H

#include "run/crew/crew.h"

/* Makes the time-outs for `workers` workers; NULL without memory. */
struct timeouts *timeouts_create(unsigned workers);
void timeouts_destroy(struct timeouts *timeouts);

/* Called before a round: forgets at which items workers were seen. */
void timeouts_begin(struct timeouts *timeouts);

/* Gives up the futures whose time is over. A worker that is still at such an item is replaced when nobody waits for
 * anything any more, or when no other worker can go on. Called often inside a round, since an item's time begins when
 * its worker is first seen at it. Returns 0 or -ECHILD. */
int timeouts_expire(struct timeouts *timeouts, struct crew *crew);

#endif
