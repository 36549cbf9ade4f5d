/* One worker after another in the same place: --recycle, --on-death retry, items that nobody waits for. Each returns 0,
 * or -ECHILD with the failure recorded. */
#ifndef BENCH_RUN_CREW_SUCCESSION_H
#define BENCH_RUN_CREW_SUCCESSION_H

#include "run/crew/crew.h"

/* Puts others in the places of workers that have left by themselves (MESSAGE_LEAVE). Inside a round. */
int crew_replace_left(struct crew *crew);

/* Puts another in the place of `w`, which is dead or stuck: that one is killed, what it said last is heard, and the
 * items that it took along are handed out again. Inside a round. */
int crew_replace_lost(struct crew *crew, unsigned w);

/* Looks for workers that have died: with --on-death retry others take their places while the round runs, unless the
 * item that they were at has killed too many; else that is the failure. */
int crew_check_alive(struct crew *crew, const struct round *round);

#endif
