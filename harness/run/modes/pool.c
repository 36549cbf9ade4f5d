/* Processes forked once, which wait at the gate between rounds: as multiprocessing.Pool.map. */
#include "run/worker.h"

static int pool_start(struct crew *crew)
{
	struct round none = { 0 };

	crew_prepare(crew, &none);
	for (unsigned w = 0; w < crew->cell->workers; w++) {
		int err = crew_fork(crew, w, worker_serve);

		if (err)
			return err;
	}
	return crew_await_done(crew, &none); /* all are ready */
}

static void pool_stop(struct crew *crew)
{
	struct round none = { 0 };

	if (!crew->failed) {
		crew_open_gate(crew, &none, GATE_EXIT);
		for (unsigned w = 0; w < crew->cell->workers; w++)
			crew_reap(crew, w);
	}
	crew_kill(crew); /* who is left */
}

const struct mode mode_pool = {
	.name = "pool",
	.summary = "processes made before the round, like multiprocessing.Pool.map",
	.parallel = true,
	.processes = true,
	.start = pool_start,
	.round = crew_round_at_gate,
	.stop = pool_stop,
};
