#include "analyse/account_split.h"

#include <math.h>

const struct split_info split_infos[SPLIT_COUNT] = {
	[SPLIT_SPAWN] = { "spawn", PART_SPAWN,
		"From the start of the round to a worker's first statement." },
	[SPLIT_DISPATCH] = { "dispatch", PART_DISPATCH,
		"Asking for work and getting it." },
	[SPLIT_LOCK] = { "lock", PART_LOCK,
		"Waiting for a lock that was taken." },
	[SPLIT_STARVE] = { "starve", PART_STARVE,
		"Waiting because no work was there yet." },
	[SPLIT_COPY] = { "copy", PART_COPY,
		"Moving payloads between processes." },
	[SPLIT_USEFUL] = { "useful", PART_BODY,
		"Work that the sequential baseline does as well, for the same items." },
	[SPLIT_INFLATION] = { "inflation", PART_BODY,
		"Processor time of the same work beyond the baseline's: caches, memory, frequency. Negative: less." },
	[SPLIT_RUN_QUEUE] = { "run_queue", PART_BODY,
		"Ready to run, but the processor was given to others." },
	[SPLIT_BLOCKED] = { "blocked", PART_BODY,
		"Waiting inside the work beyond the baseline's." },
	[SPLIT_STOLEN] = { "stolen", PART_BODY,
		"Taken by the hypervisor or by interrupts." },
	[SPLIT_IDLE] = { "idle", PART_IDLE,
		"Waiting for the last worker to finish: load imbalance." },
	[SPLIT_TEARDOWN] = { "teardown", PART_TEARDOWN,
		"From the last item of all to the end of the round." },
	[SPLIT_UNEXPLAINED] = { "unexplained", PART_BODY,
		"What is left of workers x wall time: no part has it." },
};

/* `held_ns` is the time that must be explained, `cpu0_ns` and `wait0_ns` are what the items cost sequentially. */
static struct split split(const struct worker_sample *of, uint64_t held_ns, int64_t cpu0_ns, int64_t wait0_ns)
{
	struct split s = { .ns = {
		[SPLIT_USEFUL] = cpu0_ns + wait0_ns,
		[SPLIT_INFLATION] = (int64_t)of->body_cpu_ns - cpu0_ns,
		[SPLIT_RUN_QUEUE] = (int64_t)of->body_run_queue_ns,
		[SPLIT_BLOCKED] = (int64_t)of->body_wait_ns - wait0_ns,
		[SPLIT_STOLEN] = (int64_t)of->body_stolen_ns,
	} };
	int64_t left_ns = (int64_t)held_ns;

	for (int i = 0; i < SPLIT_UNEXPLAINED; i++) {
		if (split_infos[i].part != PART_BODY)
			s.ns[i] = (int64_t)of->part_ns[split_infos[i].part];
		left_ns -= s.ns[i];
	}
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
	double share = sample->incomplete ? sample->total.useful_share : 1; /* of all items, which the baseline did */

	return split_share(&sample->total, sample->workers * sample->wall_ns, share, baseline);
}

struct split split_worker(const struct sample *sample, const struct worker_sample *worker,
			  const struct body_cost *baseline)
{
	return split_share(worker, sample->wall_ns, worker->useful_share, baseline);
}
