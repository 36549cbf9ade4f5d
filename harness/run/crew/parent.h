/* What the parent of a crew does in a round: it opens the gate, serves the workers and waits until all have ended.
 * Called by the cell process only. */
#ifndef BENCH_RUN_CREW_PARENT_H
#define BENCH_RUN_CREW_PARENT_H

#include "run/crew/crew.h"

/* Called before a round: makes all items available again and clears what the workers have written, `done` included. */
void crew_prepare(struct crew *crew, const struct round *round);

/* Opens the gate for the workers that wait at it, as those of pools do. Sets round->start_ns. */
void crew_open_gate(struct crew *crew, struct round *round, enum gate_command command);

/* One turn of serving the channels: moves what can be moved; if there was nothing to move, looks for errors and dead
 * workers and sleeps until there is something to do. Returns 0, or -ECHILD with the failure recorded. */
int crew_serve(struct crew *crew, const struct round *round);

/* Serves the workers until all have ended the round: deals ranges, takes results, watches for deaths.
 * Returns 0, or -ECHILD with the failure recorded. */
int crew_collect(struct crew *crew, const struct round *round);

/* start(), round() and stop() for modes whose workers wait at the gate between rounds. crew_stop_at_gate() is for
 * workers that are processes only. */
int crew_start_at_gate(struct crew *crew);
int crew_round_at_gate(struct crew *crew, struct round *round);
void crew_stop_at_gate(struct crew *crew);

/* Called after a round: ends the workers' accounts at round->end_ns. */
void crew_close_accounts(struct crew *crew, const struct round *round);

#endif
