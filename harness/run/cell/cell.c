#include "run/cell/cell.h"

#include "base/addresses.h"
#include "base/child.h"
#include "base/median.h"
#include "base/proc.h"
#include "model/schedule.h"
#include "run/cell/internal.h"
#include "run/cell/last_words.h"
#include "run/crew/dealer.h"
#include "run/crew/deaths.h"
#include "run/crew/describe.h"
#include "run/crew/futures.h"
#include "run/crew/timeouts.h"
#include "run/transports/shared.h"
#include "run/worker/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void cell_tell_phase(const struct cell_process *p, enum phase phase)
{
	uint32_t number = phase;

	frame_send(p->fd, FRAME_PHASE, &number, sizeof(number));
}

int cell_tell_failure(const struct cell_process *p)
{
	crew_kill((struct crew *)&p->crew);
	frame_send_record(p->fd, FRAME_FAILURE, &p->crew.failure);
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

/* Starts a process for the workload, after multiprocessing.Manager. */
static int server(void *context, void (*serve)(void *argument), void *argument)
{
	struct crew *crew = &((struct cell_process *)context)->crew;
	pid_t pid;

	if (crew->server_count == SERVERS_MAX)
		return -ENOSPC;
	pid = child_fork(SIGKILL);
	if (pid < 0)
		return pid;
	if (pid) {
		crew->servers[crew->server_count++] = pid;
		return 0;
	}
	serve(argument);
	_exit(0);
}

static void tell_facts(const struct cell_process *p)
{
	struct facts facts = {
		.items = p->crew.state.items,
		.runtime = p->crew.runtime,
		.fixed_addresses = addresses_are_fixed(),
	};

	frame_send_record(p->fd, FRAME_FACTS, &facts);
}

int cell_fail(struct cell_process *p, const char *why)
{
	crew_fail(&p->crew, FAILURE_ERROR, -1, "%s", why);
	return cell_tell_failure(p);
}

int cell_fail_by(struct cell_process *p, int error, const char *what, const char *name)
{
	crew_fail_by(&p->crew, error, "%s '%s'", what, name); /* does nothing where the cause is known already */
	return cell_tell_failure(p);
}

static int describe_workload(const struct cell_process *p)
{
	const struct workload *workload = p->crew.workload;
	struct param_description params[OBJECT_PARAMS];
	struct description description = { .reads_files = workload->files, .params = params };

	snprintf(description.name, sizeof(description.name), "%s", workload->name);
	for (const struct param *param = workload->params; param && param->name; param++) {
		struct param_description *own = &params[description.param_count++];

		snprintf(own->name, sizeof(own->name), "%s", param->name);
		snprintf(own->preset, sizeof(own->preset), "%s", param->preset);
	}
	return frame_send_record(p->fd, FRAME_WORKLOAD, &description);
}

/* Returns what is wrong with what open() has returned; NULL: nothing. */
static const char *flaw_of_state(const struct workload_state *state, int err, const struct why *why)
{
	if (err > 0)
		return "open() returned a number above 0, which is no -errno";
	if (err < 0 && state->why[0])
		return state->why;
	if (err < 0) {
		why_failed(why, err, "open() has failed");
		return why->text;
	}
	if (state->items > ITEMS_MOST)
		return "open() has set more items than there may be";
	return state->items ? NULL : "open() has set no items";
}

static int open_workload(struct cell_process *p)
{
	const struct spec *spec = &p->spec;
	struct crew *crew = &p->crew;
	struct workload_options options = spec_options(spec);
	const char *wrong;
	char why[512];

	options.skipped = skipped;
	options.context = p;
	options.shared = shared;
	options.server = server;
	options.waits = worker_waits;
	cell_tell_phase(p, PHASE_OPEN);
	crew->workload = spec_check(spec, WHY(why)) ? NULL : spec_workload(spec, WHY(why));
	if (!crew->workload)
		return cell_fail(p, why);
	if (spec->describe)
		return describe_workload(p);
	if (spec_check_values(spec, crew->workload, WHY(why)))
		return cell_fail(p, why);
	wrong = flaw_of_state(&crew->state, crew->workload->open(&options, &crew->state), WHY(why));
	if (wrong)
		return cell_fail(p, wrong);
	if (picked_open(&crew->picked, &spec->cell, &crew->workload, &crew->state, WHY(why)))
		return cell_fail(p, why);
	if (crew->workload->input) {
		struct bytes first = { NULL, 0 };

		crew->has_input = crew->workload->input(crew->state.data, 0, &first) == 0 && first.size > 0;
	}
	tell_facts(p);
	return 0;
}

/* ---- Start ---- */

/* Whether parent and workers send each other messages. */
static bool talks(const struct crew *crew)
{
	return crew->transport && (crew_asks(crew) || crew_answers(crew) || crew->state.output_max ||
				   crew->cell->per_item || crew->cell->calling.recycle);
}

static int make_crew_memory(struct cell_process *p)
{
	struct crew *crew = &p->crew;
	struct cell *cell = &p->spec.cell;
	const struct schedule *schedule = schedule_find(cell->schedule);
	struct arena_layout layout = {
		.workers = cell->workers,
		.items = crew->state.items,
		.chunk = cell->chunk && cell->chunk < crew->state.items ? cell->chunk :
			 crew->call && crew->call->submits		? 1 :
									  crew->state.items,
		.schedule = schedule ? schedule->kind : SCHEDULE_STATIC, /* without one all items are one block */
		.submits = crew_submits(crew) && crew->transport->shared_ranges,
		.picked = cell->picked,
		.digest_count = p->spec.digest_count,
	};

	crew->arena = arena_map(p->spec.arena_fd, &layout);
	crew->pids = calloc(cell->workers, sizeof(*crew->pids));
	crew->timeouts = cell->calling.item_timeout_ns ? timeouts_create(cell->workers) : NULL;
	p->sample.worker = calloc(cell->workers, sizeof(*p->sample.worker));
	if (!crew->arena || !crew->pids || !p->sample.worker ||
	    (cell->calling.item_timeout_ns && !crew->timeouts))
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
				 "transport '%s' needs more descriptors for %u workers than may be open (ulimit -n)",
				 crew->transport->name, cell->workers);
	if (!crew->channels)
		return crew_fail_by(crew, errno, "cannot open transport '%s' for %u workers", crew->transport->name,
				    cell->workers);
	crew->dealer = dealer_create(crew);
	if (crew->call && (crew->state.output_max || crew_answers(crew)))
		crew->futures = futures_create(crew->call, &cell->calling, crew->state.items);
	return crew->dealer && (crew->futures || !crew_answers(crew)) ? 0 : -ENOMEM;
}

/* The shortest of several readings: what a reading of the clock costs when nothing interrupts it. */
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

static int start(struct cell_process *p)
{
	struct crew *crew = &p->crew;
	uint64_t from_ns;
	int err;

	cell_tell_phase(p, PHASE_START);
	crew_describe(crew, &p->spec);
	err = make_crew_memory(p);
	if (err)
		return cell_fail_by(p, err, "cannot make the memory of mode", crew->mode->name);
	crew->arena->clock_cost_ns = clock_cost();
	crew->arena->stamp_every = cell_stamps_all(p) || crew->state.items <= COST_RANGES ? 1 : STAMP_GROUP;
	crew->arena->cpu_every = 1;
	from_ns = clock_ns();
	err = crew->mode->start ? crew->mode->start(crew) : 0;
	p->crew_report.start_ns = crew->start_ns ? crew->start_ns : clock_ns() - from_ns;
	p->crew_report.start_ns = crew->mode->crew_in_round ? 0 : p->crew_report.start_ns;
	for (unsigned w = 0; w < crew->cell->workers; w++)
		p->crew_report.initializer_ns += arena_slot(crew->arena, w)->initializer_ns / crew->cell->workers;
	if (err)
		return cell_fail_by(p, err, "cannot start mode", crew->mode->name);
	if (crew->runtime.name[0])
		tell_facts(p);
	return 0;
}

/* ---- End ---- */

static double median_item_ns(const struct cell_process *p, double *wall_ns)
{
	if (p->pairs == 0)
		return 0;
	return median_of(wall_ns, p->pairs) * p->crew.cell->workers / (double)p->crew.state.items;
}

/* Sends what an item of each range cost in this baseline; ranges without a stamped item get the mean. */
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

	cell_tell_phase(p, PHASE_STOP);
	if (!p->crew.mode->parallel)
		send_costs(p);
	from_ns = clock_ns();
	if (p->crew.mode->stop)
		p->crew.mode->stop(&p->crew);
	p->crew_report.end_ns = p->crew.end_ns ? p->crew.end_ns : clock_ns() - from_ns;
	p->crew_report.end_ns = p->crew.mode->crew_in_round ? 0 : p->crew_report.end_ns;
	if (p->crew.failed)
		return cell_tell_failure(p);
	p->crew_report.stamped_ns = median_item_ns(p, p->stamped_ns);
	p->crew_report.unstamped_ns = median_item_ns(p, p->unstamped_ns);
	return frame_send_record(p->fd, FRAME_CREW, &p->crew_report);
}

static int read_spec(struct cell_process *p)
{
	struct frame_head head = { 0 };
	const void *data;
	int err = -EPROTO;

	if (frame_receive(&p->received, p->fd, &head, &data) == 1 && head.type == FRAME_SPEC)
		err = spec_decode(&p->spec, data, head.size);
	if (!err && frame_receive(&p->received, p->fd, &head, &data) == 1 && head.type == FRAME_WEIGHTS &&
	    head.size == sizeof(p->weights)) {
		memcpy(p->weights, data, sizeof(p->weights));
		p->has_weights = true;
	}
	return err;
}

static int execute_rounds(struct cell_process *p)
{
	if (p->spec.by_turns) {
		if (!p->crew.mode->parallel)
			send_costs(p); /* those with which it takes turns need them */
		return cell_take_turns(p);
	}
	return cell_count_rounds(p, p->spec.rounds, 2 * p->spec.rounds);
}

static int run_invocation(struct cell_process *p)
{
	int err = start(p);

	err = err ? err : cell_warm_up(p);
	err = err ? err : execute_rounds(p);
	err = err ? err : cell_probed_round(p);
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
	timeouts_destroy(crew->timeouts);
	free(p->sample.worker);
	free(p->before.stolen_of_cpu_ns);
	frame_release(&p->received);
	spec_release(&p->spec);
}

/* Moves what will be mapped from now on. */
static void move_addresses(uint32_t pages)
{
	if (pages)
		mmap(NULL, pages * (size_t)sysconf(_SC_PAGESIZE), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int cell_main(int fd)
{
	struct cell_process *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	fcntl(fd, F_SETFD, FD_CLOEXEC); /* workers that are started afresh do not get it */
	p->fd = fd;
	err = read_spec(p);
	if (err) {
		fprintf(stderr, "bench: --cell is for the supervisor only\n");
		frame_release(&p->received);
		spec_release(&p->spec);
		free(p);
		return 2;
	}
	move_addresses(p->spec.mapping);
	err = open_workload(p);
	if (!err && !p->spec.describe && !p->spec.probe_only)
		err = run_invocation(p);
	if (err) { /* threads may still run: nothing that they use is released */
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
