/* Replacing a worker by another one in the same place: for --recycle, for --on-death retry, and when a worker is at an
 * item that nobody waits for. The functions are called inside a round and return 0, or -ECHILD with the failure
 * recorded. */
#ifndef BENCH_RUN_CREW_SUCCESSION_H
#define BENCH_RUN_CREW_SUCCESSION_H

#include "run/crew/crew.h"

/* Replaces the workers that have left by themselves (MESSAGE_LEAVE). */
int crew_replace_left(struct crew *crew);

/* Replaces worker `w`, which is dead or stuck: kills it, takes its last messages, and lets the items that are lost with
 * it be handed out again. */
int crew_replace_lost(struct crew *crew, unsigned w);

/* Looks for workers that have died. With --on-death retry they are replaced, unless the item that they were at has
 * killed too many workers; else the death is the failure. */
int crew_check_alive(struct crew *crew, const struct round *round);

#endif
