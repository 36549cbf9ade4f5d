#include "experiments/grain/internal.h"

#include "analyse/summary.h"
#include "base/clock.h"
#include "base/text.h"
#include "command/words.h"
#include "model/registry.h"
#include "run/supervise/machine.h"
#include "run/supervise/supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGUMENTS_MOST 64

/* ---- The setup ---- */

/* Lists the chunks of all cells: the one with which grains are measured, and each four times the one before. */
static int list_chunks(struct grain_setup *setup)
{
	struct options *o = &setup->options;
	int err = 0;

	setup->chunk = o->chunks.number[0];
	for (uint64_t i = 1, chunk = 4 * setup->chunk; i < CHUNKS_MOST && !err; i++, chunk *= 4)
		err = numbers_add(&o->chunks, chunk);
	return err;
}

/* The work's own arguments come first, so that the user's count. */
static int parse(struct grain_setup *setup, const char *budget, const struct words *arguments)
{
	char *all[ARGUMENTS_MOST] = { (char *)"--counters=none", (char *)budget };
	int count = 2;

	for (const char *const *a = setup->work->arguments; *a; a++)
		all[count++] = (char *)*a;
	if (arguments->count > (size_t)(ARGUMENTS_MOST - count)) {
		why_say(WHY(setup->why), "too many arguments");
		return -EINVAL;
	}
	for (size_t i = 0; i < arguments->count; i++)
		all[count++] = arguments->word[i];
	return options_parse(&setup->options, count, all, WHY(setup->why));
}

static int check(struct grain_setup *setup)
{
	const struct options *o = &setup->options;

	if (o->chunks.count == 1 && o->workers.count <= 1)
		return 0;
	why_say(WHY(setup->why), "--%s: one number is needed, not a list", o->chunks.count == 1 ? "workers" : "chunk");
	return -EINVAL;
}

static int list_cells(struct grain_setup *setup)
{
	const struct workload *workload = registry_workload(setup->options.workloads.word[0]);
	int err = setup->options.workers.count ? 0 : numbers_add(&setup->options.workers, setup->placement.usable);

	err = err ? err : list_chunks(setup);
	for (size_t g = 0; g < setup->work->grains && !err; g++) {
		const char **values = options_values(&setup->options, workload, g);

		setup->facts[g] = (struct workload_facts){ workload->name, values, 1 };
		err = values ? 0 : -ENOMEM;
	}
	setup->workers = err ? 0 : (uint32_t)setup->options.workers.number[0];
	return err ? err : plan_make(&setup->plan, &setup->options, setup->facts, setup->work->grains, setup->workers);
}

int setup_open(struct grain_setup *setup, const struct work *work, const struct grain_effort *effort,
	       const char *budget, const struct words *arguments)
{
	ssize_t length = readlink("/proc/self/exe", setup->program_path, sizeof(setup->program_path) - 1);
	struct cpus anywhere;
	int err;

	setup->work = work;
	setup->effort = effort;
	err = parse(setup, budget, arguments);
	err = err ? err : length < 0 ? -EIO : check(setup);
	err = err ? err : placement_open(&setup->placement, NULL, WHY(setup->why));
	err = err ? err : placement_choose(&setup->placement, setup->options.bind, 1, &anywhere, WHY(setup->why));
	err = err ? err : folders_make(&setup->folders, NULL, "", "", true, WHY(setup->why));
	err = err ? err : janitor_start(&setup->janitor, setup->folders.scratch);
	err = err ? err : list_cells(setup);
	if (err && !setup->why[0])
		why_say(WHY(setup->why), "%s", strerror(-err));
	progress_begin(&setup->line, stderr, false);
	return err;
}

void setup_close(struct grain_setup *setup)
{
	progress_end(&setup->line);
	plan_release(&setup->plan);
	for (size_t g = 0; g < GRAINS_MOST; g++)
		free((void *)setup->facts[g].values);
	janitor_finish(&setup->janitor);
	folders_release(&setup->folders);
	placement_close(&setup->placement);
	options_release(&setup->options);
}

/* ---- Subjects and their cells ---- */

static bool is_of(const struct work *work, const struct cell *cell)
{
	const struct mode *mode = registry_mode(cell->mode);

	return mode->parallel && (mode->counterpart != NULL) == work->of_references;
}

int setup_subjects(const struct grain_setup *setup, struct subject **subjects, size_t *count)
{
	struct subject *more = realloc(*subjects, (*count + setup->plan.count) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	*subjects = more;
	for (size_t i = 0; i < setup->plan.count; i++) {
		const struct cell *c = &setup->plan.cells[i];

		if (c->values != setup->facts[0].values || !is_of(setup->work, c) ||
		    (c->chunk && c->chunk != setup->chunk))
			continue;
		more[(*count)++] = (struct subject){
			.work = setup->work,
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

/* Returns the cell that a question is about; NULL: the plan has none. */
static const struct cell *cell_of(const struct grain_setup *setup, const struct question *q)
{
	const struct subject *s = q->subject;

	for (size_t i = 0; i < setup->plan.count; i++) {
		const struct cell *c = &setup->plan.cells[i];

		if (c->values == setup->facts[q->grain].values && text_same(c->mode, s->mode) &&
		    text_same(c->transport, s->transport) && text_same(c->calling.call, s->call) &&
		    (!c->chunk || c->chunk == q->chunk))
			return c;
	}
	return NULL;
}

static const struct cell *sequential_of(const struct grain_setup *setup, size_t grain)
{
	for (size_t i = 0; i < setup->plan.count; i++)
		if (setup->plan.cells[i].values == setup->facts[grain].values &&
		    !registry_mode(setup->plan.cells[i].mode)->parallel)
			return &setup->plan.cells[i];
	return NULL;
}

/* Returns the cell of the reference mode: one worker gets all items in one chunk. */
static struct cell reference_of(const struct cell *sequential, const char *mode, uint64_t items)
{
	struct cell cell = *sequential;

	cell.mode = mode;
	cell.schedule = "static";
	cell.chunk = items;
	return cell;
}

/* ---- Asking ---- */

/* A run of the cells that some questions are about. */
struct session {
	struct run run;
	struct cell *cells; /* the sequential one, the reference if it is another one, then one for each question */
	size_t references;
};

static int session_init(struct session *s, const struct grain_setup *setup, const struct question *questions,
			size_t count)
{
	const struct cell *sequential = sequential_of(setup, questions[0].grain);
	const char *reference = setup->work->reference;
	size_t used = 0;

	s->cells = calloc(count + 2, sizeof(*s->cells));
	s->run.cells = calloc(count + 2, sizeof(*s->run.cells));
	if (!s->cells || !s->run.cells)
		return -ENOMEM;
	s->cells[used++] = *sequential;
	if (reference)
		s->cells[used++] = reference_of(sequential, reference, questions[0].items);
	s->references = used;
	for (size_t i = 0; i < count; i++)
		s->cells[used++] = *cell_of(setup, &questions[i]);
	for (size_t i = 0; i < used; i++) {
		s->cells[i].items = questions[0].items;
		s->run.cells[i].cell = &s->cells[i];
	}
	s->run.cell_count = used;
	s->run.seed = setup->options.seed;
	s->run.started_ns = clock_ns();
	return 0;
}

static void session_release(struct session *s)
{
	run_release(&s->run);
	free(s->cells);
}

/* Sets *wall_ns to the median of a cell's wall time; NAN: it has none. */
static int wall_of(const struct run *run, const struct run_cell *rc, double *wall_ns)
{
	struct summary summary;
	int err;

	*wall_ns = NAN;
	if (rc->status != CELL_OK)
		return 0;
	err = summary_make(&summary, run, rc);
	*wall_ns = err ? NAN : summary.value[QUANTITY_WALL].median;
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
	struct grain_setup *setup = context;

	progress_show(&setup->line, clock_ns() - setup->started_ns, setup->end_ns - setup->started_ns, what);
}

int setup_ask(struct grain_setup *setup, struct question *questions, size_t count, uint64_t budget_ns, uint32_t rounds,
	      uint32_t invocations)
{
	char *program[2] = { setup->program_path, NULL };
	const struct counter_set no_counters = { .sources = registry_counter_sources };
	struct supervisor supervisor = {
		.program = program,
		.placement = &setup->placement,
		.counters = &no_counters,
		.cache = setup->folders.cache,
		.scratch = setup->folders.scratch,
		.budget_ns = budget_ns,
		.timeout_ns = setup->options.timeout_ns,
		.rounds = rounds,
		.invocations = invocations,
		.items_asked = questions[0].items,
		.observer = { .progress = show, .context = setup },
	};
	struct session session = { 0 };
	int err = session_init(&session, setup, questions, count);

	err = err ? err : supervise(&supervisor, &session.run, &setup->signal);
	err = err ? err : read_answers(&session, questions, count);
	if (err && err != -EINTR)
		why_say(WHY(setup->why), "the measurement could not go on: %s", strerror(-err));
	session_release(&session);
	return err;
}
