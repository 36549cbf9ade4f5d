/* A pool of workers that are started afresh by posix_spawn, as multiprocessing's start method `spawn`: they share only
 * the arena, the channels and the workload's shared memory with the cell process, and open the workload again. */
#include "run/crew/parent.h"
#include "run/launch/spawned.h"

static int spawn_start(struct crew *crew)
{
	int err = spawned_prepare(crew);

	return err ? err : crew_start_at_gate(crew);
}

static void spawn_stop(struct crew *crew)
{
	crew_stop_at_gate(crew);
	spawned_release(crew);
}

const struct mode mode_spawn = {
	.name = "spawn",
	.summary = "processes started afresh by posix_spawn, like multiprocessing's spawn",
	.parallel = true,
	.processes = true,
	.takes = TAKES_POOL,
	.launch = spawned_launch,
	.start = spawn_start,
	.round = crew_round_at_gate,
	.stop = spawn_stop,
};
