/* Workers that are started afresh instead of forked from the cell process: as a new program, by posix_spawn, or
 * forked by a server that was started so. They find the arena, the channels and the workload's shared memory at
 * the same addresses (run/transports/shared.h), inherit the descriptors, and open the workload again
 * (run/launch/fresh.h). */
#ifndef BENCH_RUN_LAUNCH_SPAWNED_H
#define BENCH_RUN_LAUNCH_SPAWNED_H

#include "run/crew/crew.h"

/* Prepares what a fresh worker must know, in start() of a mode, and forgets it, in stop(): crew->own is what this file
 * knows. Returns 0 or -errno. */
int spawned_prepare(struct crew *crew);
void spawned_release(struct crew *crew);

/* The launch() of a mode: a fresh worker `w`. */
int spawned_launch(struct crew *crew, unsigned w, enum worker_task task);

/* In place of spawned_prepare(), also starts the server, which has opened the workload when this returns; and the
 * launch() of a mode that has one. A worker becomes the cell's own child, so that its end is seen as any other's. The
 * server ends with spawned_release(). */
int spawned_start_server(struct crew *crew);
int spawned_launch_by_server(struct crew *crew, unsigned w, enum worker_task task);

#endif
