/* Processes that are forked once and wait at the gate between rounds, as in multiprocessing.Pool. */
#include "run/crew/parent.h"
#include "run/launch/fork.h"

const struct mode mode_pool = {
	.name = "pool",
	.summary = "processes made before the round, like multiprocessing.Pool; --call says how it is called",
	.parallel = true,
	.processes = true,
	.takes = TAKES_POOL,
	.launch = fork_launch,
	.start = crew_start_at_gate,
	.round = crew_round_at_gate,
	.stop = crew_stop_at_gate,
};
