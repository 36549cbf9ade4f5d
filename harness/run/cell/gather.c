#include "run/cell/gather.h"

#include "base/proc.h"
#include "model/disturbance.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* Whether workers of a pool may be replaced inside a round. */
static bool replaces(const struct crew *crew)
{
	return crew->mode->processes && !crew->mode->crew_in_round &&
	       (crew->cell->calling.recycle || crew_may_lose(crew));
}

/* CPU time of the cell process, its threads, of the worker processes that ended inside rounds, and of the
 * workload's servers. */
static uint64_t own_cpu_ns(const struct crew *crew)
{
	bool reaped = crew->mode->processes && crew->mode->crew_in_round;
	uint64_t ns = proc_used_ns(RUSAGE_SELF) + (reaped ? proc_used_ns(RUSAGE_CHILDREN) : 0);

	if (replaces(crew)) { /* the slots do not include what making and ending a worker costs */
		ns += proc_used_ns(RUSAGE_CHILDREN);
		for (unsigned w = 0; w < crew->cell->workers; w++)
			ns += crew->pids[w] ? proc_cpu_ns(crew->pids[w]) : 0;
	}
	for (unsigned i = 0; i < crew->server_count; i++)
		ns += proc_cpu_ns(crew->servers[i]);
	return ns;
}

int before_round_read(struct before_round *b, const struct crew *crew)
{
	struct machine_times times = proc_machine_times();

	if (!b->stolen_of_cpu_ns)
		b->stolen_of_cpu_ns = calloc(CPUS_WORDS * 64, sizeof(uint64_t));
	if (!b->stolen_of_cpu_ns)
		return -ENOMEM;
	proc_stolen(b->stolen_of_cpu_ns, CPUS_WORDS * 64);
	b->busy_ns = times.busy_ns;
	b->stolen_ns = times.stolen_ns;
	b->throttled = proc_throttled("");
	b->own_cpu_ns = own_cpu_ns(crew);
	return 0;
}

/* Divides the time in which a worker's bodies neither ran nor were runnable into stolen time and waiting. */
static void split_rest(struct worker_sample *s, uint64_t stolen_without_switch_ns, uint64_t stolen_of_cpu_ns)
{
	uint64_t rest_ns = s->part_ns[PART_BODY] - s->body_cpu_ns - s->body_run_queue_ns - stolen_without_switch_ns;
	uint64_t more_ns =
		stolen_of_cpu_ns > stolen_without_switch_ns ? stolen_of_cpu_ns - stolen_without_switch_ns : 0;

	more_ns = more_ns < rest_ns ? more_ns : rest_ns;
	s->body_stolen_ns = stolen_without_switch_ns + more_ns;
	s->body_wait_ns = rest_ns - more_ns;
}

/* The mean stolen time of the processors of a set: it is not known on which of them a worker ran. */
static uint64_t stolen_of(const struct cpus *set, const uint64_t *before_ns, const uint64_t *after_ns)
{
	uint64_t sum_ns = 0, count = 0;

	for (unsigned cpu = 0; cpu < CPUS_WORDS * 64; cpu++) {
		if (!(set->bits[cpu / 64] >> cpu % 64 & 1))
			continue;
		sum_ns += after_ns[cpu] - before_ns[cpu];
		count++;
	}
	return count ? sum_ns / count : 0;
}

static void gather_worker(struct worker_sample *s, const struct slot *slot, uint64_t stolen_ns)
{
	uint64_t body_ns = slot->account.part_ns[PART_BODY];

	*s = (struct worker_sample){
		.pid = atomic_load(&slot->pid),
		.tid = atomic_load(&slot->tid),
		.bound_to = slot->bound_to,
		.items = slot->items,
	};
	memcpy(s->part_ns, slot->account.part_ns, sizeof(s->part_ns));
	memcpy(s->counters, slot->counters, sizeof(s->counters));
	s->body_cpu_ns = slot->body_cpu_ns < body_ns ? slot->body_cpu_ns : body_ns;
	s->body_run_queue_ns = slot->body_run_queue_ns < body_ns - s->body_cpu_ns ? slot->body_run_queue_ns :
										    body_ns - s->body_cpu_ns;
	body_ns -= s->body_cpu_ns + s->body_run_queue_ns;
	split_rest(s, slot->body_stolen_ns < body_ns ? slot->body_stolen_ns : body_ns, stolen_ns);
}

/* What a worker's items cost in the baseline: their number times the baseline's mean cost of the items that it has
 * stamped. */
static double cost_of_items(const struct crew *crew, unsigned w, const double *weights)
{
	const uint32_t *stamped = arena_range_items(crew->arena, w);
	double items = (double)arena_slot(crew->arena, w)->items, cost = 0, count = 0;

	for (unsigned r = 0; weights && r < COST_RANGES; r++) {
		cost += stamped[r] * weights[r];
		count += stamped[r];
	}
	return count > 0 ? items * cost / count : items;
}

static void share_out_cost(struct sample *sample, const struct crew *crew, const double *weights)
{
	double all = 0, done = (double)sample->items / (double)crew->state.items; /* below 1: some have no result */

	for (uint32_t w = 0; w < sample->workers; w++)
		all += sample->worker[w].useful_share = cost_of_items(crew, w, weights);
	for (uint32_t w = 0; w < sample->workers; w++)
		sample->worker[w].useful_share *= done / (all > 0 ? all : 1);
}

static void add_to_total(struct worker_sample *total, const struct worker_sample *s)
{
	total->items += s->items;
	for (enum part part = 0; part < PART_COUNT; part++)
		total->part_ns[part] += s->part_ns[part];
	total->body_cpu_ns += s->body_cpu_ns;
	total->body_run_queue_ns += s->body_run_queue_ns;
	total->body_stolen_ns += s->body_stolen_ns;
	total->body_wait_ns += s->body_wait_ns;
	total->useful_share += s->useful_share;
	for (size_t i = 0; i < COUNTERS_MAX; i++)
		total->counters[i] += s->counters[i]; /* NAN if a worker has no value */
}

/* Whether others used the machine during the round. */
static bool is_disturbed(const struct sample *s, const struct before_round *before, uint64_t after_cpu_ns)
{
	struct machine_times now = proc_machine_times();
	int64_t other_ns = (int64_t)(now.busy_ns - before->busy_ns) - (int64_t)(s->cpu_ns + after_cpu_ns);

	other_ns += (int64_t)(now.stolen_ns - before->stolen_ns);
	return disturbance((double)other_ns, (double)s->wall_ns, OTHER_LOAD_SHARE) > 1;
}

void gather_sample(struct sample *s, const struct crew *crew, const struct round *round,
		   const struct before_round *before, const double *weights)
{
	uint64_t *stolen_ns = calloc(CPUS_WORDS * 64, sizeof(*stolen_ns));
	/* pooled workers are alive, so that this process's own times do not include theirs */
	bool pooled = crew->mode->processes && !crew->mode->crew_in_round && !replaces(crew);

	s->wall_ns = round->end_ns - round->start_ns;
	s->cpu_ns = own_cpu_ns(crew) - before->own_cpu_ns + round->cpu_ns;
	s->own_answers = round->own_answers;
	s->workers = crew->cell->workers;
	s->items = s->digest = s->bytes_moved = 0;
	s->total = (struct worker_sample){ 0 };
	if (stolen_ns)
		proc_stolen(stolen_ns, CPUS_WORDS * 64);
	for (uint32_t w = 0; w < s->workers; w++) {
		const struct slot *slot = arena_slot(crew->arena, w);
		uint64_t stolen = stolen_ns ? stolen_of(&slot->bound_to, before->stolen_of_cpu_ns, stolen_ns) : 0;

		gather_worker(&s->worker[w], slot, stolen);
		s->items += slot->items;
		s->digest += slot->digest;
		s->bytes_moved += slot->bytes_moved;
		s->cpu_ns += pooled ? slot->cpu_ns : 0;
	}
	share_out_cost(s, crew, weights);
	for (uint32_t w = 0; w < s->workers; w++)
		add_to_total(&s->total, &s->worker[w]);
	s->throttled = proc_throttled("") > before->throttled;
	s->disturbed = is_disturbed(s, before, round->after_cpu_ns);
	free(stolen_ns);
}

double gather_item_ns(const struct sample *s)
{
	const uint64_t *part_ns = s->total.part_ns;

	return (double)(part_ns[PART_BODY] + part_ns[PART_DISPATCH] + part_ns[PART_COPY]) /
	       (double)(s->items ? s->items : 1);
}
