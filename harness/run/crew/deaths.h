/* How worker processes end, whether they should or not. */
#ifndef BENCH_RUN_CREW_DEATHS_H
#define BENCH_RUN_CREW_DEATHS_H

#include "run/crew/crew.h"

/* Whether worker `w` has written that it has ended this round. */
bool crew_has_ended(const struct crew *crew, unsigned w, const struct round *round);

/* Whether worker process `w` has ended and should not have; does not reap it. A worker may end once it has executed as
 * many items as it may, or, in a crew that lives for one round only, once it has ended that round. */
bool crew_has_died(const struct crew *crew, unsigned w, const struct round *round);

/* Reaps a dead worker process and records how it ended as the failure. Returns -ECHILD. */
int crew_fail_dead(struct crew *crew, unsigned w);

/* Waits until worker process `w`, which is dying, can be seen to be dead, but at most a second. */
void crew_await_death(const struct crew *crew, unsigned w);

/* Waits for worker process `w`, which has nothing more to say, to end. Returns 0 if it exited with 0 or may be lost
 * (--on-death retry), else records the failure. */
int crew_reap(struct crew *crew, unsigned w);

/* Kills worker process `w` and reaps it; crew_kill() does so with all that are left, at the end and after failures. */
void crew_kill_one(struct crew *crew, unsigned w);
void crew_kill(struct crew *crew);

#endif
