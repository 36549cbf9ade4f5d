/* A pool of workers that are forked by a server, which was itself started afresh and has opened the workload: as
 * multiprocessing's start method `forkserver`. */
#include "run/crew/parent.h"
#include "run/launch/spawned.h"

static int forkserver_start(struct crew *crew)
{
	int err = spawned_start_server(crew);

	return err ? err : crew_start_at_gate(crew);
}

static void forkserver_stop(struct crew *crew)
{
	crew_stop_at_gate(crew);
	spawned_release(crew);
}

const struct mode mode_forkserver = {
	.name = "forkserver",
	.summary = "processes forked by a server that was started afresh, like multiprocessing's forkserver",
	.parallel = true,
	.processes = true,
	.takes = TAKES_POOL,
	.launch = spawned_launch_by_server,
	.start = forkserver_start,
	.round = crew_round_at_gate,
	.stop = forkserver_stop,
};
