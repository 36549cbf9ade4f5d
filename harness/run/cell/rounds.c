#include "run/cell/internal.h"

#include "base/digest.h"
#include "base/proc.h"
#include "run/cell/timer.h"
#include "run/crew/latencies.h"
#include "run/crew/parent.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define STAMP_ALL_NS 10000.0 /* items that take longer all carry their own stamps */
#define STAMP_NS 110.0       /* cost of a full set of stamps */
#define STAMP_SHARE 0.01     /* share of the items' time that stamps may cost */
#define STAMPS_LEAST 64      /* stamps that each worker makes in a round whatever they cost */
#define PROBE_NS 1500.0      /* cost of reading CPU clock, schedstat and rusage before and after a body */
#define PROBE_SHARE 0.002    /* share of an item's time that this may cost */
#define PROBED_INVOCATIONS 3 /* of a cell that have a probed round: their median needs no more */
#define NEVER (UINT64_MAX / 2) /* for stamp_every: no round has so many items */
#define LATENCIES_SHORT (LATENCIES_MOST / 4) /* values of a round whose items are short: a stamp costs 22 ns */
#define UNSTAMPED_MAX_NS 50000000 /* in longer rounds noise hides the cost of stamps */

static void count_result(void *context, const struct result *result)
{
	struct cell_process *p = context;

	p->received_items++;
	if (p->crew.round->warmup) /* checked once: that the transport changes nothing */
		p->received_digest += digest_item(arena_item(p->crew.arena, result->item), result->output.data,
						   result->output.size);
}

/* Executes a round for Google Benchmark: one iteration is one round. */
static int64_t timed_round(void *context, uint64_t iterations)
{
	struct cell_process *p = context;
	struct round *round = (struct round *)p->crew.round;
	int err = p->crew.mode->round(&p->crew, round);

	(void)iterations; /* it is 1, since each round is a sample */
	if (err)
		crew_fail_by(&p->crew, err, "a round of mode '%s' could not go on", p->crew.mode->name);
	return p->crew.failed ? -1 : (int64_t)(round->end_ns - round->start_ns);
}

static int execute(struct cell_process *p, struct round *round)
{
	struct timing timing;

	cell_tell_phase(p, PHASE_ROUND);
	crew_prepare(&p->crew, round);
	if (before_round_read(&p->before, &p->crew))
		return cell_fail_by(p, ENOMEM, "cannot begin a round of mode", p->crew.mode->name);
	p->crew.round = round;
	if (timer_run(p->crew.cell->mode, timed_round, p, 1, 0, &timing)) {
		crew_fail(&p->crew, FAILURE_ERROR, -1, "the round was not timed");
		return cell_tell_failure(p);
	}
	crew_close_accounts(&p->crew, round);
	p->sample.started_ns = round->start_ns - p->spec.run_ns;
	p->sample.invocation = p->spec.invocation;
	p->sample.round = round->number - 1;
	p->sample.warmup = round->warmup;
	p->sample.probed = round->probed;
	p->sample.incomplete = round->without_result > 0;
	gather_sample(&p->sample, &p->crew, round, &p->before, p->has_weights ? p->weights : NULL);
	return 0;
}

bool cell_stamps_all(const struct cell_process *p)
{
	return p->spec.cell.per_item || p->spec.log.level == LOG_DEBUG;
}

static int send_sample(struct cell_process *p)
{
	return frame_send_record(p->fd, FRAME_SAMPLE, &p->sample);
}

/* Of how many items the time from submit to result is measured in the next round. */
static uint32_t latencies_wanted(const struct arena *a)
{
	if (a->stamp_every == NEVER)
		return 0;
	return a->stamp_every == 1 ? LATENCIES_MOST : LATENCIES_SHORT;
}

/* Executes a round of the kind that the caller has chosen. */
static int do_round(struct cell_process *p, struct round *round)
{
	int err;

	round->number = ++p->rounds_done;
	round->sink = (struct sink){ count_result, p };
	round->latencies = latencies_wanted(p->crew.arena);
	p->received_items = p->received_digest = 0;
	err = execute(p, round);
	err = err ? err : cell_check_sample(p, round);
	err = err ? err : cell_check_received(p, round);
	err = err ? err : cell_settle(p, round);
	return err || !round->warmup ? err : cell_check_marks(p, round);
}

/* The size of a group: stamps take at most STAMP_SHARE of the time, but each worker makes at least STAMPS_LEAST. */
static uint64_t group_size(const struct cell_process *p, double item_ns)
{
	double group = STAMP_NS / (STAMP_SHARE * item_ns);
	double most = (double)p->crew.state.items / p->crew.cell->workers / STAMPS_LEAST;

	group = group < most ? group : most;
	return group > STAMP_GROUP ? (uint64_t)group : STAMP_GROUP;
}

/* Chooses how many items are stamped from now on, by what an item costs. */
static void choose_stamps(struct cell_process *p)
{
	struct arena *a = p->crew.arena;
	double item_ns = gather_item_ns(&p->sample), least_ns = item_ns > 1 ? item_ns : 1;

	if (!cell_stamps_all(p) && p->spec.instructions)
		a->stamp_every = NEVER;
	else if (!cell_stamps_all(p))
		a->stamp_every = item_ns >= STAMP_ALL_NS ? 1 : group_size(p, least_ns);
	a->cpu_every = p->spec.instructions ? 1 : (uint64_t)(PROBE_NS / (PROBE_SHARE * least_ns)) + 1;
}

static bool is_process(const struct crew *crew, const struct slot *slot)
{
	pid_t pid = atomic_load(&slot->pid);

	return pid && pid != getpid() && pid != crew->helper;
}

/* Returns the peak of the memory of all processes of the crew, the workload's servers among them; 0, not known, if that
 * of one is not known. What they share is counted once. */
static uint64_t memory_of(const struct crew *crew)
{
	uint64_t own = proc_peak_pss(), helper = crew->helper ? proc_peak_pss_of(crew->helper) : 0, sum = own + helper;
	bool known = own && (helper || !crew->helper);

	for (unsigned i = 0; i < crew->server_count; i++) {
		uint64_t server = proc_peak_pss_of(crew->servers[i]);

		sum += server;
		known &= server > 0;
	}
	for (unsigned w = 0; w < crew->cell->workers; w++) {
		const struct slot *slot = arena_slot(crew->arena, w);

		sum += slot->memory.private_bytes + slot->memory.shared_bytes;
		known &= slot->memory.private_bytes || !is_process(crew, slot);
	}
	return known ? sum : 0;
}

int cell_warm_up(struct cell_process *p)
{
	struct round round = { .warmup = true };
	int err = do_round(p, &round);

	if (err)
		return err;
	cell_tell_phase(p, PHASE_CHECK);
	p->crew_report.rss_bytes = memory_of(&p->crew);
	choose_stamps(p);
	return send_sample(p);
}

static bool has_time(const struct cell_process *p)
{
	return !p->spec.deadline_ns || clock_ns() + p->sample.wall_ns < p->spec.deadline_ns;
}

/* Executes a round without stamps after one with stamps, to find out what the stamps cost. */
static int pair_unstamped(struct cell_process *p)
{
	struct arena *a = p->crew.arena;
	uint64_t every = a->stamp_every, cpu_every = a->cpu_every;
	double stamped_ns = (double)p->sample.wall_ns;
	struct round round = { 0 };
	int err;

	if (p->pairs == UNSTAMPED_ROUNDS || p->sample.wall_ns > UNSTAMPED_MAX_NS || cell_stamps_all(p) ||
	    p->spec.instructions)
		return 0;
	a->stamp_every = NEVER;
	err = do_round(p, &round);
	a->stamp_every = every;
	a->cpu_every = cpu_every;
	if (err)
		return err;
	p->stamped_ns[p->pairs] = stamped_ns;
	p->unstamped_ns[p->pairs++] = (double)p->sample.wall_ns;
	return 0;
}

int cell_count_rounds(struct cell_process *p, uint32_t rounds, uint32_t most)
{
	uint32_t counted = 0;

	for (uint32_t i = 0; counted < rounds && i < most && has_time(p); i++) {
		struct round round = { 0 };
		int err = do_round(p, &round);

		err = err ? err : send_sample(p);
		counted += !p->sample.disturbed || p->spec.instructions;
		choose_stamps(p); /* in the warm-up round an item's cost included its checks */
		err = err ? err : pair_unstamped(p);
		if (err)
			return err;
	}
	return 0;
}

/* Whether counters need a round of their own, since they are expensive to open and workers are made inside the
 * round. */
static bool needs_probed_round(const struct cell_process *p)
{
	const struct counter_set *set = &p->spec.counters;
	bool in_round = p->crew.mode->crew_in_round || p->spec.cell.calling.recycle;

	for (size_t i = 0; i < set->count && in_round && p->spec.invocation < PROBED_INVOCATIONS; i++)
		if (set->infos[i].status != COUNTER_NOT_AVAILABLE && !set->sources[set->source[i]]->cheap)
			return true;
	return false;
}

int cell_probed_round(struct cell_process *p)
{
	struct round round = { .probed = true };
	int err;

	if (!needs_probed_round(p) || !has_time(p))
		return 0;
	err = do_round(p, &round);
	return err ? err : send_sample(p);
}
