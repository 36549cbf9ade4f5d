/* The ends of worker processes: as they should, and otherwise. */
#ifndef BENCH_RUN_CREW_DEATHS_H
#define BENCH_RUN_CREW_DEATHS_H

#include "run/crew/crew.h"

/* Whether worker `w` has written that it has ended this round. */
bool crew_has_ended(const struct crew *crew, unsigned w, const struct round *round);

/* Whether worker process `w` has died and should not have; it is not reaped. A worker of a crew that lives for one
 * round only may leave by itself once it has ended that round, and one that has done its share. */
bool crew_has_died(const struct crew *crew, unsigned w, const struct round *round);

/* Reaps a dead worker process and records how it ended as the failure. Returns -ECHILD. */
int crew_fail_dead(struct crew *crew, unsigned w);

/* Waits until a worker process that is dying can be seen to be dead, a second at most. */
void crew_await_death(const struct crew *crew, unsigned w);

/* Waits for worker process `w`, which has nothing more to say, to end. Returns 0 if it exited with 0 or may be lost
 * (--on-death retry), else records the failure. */
int crew_reap(struct crew *crew, unsigned w);

/* Kills worker process `w` and reaps it; all that are left, for the end and after failures. */
void crew_kill_one(struct crew *crew, unsigned w);
void crew_kill(struct crew *crew);

#endif
