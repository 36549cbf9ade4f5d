/* What the parent of a crew does in a round: opens the gate, serves, waits for all to have ended. */
#ifndef BENCH_RUN_CREW_PARENT_H
#define BENCH_RUN_CREW_PARENT_H

#include "run/crew/crew.h"

/* Before a round: makes all items available again, clears what workers count to `done`. */
void crew_prepare(struct crew *crew, const struct round *round);

/* Opens the gate to workers that wait at it (pools). Sets round->start_ns. */
void crew_open_gate(struct crew *crew, struct round *round, enum gate_command command);

/* One turn of serving the channels: moves what can be moved, else looks for errors and deaths, and
 * sleeps until there is something to do. Returns 0, or -ECHILD with the failure recorded. */
int crew_serve(struct crew *crew, const struct round *round);

/* Serves the workers until all have ended the round: deals ranges, takes results, watches for deaths.
 * Returns 0, or -ECHILD with the failure recorded. */
int crew_collect(struct crew *crew, const struct round *round);

/* The slots of a mode whose workers wait at the gate between rounds; the last ends processes only. */
int crew_start_at_gate(struct crew *crew);
int crew_round_at_gate(struct crew *crew, struct round *round);
void crew_stop_at_gate(struct crew *crew);

/* After a round: closes the workers' accounts at round->end_ns. */
void crew_close_accounts(struct crew *crew, const struct round *round);

#endif
