#include "analyse/account_split.h"

#include <math.h>

const char *const split_names[SPLIT_COUNT] = {
	[SPLIT_SPAWN] = "spawn",
	[SPLIT_DISPATCH] = "dispatch",
	[SPLIT_LOCK] = "lock",
	[SPLIT_STARVE] = "starve",
	[SPLIT_COPY] = "copy",
	[SPLIT_USEFUL] = "useful",
	[SPLIT_INFLATION] = "inflation",
	[SPLIT_RUN_QUEUE] = "run_queue",
	[SPLIT_BLOCKED] = "blocked",
	[SPLIT_STOLEN] = "stolen",
	[SPLIT_IDLE] = "idle",
	[SPLIT_TEARDOWN] = "teardown",
	[SPLIT_UNEXPLAINED] = "unexplained",
};

/* `held_ns`: the time that is to be explained. `cpu0_ns`, `wait0_ns`: what the items cost sequentially. */
static struct split split(const struct worker_sample *of, uint64_t held_ns, int64_t cpu0_ns, int64_t wait0_ns)
{
	const uint64_t *part_ns = of->part_ns;
	struct split s = { .ns = {
		[SPLIT_SPAWN] = (int64_t)part_ns[PART_SPAWN],
		[SPLIT_DISPATCH] = (int64_t)part_ns[PART_DISPATCH],
		[SPLIT_LOCK] = (int64_t)part_ns[PART_LOCK],
		[SPLIT_STARVE] = (int64_t)part_ns[PART_STARVE],
		[SPLIT_COPY] = (int64_t)part_ns[PART_COPY],
		[SPLIT_USEFUL] = cpu0_ns + wait0_ns,
		[SPLIT_INFLATION] = (int64_t)of->body_cpu_ns - cpu0_ns,
		[SPLIT_RUN_QUEUE] = (int64_t)of->body_run_queue_ns,
		[SPLIT_BLOCKED] = (int64_t)of->body_wait_ns - wait0_ns,
		[SPLIT_STOLEN] = (int64_t)of->body_stolen_ns,
		[SPLIT_IDLE] = (int64_t)part_ns[PART_IDLE],
		[SPLIT_TEARDOWN] = (int64_t)part_ns[PART_TEARDOWN],
	} };
	int64_t left_ns = (int64_t)held_ns;

	for (int i = 0; i < SPLIT_UNEXPLAINED; i++)
		left_ns -= s.ns[i];
	s.ns[SPLIT_UNEXPLAINED] = left_ns;
	return s;
}

static struct split split_share(const struct worker_sample *of, uint64_t held_ns, double share,
				const struct body_cost *baseline)
{
	if (!baseline->known)
		return split(of, held_ns, (int64_t)of->body_cpu_ns, (int64_t)of->body_wait_ns);
	return split(of, held_ns, llround(share * (double)baseline->cpu_ns),
		     llround(share * (double)baseline->wait_ns));
}

struct split split_round(const struct sample *sample, const struct body_cost *baseline)
{
	double share = sample->incomplete ? sample->total.useful_share : 1; /* of the baseline's items */

	return split_share(&sample->total, sample->workers * sample->wall_ns, share, baseline);
}

struct split split_worker(const struct sample *sample, const struct worker_sample *worker,
			  const struct body_cost *baseline)
{
	return split_share(worker, sample->wall_ns, worker->useful_share, baseline);
}
