#include "run/cell.h"

#include "plan/registry.h"
#include "run/dealer.h"
#include "run/digest.h"
#include "run/frames.h"
#include "run/futures.h"
#include "run/gather.h"
#include "run/last_words.h"
#include "run/median.h"
#include "run/proc.h"
#include "run/shared.h"
#include "run/spec.h"
#include "run/timer.h"
#include "run/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define STAMP_ALL_NS 10000.0 /* from here on every item carries its own stamps */
#define STAMP_GROUP 64       /* items of which one is stamped, or more where that would cost too much */
#define STAMP_NS 110.0       /* of a full set of stamps */
#define STAMP_SHARE 0.01     /* of the items' time that stamps may cost */
#define STAMPS_LEAST 64      /* a worker and round, though */
#define PROBE_NS 1500.0      /* of reading CPU clock, schedstat and rusage around a body */
#define PROBE_SHARE 0.002    /* of an item that this may cost */
#define UNSTAMPED_ROUNDS 5   /* for the cost of the stamps */
#define UNSTAMPED_MAX_NS 50000000 /* in longer rounds the cost drowns in noise */

struct cell_process {
	int fd;
	struct spec spec;
	double weights[COST_RANGES];
	bool has_weights;
	struct crew crew;
	struct sample sample; /* of the last round */
	struct before_round before;
	uint32_t rounds_done; /* of all kinds: number of the last round */
	uint64_t digest;      /* of the first round with all items */
	bool has_digest;
	uint64_t received_items, received_digest; /* by the sink, in this round */
	struct crew_report report;
	double stamped_ns[UNSTAMPED_ROUNDS], unstamped_ns[UNSTAMPED_ROUNDS]; /* wall time of rounds */
	unsigned pairs;
};

static void tell_phase(const struct cell_process *p, enum phase phase)
{
	uint32_t number = phase;

	frame_send(p->fd, FRAME_PHASE, &number, sizeof(number));
}

static int tell_failure(const struct cell_process *p)
{
	crew_kill((struct crew *)&p->crew);
	frame_send(p->fd, FRAME_FAILURE, &p->crew.failure, sizeof(p->crew.failure));
	return -ECHILD;
}

/* ---- Open ---- */

static void skipped(void *context, const char *file, const char *why)
{
	const struct cell_process *p = context;

	frame_send2(p->fd, FRAME_SKIPPED, file, strlen(file) + 1, why, strlen(why) + 1);
}

static void *shared(void *context, size_t size)
{
	(void)context;
	return shared_memory(size);
}

/* A process of the workload's own, after multiprocessing.Manager. */
static int server(void *context, void (*serve)(void *argument), void *argument)
{
	struct crew *crew = &((struct cell_process *)context)->crew;
	pid_t parent = getpid(), pid;

	if (crew->server_count == SERVERS_MAX)
		return -ENOSPC;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid) {
		crew->servers[crew->server_count++] = pid;
		return 0;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		serve(argument);
	_exit(0);
}

static int fail_plainly(struct cell_process *p, const char *why)
{
	crew_fail(&p->crew, FAILURE_ERROR, -1, "%s", why);
	return tell_failure(p);
}

static int open_workload(struct cell_process *p)
{
	const struct spec *spec = &p->spec;
	struct crew *crew = &p->crew;
	struct workload_options options = spec_options(spec);
	struct facts facts;
	int err;

	options.skipped = skipped;
	options.context = p;
	options.shared = shared;
	options.server = server;
	tell_phase(p, PHASE_OPEN);
	crew->workload = registry_workload(spec->cell.workload);
	if (crew->workload->abi != BENCH_WORKLOAD_ABI)
		return fail_plainly(p, "the workload was made for another version of workload.h");
	err = crew->workload->open(&options, &crew->state);
	if (err)
		return fail_plainly(p, crew->state.why[0] ? crew->state.why : strerror(-err));
	if (crew->workload->input) {
		struct bytes first = { NULL, 0 };

		crew->has_input = crew->workload->input(crew->state.data, 0, &first) == 0 && first.size > 0;
	}
	facts = (struct facts){ .items = crew->state.items };
	frame_send(p->fd, FRAME_FACTS, &facts, sizeof(facts));
	return 0;
}

/* ---- Start ---- */

static enum schedule schedule_of(const char *name)
{
	for (unsigned i = 0; name && registry_schedules[i]; i++)
		if (!strcmp(registry_schedules[i], name))
			return (enum schedule)i;
	return SCHEDULE_STATIC; /* sequential: one block */
}

/* Whether parent and workers have anything to say to each other. */
static bool talks(const struct crew *crew)
{
	return crew->transport && (crew_asks(crew) || crew_answers(crew) || crew->state.output_max ||
				   crew->cell->per_item || crew->cell->calling.recycle);
}

static int make_crew_memory(struct cell_process *p)
{
	struct crew *crew = &p->crew;
	struct cell *cell = &p->spec.cell;
	struct arena_layout layout = {
		.workers = cell->workers,
		.items = crew->state.items,
		.chunk = cell->chunk && cell->chunk < crew->state.items ? cell->chunk :
			 crew->call && crew->call->submits		? 1 :
									  crew->state.items,
		.schedule = schedule_of(cell->schedule),
		.submits = crew_submits(crew) && crew->transport->shared_ranges,
		.digest_count = p->spec.digest_count,
	};

	crew->arena = arena_map(p->spec.arena_fd, &layout);
	crew->pids = calloc(cell->workers, sizeof(*crew->pids));
	crew->threads = calloc(cell->workers, sizeof(*crew->threads));
	crew->sights = cell->calling.item_timeout_ns ? calloc(cell->workers, sizeof(*crew->sights)) : NULL;
	p->sample.worker = calloc(cell->workers, sizeof(*p->sample.worker));
	if (!crew->arena || !crew->pids || !crew->threads || !p->sample.worker ||
	    (cell->calling.item_timeout_ns && !crew->sights))
		return -errno;
	crew->arena->digest_first = p->spec.digest_first;
	last_words_prepare(crew->arena);
	crew->submissions = arena_submissions(crew->arena);
	crew->talks = talks(crew);
	if (!crew->talks)
		return 0;
	crew->channels = crew->transport->open(cell->workers);
	if (!crew->channels && errno == ENOTSUP)
		return crew_fail(crew, FAILURE_UNAVAILABLE, -1,
				 "this system does not permit transport '%s' for %u workers", crew->transport->name,
				 cell->workers);
	if (!crew->channels && errno == EMFILE)
		return crew_fail(crew, FAILURE_UNAVAILABLE, -1,
				 "transport '%s' needs more descriptors for %u workers than may be open: raise ulimit -n",
				 crew->transport->name, cell->workers);
	if (!crew->channels)
		return -errno;
	crew->dealer = dealer_create(crew);
	crew->futures = crew->call && (crew->state.output_max || crew_answers(crew)) ? futures_create(crew) : NULL;
	return crew->dealer && (crew->futures || !crew_answers(crew)) ? 0 : -ENOMEM;
}

/* The least of several readings: what a call costs when nothing comes between. */
static uint64_t clock_cost(void)
{
	uint64_t least_ns = UINT64_MAX;

	for (int i = 0; i < 20; i++) {
		uint64_t from_ns = clock_ns();

		for (int j = 0; j < 100; j++)
			clock_ns();
		from_ns = clock_ns() - from_ns;
		least_ns = from_ns < least_ns ? from_ns : least_ns;
	}
	return least_ns / 101;
}

/* Whether every item carries its own stamps, whatever it costs: one process an item, or a line in the log. */
static bool stamps_all(const struct cell_process *p)
{
	return p->spec.cell.per_item || p->spec.log.level == LOG_DEBUG;
}

static int start(struct cell_process *p)
{
	struct crew *crew = &p->crew;
	uint64_t from_ns;
	int err;

	tell_phase(p, PHASE_START);
	spec_describe_crew(&p->spec, crew);
	err = make_crew_memory(p);
	if (err)
		return crew->failed ? tell_failure(p) : fail_plainly(p, strerror(-err));
	crew->arena->clock_cost_ns = clock_cost();
	crew->arena->stamp_every = stamps_all(p) || crew->state.items <= COST_RANGES ? 1 : STAMP_GROUP;
	crew->arena->cpu_every = 1;
	from_ns = clock_ns();
	err = crew->mode->start ? crew->mode->start(crew) : 0;
	p->report.start_ns = crew->aside.start_ns ? crew->aside.start_ns : clock_ns() - from_ns;
	p->report.start_ns = crew->mode->crew_in_round ? 0 : p->report.start_ns;
	for (unsigned w = 0; w < crew->cell->workers; w++)
		p->report.initializer_ns += arena_slot(crew->arena, w)->initializer_ns / crew->cell->workers;
	if (err && !crew->failed)
		return fail_plainly(p, strerror(-err));
	return err ? tell_failure(p) : 0;
}

/* ---- Rounds ---- */

static void count_result(void *context, const struct result *result)
{
	struct cell_process *p = context;

	p->received_items++;
	if (p->crew.round->warmup) /* once is enough to see that the transport changes nothing */
		p->received_digest += digest_item(result->item, result->output.data, result->output.size);
}

/* What Google Benchmark times: one iteration is one round. */
static int64_t timed_round(void *context, uint64_t iterations)
{
	struct cell_process *p = context;
	struct round *round = (struct round *)p->crew.round;
	int err = p->crew.mode->round(&p->crew, round);

	(void)iterations; /* 1: a round is a sample of its own */
	if (err && !p->crew.failed)
		crew_fail(&p->crew, FAILURE_ERROR, -1, "%s", strerror(-err));
	return p->crew.failed ? -1 : (int64_t)(round->end_ns - round->start_ns);
}

static int execute(struct cell_process *p, struct round *round)
{
	struct timing timing;

	tell_phase(p, PHASE_ROUND);
	crew_prepare(&p->crew, round);
	if (before_round_read(&p->before, &p->crew))
		return fail_plainly(p, strerror(ENOMEM));
	p->crew.round = round;
	if (timer_run(p->crew.cell->mode, timed_round, p, 1, 0, &timing)) {
		crew_fail(&p->crew, FAILURE_ERROR, -1, "the round was not timed");
		return tell_failure(p);
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

/* The same items with the same answers as in the first round. */
static int check_sample(struct cell_process *p, const struct round *round)
{
	const struct sample *s = &p->sample;

	if (s->items + round->without_result != p->crew.state.items)
		crew_fail(&p->crew, FAILURE_WRONG_ANSWER, -1, "%llu items were executed instead of %llu",
			  (unsigned long long)(s->items + round->without_result),
			  (unsigned long long)p->crew.state.items);
	else if (p->has_digest && !s->incomplete && s->digest != p->digest)
		crew_fail(&p->crew, FAILURE_WRONG_ANSWER, -1, "the answers of round %u differ from those before",
			  s->round);
	p->digest = s->incomplete ? p->digest : s->digest;
	p->has_digest |= !s->incomplete;
	return p->crew.failed ? tell_failure(p) : 0;
}

/* Every result that a worker sent has arrived, and in the warm-up round as it was sent. */
static int check_received(struct cell_process *p, const struct round *round)
{
	struct crew *crew = &p->crew;
	uint64_t items = 0, digest = 0;

	for (unsigned w = 0; w < crew->cell->workers; w++) {
		items += arena_slot(crew->arena, w)->sent_items;
		digest += arena_slot(crew->arena, w)->sent_digest;
	}
	if (items != p->received_items)
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "%llu of %llu results arrived through transport '%s'",
			  (unsigned long long)p->received_items, (unsigned long long)items, crew->transport->name);
	else if (round->warmup && digest != p->received_digest)
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "results changed on their way through transport '%s'",
			  crew->transport->name);
	return crew->failed ? tell_failure(p) : 0;
}

/* What the workload finds in the memory that its items share, and what the mode has measured. A mode of
 * another program has looked at that program's memory itself. */
static int settle(struct cell_process *p, const struct round *round)
{
	struct crew *crew = &p->crew;
	struct sample *s = &p->sample;
	int count = 0;

	s->measure_count = 0;
	if (crew->workload->settle && !crew->python)
		count = crew->workload->settle(crew->state.data, crew->state.items, s->measures, MEASURES_MAX);
	if (count < 0) {
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "what the workers left in shared memory is not what %llu "
			  "items must leave", (unsigned long long)crew->state.items);
		return tell_failure(p);
	}
	s->measure_count = (uint32_t)count;
	for (uint32_t i = 0; i < round->measure_count && s->measure_count < MEASURES_MAX; i++)
		s->measures[s->measure_count++] = round->measures[i];
	return 0;
}

/* Every item exactly once; those without a result not at all, those of a lost worker perhaps again. */
static int check_marks(struct cell_process *p, const struct round *round)
{
	struct crew *crew = &p->crew;
	uint64_t missing = 0;

	for (uint64_t item = 0; item < crew->state.items && !crew->failed; item++) {
		uint8_t times = atomic_load(&arena_marks(crew->arena)[item]);

		missing += times == 0;
		if (times == 1 || (times > 1 && round->was_lost) || (times == 0 && missing <= round->without_result))
			continue;
		crew_fail(crew, FAILURE_WRONG_ANSWER, -1, "%s %llu was executed %s", crew->workload->item,
			  (unsigned long long)item, times ? "more than once" : "not at all");
		crew->failure.item = (int64_t)item;
	}
	return crew->failed ? tell_failure(p) : 0;
}

static int send_sample(struct cell_process *p)
{
	return frame_send2(p->fd, FRAME_SAMPLE, &p->sample, sizeof(p->sample), p->sample.worker,
			   p->sample.workers * sizeof(*p->sample.worker));
}

static int one_round(struct cell_process *p, bool warmup, bool probed)
{
	struct round round = { .number = ++p->rounds_done, .warmup = warmup, .probed = probed };
	int err;

	round.sink = (struct sink){ count_result, p };
	p->received_items = p->received_digest = 0;
	err = execute(p, &round);
	err = err ? err : check_sample(p, &round);
	err = err ? err : check_received(p, &round);
	err = err ? err : settle(p, &round);
	return err || !warmup ? err : check_marks(p, &round);
}
/* The size of a group: stamps take at most STAMP_SHARE, but a worker has enough of them to go by. */
static uint64_t group_size(const struct cell_process *p, double item_ns)
{
	double group = STAMP_NS / (STAMP_SHARE * item_ns);
	double most = (double)p->crew.state.items / p->crew.cell->workers / STAMPS_LEAST;

	group = group < most ? group : most;
	return group > STAMP_GROUP ? (uint64_t)group : STAMP_GROUP;
}

/* How densely to stamp from now on, by what an item costs. */
static void choose_stamps(struct cell_process *p)
{
	struct arena *a = p->crew.arena;
	double item_ns = gather_item_ns(&p->sample), least_ns = item_ns > 1 ? item_ns : 1;

	if (!stamps_all(p))
		a->stamp_every = item_ns >= STAMP_ALL_NS ? 1 : group_size(p, least_ns);
	a->cpu_every = (uint64_t)(PROBE_NS / (PROBE_SHARE * least_ns)) + 1;
}

static int warm_up(struct cell_process *p)
{
	struct crew *crew = &p->crew;
	int err = one_round(p, true, false);

	if (err)
		return err;
	tell_phase(p, PHASE_CHECK);
	p->report.rss_bytes = proc_peak_pss() + crew->aside.rss_bytes;
	for (unsigned w = 0; crew->mode->processes && w < crew->cell->workers; w++)
		p->report.rss_bytes += arena_slot(crew->arena, w)->pss_bytes;
	choose_stamps(p);
	return send_sample(p);
}

static bool has_time(const struct cell_process *p)
{
	return !p->spec.deadline_ns || clock_ns() + p->sample.wall_ns < p->spec.deadline_ns;
}

/* A round without stamps beside the one with them that has just ended, for their cost. */
static int pair_unstamped(struct cell_process *p)
{
	struct arena *a = p->crew.arena;
	uint64_t every = a->stamp_every, cpu_every = a->cpu_every;
	double stamped_ns = (double)p->sample.wall_ns;
	int err;

	if (p->pairs == UNSTAMPED_ROUNDS || p->sample.wall_ns > UNSTAMPED_MAX_NS || stamps_all(p))
		return 0;
	a->stamp_every = UINT64_MAX / 2;
	err = one_round(p, false, false);
	a->stamp_every = every;
	a->cpu_every = cpu_every;
	if (err)
		return err;
	p->stamped_ns[p->pairs] = stamped_ns;
	p->unstamped_ns[p->pairs++] = (double)p->sample.wall_ns;
	return 0;
}

/* The counted rounds; a disturbed one is measured again, at most as many times as there are rounds. */
static int count_rounds(struct cell_process *p)
{
	uint32_t counted = 0;

	for (uint32_t i = 0; counted < p->spec.rounds && i < 2 * p->spec.rounds && has_time(p); i++) {
		int err = one_round(p, false, false);

		err = err ? err : send_sample(p);
		counted += !p->sample.disturbed;
		choose_stamps(p); /* the warm-up round knew only what an item costs with its checks */
		err = err ? err : pair_unstamped(p);
		if (err)
			return err;
	}
	return 0;
}

/* Where a crew is made inside the round, counters that cost time to open count in a round of their own. */
static bool needs_probed_round(const struct cell_process *p)
{
	const struct counter_set *set = &p->spec.counters;

	bool in_round = p->crew.mode->crew_in_round || p->spec.cell.calling.recycle;

	for (size_t i = 0; i < set->count && in_round; i++)
		if (set->infos[i].status != COUNTER_NOT_AVAILABLE && !set->sources[set->source[i]]->cheap)
			return true;
	return false;
}

static int probed_round(struct cell_process *p)
{
	int err;

	if (!needs_probed_round(p) || !has_time(p))
		return 0;
	err = one_round(p, false, true);
	return err ? err : send_sample(p);
}

/* ---- End ---- */

static double median_item_ns(const struct cell_process *p, double *wall_ns)
{
	if (p->pairs == 0)
		return 0;
	return median_of(wall_ns, p->pairs) * p->crew.cell->workers / (double)p->crew.state.items;
}

/* The baseline's cost of an item in each range; ranges without a stamped item get the mean. */
static void send_costs(const struct cell_process *p)
{
	const struct range_cost *cost = arena_costs(p->crew.arena);
	double costs[COST_RANGES], sum_ns = 0, items = 0;

	for (unsigned r = 0; r < COST_RANGES; r++) {
		sum_ns += (double)cost[r].body_ns;
		items += (double)cost[r].items;
	}
	for (unsigned r = 0; r < COST_RANGES; r++)
		costs[r] = cost[r].items ? (double)cost[r].body_ns / (double)cost[r].items
			   : items > 0   ? sum_ns / items
					 : 1;
	frame_send(p->fd, FRAME_COSTS, costs, sizeof(costs));
}

static int stop(struct cell_process *p)
{
	uint64_t from_ns;

	tell_phase(p, PHASE_STOP);
	if (!p->crew.mode->parallel)
		send_costs(p);
	from_ns = clock_ns();
	if (p->crew.mode->stop)
		p->crew.mode->stop(&p->crew);
	p->report.end_ns = p->crew.aside.end_ns ? p->crew.aside.end_ns : clock_ns() - from_ns;
	p->report.end_ns = p->crew.mode->crew_in_round ? 0 : p->report.end_ns;
	if (p->crew.failed)
		return tell_failure(p);
	p->report.stamped_ns = median_item_ns(p, p->stamped_ns);
	p->report.unstamped_ns = median_item_ns(p, p->unstamped_ns);
	return frame_send(p->fd, FRAME_CREW, &p->report, sizeof(p->report));
}

static int read_spec(struct cell_process *p)
{
	struct frame_buffer buffer = { 0 };
	struct frame_head head = { 0 };
	const void *data;
	int err = -EPROTO;

	if (frame_receive(&buffer, p->fd, &head, &data) == 1 && head.type == FRAME_SPEC)
		err = spec_decode(&p->spec, data, head.size);
	if (!err && frame_receive(&buffer, p->fd, &head, &data) == 1 && head.type == FRAME_WEIGHTS &&
	    head.size == sizeof(p->weights)) {
		memcpy(p->weights, data, sizeof(p->weights));
		p->has_weights = true;
	}
	frame_release(&buffer);
	return err;
}

static int run_invocation(struct cell_process *p)
{
	int err = start(p);

	err = err ? err : warm_up(p);
	err = err ? err : count_rounds(p);
	err = err ? err : probed_round(p);
	return err ? err : stop(p);
}

static void release(struct cell_process *p)
{
	struct crew *crew = &p->crew;

	if (crew->transport && crew->channels)
		crew->transport->close(crew->channels);
	dealer_destroy(crew->dealer);
	futures_destroy(crew->futures);
	last_words_dismiss();
	arena_unmap(crew->arena);
	free(crew->pids);
	free(crew->threads);
	free(crew->sights);
	free(p->sample.worker);
	free(p->before.stolen_of_cpu_ns);
	spec_release(&p->spec);
}

int cell_main(int fd)
{
	struct cell_process *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	fcntl(fd, F_SETFD, FD_CLOEXEC); /* not for workers that are started afresh */
	p->fd = fd;
	err = read_spec(p);
	if (err) {
		fprintf(stderr, "bench: --cell is for the supervisor only\n");
		free(p);
		return 2;
	}
	err = open_workload(p);
	if (!err && !p->spec.probe_only)
		err = run_invocation(p);
	if (err) { /* threads may still run: take nothing away from under them */
		frame_send(fd, FRAME_END, NULL, 0);
		_exit(0);
	}
	if (p->crew.workload && p->crew.workload->close && p->crew.state.data)
		p->crew.workload->close(p->crew.state.data);
	frame_send(fd, FRAME_END, NULL, 0);
	release(p);
	free(p);
	return 0;
}
