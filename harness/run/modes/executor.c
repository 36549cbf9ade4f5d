/* A pool with a future for each item, as concurrent.futures.ProcessPoolExecutor: results are handed on as they
 * complete, an error concerns only its item, and a lost worker breaks the pool or, with --on-death retry, is
 * replaced. */
#include "run/crew/parent.h"
#include "run/launch/fork.h"

const struct mode mode_executor = {
	.name = "executor",
	.summary = "a pool with a future for each item, like concurrent.futures.ProcessPoolExecutor",
	.parallel = true,
	.processes = true,
	.takes = TAKES_FUTURES | TAKES_RECYCLE | TAKES_IN_FLIGHT | TAKES_INITIALIZER,
	.launch = fork_launch,
	.start = crew_start_at_gate,
	.round = crew_round_at_gate,
	.stop = crew_stop_at_gate,
};
