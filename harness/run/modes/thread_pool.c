/* Threads that are made once and wait at the gate between rounds. */
#include "run/crew/parent.h"
#include "run/launch/threads.h"

static int thread_pool_start(struct crew *crew)
{
	int err = threads_prepare(crew);

	return err ? err : crew_start_at_gate(crew);
}

static void thread_pool_stop(struct crew *crew)
{
	struct round none = { 0 };

	crew_open_gate(crew, &none, GATE_EXIT);
	for (unsigned w = 0; w < crew->cell->workers; w++)
		threads_join(crew, w);
	threads_stop(crew);
}

const struct mode mode_thread_pool = {
	.name = "thread_pool",
	.summary = "threads made before the round, like multiprocessing.pool.ThreadPool.map",
	.parallel = true,
	.launch = threads_launch,
	.start = thread_pool_start,
	.round = crew_round_at_gate,
	.stop = thread_pool_stop,
};
