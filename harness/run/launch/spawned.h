/* Workers that are started afresh instead of forked from the cell process: each as a new program, by posix_spawn, or
 * forked by a server that was started in this way. They find the arena, the channels and the workload's shared memory
 * at the same addresses (run/transports/shared.h), inherit the descriptors, and open the workload again
 * (run/launch/fresh.h). */
#ifndef BENCH_RUN_LAUNCH_SPAWNED_H
#define BENCH_RUN_LAUNCH_SPAWNED_H

#include "run/crew/crew.h"

/* spawned_prepare() prepares what a fresh worker must know, in start() of a mode, and keeps it in crew->own; returns 0
 * or -errno. spawned_release() releases it, in stop(). */
int spawned_prepare(struct crew *crew);
void spawned_release(struct crew *crew);

/* The launch() of a mode: starts a fresh worker `w`. */
int spawned_launch(struct crew *crew, unsigned w, enum worker_task task);

/* For a mode with a server: spawned_start_server() does what spawned_prepare() does and starts the server, which has
 * opened the workload when this returns; spawned_launch_by_server() is the launch() of the mode. Each worker becomes a
 * child of the cell process, which so sees it end as it does other workers. spawned_release() also ends the server. */
int spawned_start_server(struct crew *crew);
int spawned_launch_by_server(struct crew *crew, unsigned w, enum worker_task task);

#endif
