/* Threads made once, which wait at the gate between rounds. */
#include "run/launch/threads.h"
#include "run/worker/worker.h"

static int thread_pool_start(struct crew *crew)
{
	struct round none = { 0 };
	int err = 0;

	crew_prepare(crew, &none);
	for (unsigned w = 0; w < crew->cell->workers && !err; w++)
		err = threads_create(crew, w, worker_serve);
	return err ? err : crew_await_done(crew, &none); /* all are ready */
}

static void thread_pool_stop(struct crew *crew)
{
	struct round none = { 0 };

	crew_open_gate(crew, &none, GATE_EXIT);
	for (unsigned w = 0; w < crew->cell->workers; w++)
		threads_join(crew, w);
}

const struct mode mode_thread_pool = {
	.name = "thread_pool",
	.summary = "threads made before the round, like multiprocessing.pool.ThreadPool.map",
	.parallel = true,
	.start = thread_pool_start,
	.round = crew_round_at_gate,
	.stop = thread_pool_stop,
};
