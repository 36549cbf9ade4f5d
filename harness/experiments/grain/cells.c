#include "experiments/grain/internal.h"

#include "analyse/summary.h"
#include "base/clock.h"
#include "base/text.h"
#include "model/registry.h"
#include "run/supervise/supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- The setup ---- */

/* Lists the chunks of all cells: the one with which grains are measured, and each four times the one before. */
static int list_chunks(struct grain_setup *setup)
{
	struct options *o = &setup->options;
	int err = 0;

	o->chunks = (struct numbers){ 0 };
	for (uint64_t i = 0, chunk = setup->grain->chunk; i < CHUNKS_MOST && !err; i++, chunk *= 4)
		err = numbers_add(&o->chunks, chunk);
	return err;
}

static const char *value_of(const struct work *work, const struct param *param, size_t grain)
{
	for (const struct setting_of_work *s = work->settings; s->name; s++)
		if (!strcmp(s->name, param->name))
			return s->value ? s->value : work->values[grain];
	return param->preset;
}

/* Returns the values of the workload's params, owned by the caller; NULL without memory. */
static const char **values_of(const struct work *work, const struct workload *workload, size_t grain)
{
	const char **values;
	size_t count = 0;

	while (workload->params[count].name)
		count++;
	values = calloc(count + 1, sizeof(*values));
	for (size_t i = 0; values && i < count; i++)
		values[i] = value_of(work, &workload->params[i], grain);
	return values;
}

int setup_open(struct grain_setup *setup, struct grain *grain, const struct work *work)
{
	const struct workload *workload = registry_workload(work->workload);
	int err;

	*setup = (struct grain_setup){ .grain = grain, .work = work, .options = *grain->options };
	err = list_chunks(setup);
	for (size_t g = 0; g < work->grains && !err; g++) {
		const char **values = values_of(work, workload, g);

		setup->facts[g] = (struct workload_facts){ .name = workload->name, .values = values, .items = 1 };
		err = values ? 0 : -ENOMEM;
	}
	return err ? err : plan_make(&setup->plan, &setup->options, setup->facts, work->grains, grain->workers);
}

void setup_close(struct grain_setup *setup)
{
	plan_release(&setup->plan);
	for (size_t g = 0; g < GRAINS_MOST; g++)
		free((void *)setup->facts[g].values);
	if (setup->grain)
		numbers_release(&setup->options.chunks);
}

/* ---- Subjects and their cells ---- */

static bool is_of(const struct work *work, const struct cell *cell)
{
	const struct mode *mode = registry_mode(cell->mode);

	return mode->parallel && (mode->counterpart != NULL) == work->of_references;
}

int setup_subjects(struct grain_setup *setup)
{
	struct grain *grain = setup->grain;
	size_t before = grain->subject_count;
	struct subject *more = reallocarray(grain->subjects, before + setup->plan.count, sizeof(*more));

	if (!more)
		return -ENOMEM;
	grain->subjects = more;
	for (size_t i = 0; i < setup->plan.count; i++) {
		const struct cell *c = &setup->plan.cells[i];

		if (c->values != setup->facts[0].values || !is_of(setup->work, c) ||
		    (c->chunk && c->chunk != grain->chunk))
			continue;
		more[grain->subject_count++] = (struct subject){
			.work = setup->work,
			.mode = c->mode,
			.transport = c->transport,
			.call = c->calling.call,
			.has_chunks = c->chunk > 0,
			.expected_ns = NAN,
			.dispatch_ns = NAN,
		};
	}
	setup->subject_count = grain->subject_count - before;
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

	progress_show(&setup->grain->book.progress, clock_ns() - setup->started_ns, setup->end_ns - setup->started_ns,
		      what);
}

static int measure(struct grain *grain, struct supervisor *supervisor, struct session *session)
{
	int err = notebook_let(&grain->book) ? -EINTR : supervise(supervisor, &session->run, &grain->book.signal);

	notebook_hold(&grain->book);
	return err;
}

int setup_ask(struct grain_setup *setup, struct question *questions, size_t count, uint64_t budget_ns, uint32_t rounds,
	      uint32_t invocations)
{
	struct grain *grain = setup->grain;
	char *program[2] = { grain->program_path, NULL };
	const struct counter_set no_counters = { .sources = registry_counter_sources };
	struct supervisor supervisor = {
		.program = program,
		.placement = &grain->placement,
		.counters = &no_counters,
		.cache = grain->book.folders.cache,
		.scratch = grain->book.folders.scratch,
		.budget_ns = budget_ns,
		.timeout_ns = setup->options.timeout_ns,
		.rounds = rounds,
		.invocations = invocations,
		.items_asked = questions[0].items,
		.observer = { .progress = show, .context = setup },
	};
	struct session session = { 0 };
	int err = session_init(&session, setup, questions, count);

	err = err ? err : measure(grain, &supervisor, &session);
	err = err ? err : read_answers(&session, questions, count);
	if (err && err != -EINTR)
		why_say(WHY(grain->why), "the measurement could not go on: %s", strerror(-err));
	session_release(&session);
	return err;
}
