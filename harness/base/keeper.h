/* The keeper: an aide between the caller and a child that may leave processes behind. As a subreaper it inherits all
 * that descends from the child, in whatever session or group, and ends it: when the caller says so, or when the caller
 * has ended. */
#ifndef BENCH_BASE_KEEPER_H
#define BENCH_BASE_KEEPER_H

#include "base/aide.h"

#include <stdint.h>
#include <sys/resource.h>

/* fork(2) with a keeper between. The child leads a process group of its own. When the caller ends, the child gets
 * `death_signal`, and is killed with all its descendants; before that it has a second to end by itself if the signal is
 * another one than SIGKILL. `forked_ns`: set to when the child was forked, CLOCK_MONOTONIC. Returns the child's pid, 0
 * in the child, or -errno. */
pid_t keeper_fork(struct aide *keeper, int death_signal, uint64_t *forked_ns);

/* Kills the child, its group and whatever else descends from it, and waits until all that has ended; processes of other
 * users, which may not be killed, stay. The child is not reaped before this call. `used`: set to the resources that it
 * has used; may be NULL. Returns the child's status as wait(2) gives it. */
int keeper_end(struct aide *keeper, struct rusage *used);

#endif
