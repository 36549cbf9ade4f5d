#include "experiments/grain/internal.h"

#include "analyse/summary.h"
#include "model/registry.h"
#include "command/words.h"
#include "base/clock.h"
#include "run/supervise/machine.h"
#include "run/supervise/supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGUMENTS_MOST 64

/* ---- The bed ---- */

/* The chunks of all cells: that of the sweep of grains, and four times as much again and again. */
static int list_chunks(struct bed *bed)
{
	struct options *o = &bed->options;
	int err = 0;

	bed->chunk = o->chunks.number[0];
	for (uint64_t i = 1, chunk = 4 * bed->chunk; i < CHUNKS_MOST && !err; i++, chunk *= 4)
		err = numbers_add(&o->chunks, chunk);
	return err;
}

static int parse(struct bed *bed, int argc, char *const *arguments)
{
	char *all[ARGUMENTS_MOST];
	int count = 0;

	for (const char *const *a = bed->work->arguments; *a; a++)
		all[count++] = (char *)*a;
	if (argc > ARGUMENTS_MOST - count) {
		why_say(WHY(bed->why), "too many arguments");
		return -EINVAL;
	}
	for (int i = 0; i < argc; i++)
		all[count++] = arguments[i];
	return options_parse(&bed->options, count, all, WHY(bed->why));
}

static int check(struct bed *bed)
{
	const struct options *o = &bed->options;

	if (o->chunks.count == 1 && o->workers.count <= 1)
		return 0;
	why_say(WHY(bed->why), "--%s: one number is needed, not a list", o->chunks.count == 1 ? "workers" : "chunk");
	return -EINVAL;
}

static int list_cells(struct bed *bed)
{
	const struct workload *workload = registry_workload(bed->options.workloads.word[0]);
	int err = bed->options.workers.count ? 0 : numbers_add(&bed->options.workers, bed->placement.usable);

	err = err ? err : list_chunks(bed);
	for (size_t g = 0; g < bed->work->grains && !err; g++) {
		const char **values = options_values(&bed->options, workload, g);

		bed->facts[g] = (struct workload_facts){ workload->name, values, 1 };
		err = values ? 0 : -ENOMEM;
	}
	bed->workers = err ? 0 : (uint32_t)bed->options.workers.number[0];
	return err ? err : plan_make(&bed->plan, &bed->options, bed->facts, bed->work->grains, bed->workers);
}

int bed_open(struct bed *bed, const struct work *work, const struct effort *effort, int argc, char *const *arguments)
{
	ssize_t length = readlink("/proc/self/exe", bed->program_path, sizeof(bed->program_path) - 1);
	struct cpus anywhere;
	int err;

	bed->work = work;
	bed->effort = effort;
	err = parse(bed, argc, arguments);
	err = err ? err : length < 0 ? -EIO : check(bed);
	err = err ? err : placement_open(&bed->placement, NULL, WHY(bed->why));
	err = err ? err : placement_choose(&bed->placement, bed->options.bind, 1, &anywhere, WHY(bed->why));
	err = err ? err : folders_make(&bed->folders, NULL, "", "", true, WHY(bed->why));
	err = err ? err : janitor_start(&bed->janitor, bed->folders.scratch);
	err = err ? err : list_cells(bed);
	if (err && !bed->why[0])
		why_say(WHY(bed->why), "%s", strerror(-err));
	progress_begin(&bed->line, stderr, false);
	return err;
}

void bed_close(struct bed *bed)
{
	progress_end(&bed->line);
	plan_release(&bed->plan);
	for (size_t g = 0; g < GRAINS_MOST; g++)
		free((void *)bed->facts[g].values);
	janitor_finish(&bed->janitor);
	folders_release(&bed->folders);
	placement_close(&bed->placement);
	options_release(&bed->options);
}

/* ---- Subjects and their cells ---- */

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool is_of(const struct work *work, const struct cell *cell)
{
	bool prefixed = strncmp(cell->mode, work->prefix, strlen(work->prefix)) == 0;

	return registry_mode(cell->mode)->parallel && prefixed == work->prefixed;
}

int bed_subjects(const struct bed *bed, struct subject **subjects, size_t *count)
{
	struct subject *more = realloc(*subjects, (*count + bed->plan.count) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	*subjects = more;
	for (size_t i = 0; i < bed->plan.count; i++) {
		const struct cell *c = &bed->plan.cells[i];

		if (c->values != bed->facts[0].values || !is_of(bed->work, c) || (c->chunk && c->chunk != bed->chunk))
			continue;
		more[(*count)++] = (struct subject){
			.work = bed->work,
			.mode = c->mode,
			.transport = c->transport,
			.call = c->calling.call,
			.has_chunks = c->chunk > 0,
			.expected_ns = NAN,
			.dispatch_ns = NAN,
		};
	}
	return 0;
}

/* NULL: the plan has none. */
static const struct cell *cell_of(const struct bed *bed, const struct question *q)
{
	const struct subject *s = q->subject;

	for (size_t i = 0; i < bed->plan.count; i++) {
		const struct cell *c = &bed->plan.cells[i];

		if (c->values == bed->facts[q->grain].values && same(c->mode, s->mode) &&
		    same(c->transport, s->transport) && same(c->calling.call, s->call) &&
		    (!c->chunk || c->chunk == q->chunk))
			return c;
	}
	return NULL;
}

static const struct cell *sequential_of(const struct bed *bed, size_t grain)
{
	for (size_t i = 0; i < bed->plan.count; i++)
		if (bed->plan.cells[i].values == bed->facts[grain].values &&
		    !registry_mode(bed->plan.cells[i].mode)->parallel)
			return &bed->plan.cells[i];
	return NULL;
}

/* All items at once, for one worker of the mode whose rate is the sequential one. */
static struct cell reference_of(const struct cell *sequential, const struct mode *mode, uint64_t items)
{
	struct cell cell = *sequential;

	cell.mode = mode->name;
	cell.schedule = "static";
	cell.chunk = items;
	return cell;
}

/* ---- Asking ---- */

/* A run of the cells that a few questions are about. */
struct session {
	struct run run;
	struct cell *cells; /* sequential, reference if that is another one, then one a question */
	size_t references;
};

static int session_init(struct session *s, const struct bed *bed, const struct question *questions, size_t count)
{
	const struct cell *sequential = sequential_of(bed, questions[0].grain);
	const struct mode *reference = registry_mode(bed->work->reference);
	size_t used = 0;

	s->cells = calloc(count + 2, sizeof(*s->cells));
	s->run.cells = calloc(count + 2, sizeof(*s->run.cells));
	if (!s->cells || !s->run.cells)
		return -ENOMEM;
	s->cells[used++] = *sequential;
	if (reference->parallel)
		s->cells[used++] = reference_of(sequential, reference, questions[0].items);
	s->references = used;
	for (size_t i = 0; i < count; i++)
		s->cells[used++] = *cell_of(bed, &questions[i]);
	for (size_t i = 0; i < used; i++) {
		s->cells[i].items = questions[0].items;
		s->run.cells[i].cell = &s->cells[i];
	}
	s->run.cell_count = used;
	s->run.seed = bed->options.seed;
	s->run.started_ns = clock_ns();
	return 0;
}

static void session_release(struct session *s)
{
	run_release(&s->run);
	free(s->cells);
}

/* The median of a cell's wall time; NAN: it has none. */
static int wall_of(const struct run *run, const struct run_cell *rc, double *wall_ns)
{
	struct summary summary;
	int err;

	*wall_ns = NAN;
	if (rc->status != CELL_OK)
		return 0;
	err = summary_make(&summary, run, rc);
	*wall_ns = err ? NAN : summary.wall_ns.median;
	return err;
}

static void blame(struct subject *s, const struct run_cell *rc, const char *whose)
{
	if (rc->status == CELL_NOT_MEASURED)
		s->cut = true;
	else
		s->outcome = rc->status == CELL_NOT_AVAILABLE ? OUTCOME_NOT_AVAILABLE : OUTCOME_FAILED;
	why_say(WHY(s->why), "%s%.480s", whose, rc->status == CELL_FAILED ? rc->failure.message : rc->reason);
}

static int read_answers(struct session *s, struct question *questions, size_t count)
{
	const struct run_cell *reference = &s->run.cells[s->references - 1];
	double reference_ns;
	int err = wall_of(&s->run, reference, &reference_ns);

	for (size_t i = 0; i < count && !err; i++) {
		const struct run_cell *rc = &s->run.cells[s->references + i];
		struct question *q = &questions[i];

		err = wall_of(&s->run, rc, &q->wall_ns);
		q->reference_ns = reference_ns;
		if (rc->status != CELL_OK || isnan(q->wall_ns))
			blame(q->subject, rc, "");
		else if (isnan(reference_ns))
			blame(q->subject, reference, "the sequential run: ");
	}
	return err;
}

static void show(void *context, uint64_t done_ns, uint64_t total_ns, const char *what)
{
	struct bed *bed = context;

	progress_show(&bed->line, clock_ns() - bed->started_ns, bed->end_ns - bed->started_ns, what);
}

int bed_ask(struct bed *bed, struct question *questions, size_t count, uint64_t budget_ns, uint32_t rounds,
	    uint32_t invocations)
{
	char *program[2] = { bed->program_path, NULL };
	const struct counter_set no_counters = { .sources = registry_counter_sources };
	struct supervisor supervisor = {
		.program = program,
		.placement = &bed->placement,
		.counters = &no_counters,
		.cache = bed->folders.cache,
		.scratch = bed->folders.scratch,
		.budget_ns = budget_ns,
		.timeout_ns = bed->options.timeout_ns,
		.rounds = rounds,
		.invocations = invocations,
		.items_asked = questions[0].items,
		.observer = { .progress = show, .context = bed },
	};
	struct session session = { 0 };
	int err = session_init(&session, bed, questions, count);

	err = err ? err : supervise(&supervisor, &session.run, &bed->signal);
	err = err ? err : read_answers(&session, questions, count);
	if (err && err != -EINTR)
		why_say(WHY(bed->why), "the measurement could not go on: %s", strerror(-err));
	session_release(&session);
	return err;
}
