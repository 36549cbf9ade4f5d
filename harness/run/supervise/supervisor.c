#include "run/supervise/internal.h"

#include "base/clock.h"
#include "base/interrupts.h"
#include "base/random.h"
#include "model/registry.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRACE 1.1           /* times the budget: by then the run has ended */
#define ENDING_NS 300000000 /* what ending a cell process and saving may take */
#define ENDING_WORKER_NS 2000000 /* what each worker adds to it */

/* ---- Shuffling ---- */

static bool is_baseline(const struct supervision *e, size_t i)
{
	return !registry_mode(e->run->cells[i].cell->mode)->parallel;
}

/* --chunk auto compares all chunks with the preset one, which a small budget must not leave out. */
static bool has_preset_chunk(const struct supervision *e, size_t i)
{
	const struct cell *cell = e->run->cells[i].cell;

	return cell->chunk == cell_preset_chunk(cell);
}

/* Moves the cells for which `comes_first` holds to the place `from` and behind it; returns the place after them. */
static size_t bring_forward(const struct supervision *e, size_t *order, size_t from, size_t count,
			    bool (*comes_first)(const struct supervision *e, size_t i))
{
	for (size_t i = from; i < count; i++)
		if (comes_first(e, order[i])) {
			size_t other = order[from];

			order[from++] = order[i];
			order[i] = other;
		}
	return from;
}

/* In the first block those come first with which the others are compared, then those that have no interval yet: the
 * budget may end within a block. */
static void shuffle(struct supervision *e, size_t *order, size_t count, bool is_first_block)
{
	size_t baselines;

	random_shuffle(order, count, sizeof(*order), &e->random);
	if (!is_first_block) {
		bring_forward(e, order, 0, count, supervision_lacks_invocations);
		return;
	}
	baselines = bring_forward(e, order, 0, count, is_baseline);
	bring_forward(e, order, baselines, count, has_preset_chunk);
}

/* ---- The run ---- */

static void fail_cell(struct supervision *e, size_t i, const struct failure *failure)
{
	struct run_cell *rc = &e->run->cells[i];

	rc->status = CELL_FAILED;
	rc->failure = *failure;
	e->states[i].over = true;
}

static int save(struct supervision *e, bool now)
{
	uint64_t at_ns = clock_ns(), pause_ns = 20 * e->save_took_ns;
	int err;

	pause_ns = pause_ns > 1000000000 ? pause_ns : 1000000000;
	if (!e->s->observer.save || (!now && at_ns - e->saved_ns < pause_ns))
		return 0;
	err = e->s->observer.save(e->s->observer.context, e->run);
	e->saved_ns = clock_ns();
	e->save_took_ns = e->saved_ns - at_ns;
	return err;
}

void supervision_show(struct supervision *e, size_t i)
{
	const struct observer *o = &e->s->observer;
	uint64_t done_ns = clock_ns() - e->started_ns, left_ns = 0;

	if (!o->progress)
		return;
	for (size_t k = 0; k < e->run->cell_count; k++) {
		uint32_t wanted = e->s->invocations ? e->s->invocations : INVOCATIONS_LEAST;
		size_t have = e->run->cells[k].invocation_count;

		if (!e->states[k].over && have < wanted)
			left_ns += (wanted - have) * supervision_expected_ns(e, k);
	}
	if (e->s->budget_ns && (left_ns == 0 || done_ns + left_ns > e->s->budget_ns || !e->s->invocations))
		left_ns = e->s->budget_ns > done_ns ? e->s->budget_ns - done_ns : 0;
	o->progress(o->context, done_ns, done_ns + left_ns, e->run->cells[i].cell->id);
}

static bool has_counted_round(const struct run_cell *rc)
{
	for (size_t k = 0; k < rc->sample_count; k++)
		if (!rc->samples[k].warmup && !rc->samples[k].probed)
			return true;
	return false;
}

/* Whether the run's deadline has ended an invocation. This is no failure of the cell, unless one of its processes was
 * stopped. */
static bool is_cut(const struct invocation_result *r)
{
	return r->failed && r->out_of_budget && !r->stopped;
}

int supervision_settle(struct supervision *e, size_t i, uint64_t generation, struct invocation_result *r)
{
	struct run_cell *rc = &e->run->cells[i];
	int err;

	supervision_check_answers(e, i, r);
	err = supervision_keep(e, i, generation, r);
	if (err)
		return err;
	if (has_counted_round(rc)) {
		rc->status = CELL_OK;
		rc->reason[0] = '\0';
	}
	if (r->interrupted || e->signal) {
		e->signal = r->interrupted ? r->interrupted : e->signal;
		return -EINTR;
	}
	if (r->failed && r->failure.kind == FAILURE_UNAVAILABLE) {
		rc->status = CELL_NOT_AVAILABLE;
		snprintf(rc->reason, sizeof(rc->reason), "%.*s", (int)sizeof(rc->reason) - 1, r->failure.message);
		e->states[i].over = true;
	} else if (is_cut(r)) {
		e->states[i].over = true;
		if (rc->status != CELL_OK)
			snprintf(rc->reason, sizeof(rc->reason), "budget: %.240s", r->failure.message);
	} else if (r->failed) {
		fail_cell(e, i, &r->failure);
	} else {
		supervision_expect(e, i, r);
	}
	return save(e, r->failed);
}

int supervision_alone(struct supervision *e, size_t i)
{
	struct invocation_result r = { 0 };
	int err;

	supervision_show(e, i);
	supervision_invoke(e, i, e->states[i].rounds, 0, 0, &r);
	err = supervision_settle(e, i, 0, &r);
	invocation_release(&r);
	return err ? err : 1;
}

/* When a generation of these cells must end: the end of the budget. But as long as there are works that nobody has
 * measured, each of them gets its share of the time. 0: there is no limit. */
static uint64_t end_of_generation(const struct supervision *e, const size_t *order, size_t count)
{
	uint64_t now_ns = clock_ns(), end_ns = e->started_ns + e->s->budget_ns, works = 0;

	if (!e->s->budget_ns || end_ns < now_ns)
		return e->s->budget_ns ? end_ns : 0;
	for (size_t k = 0; k < count; k++)
		works += is_baseline(e, order[k]) && e->run->cells[order[k]].invocation_count == 0;
	return works ? now_ns + (end_ns - now_ns) / works : end_ns;
}

/* Runs one invocation of each cell of `order`. Returns how many were begun, or -errno. */
static int block(struct supervision *e, size_t *order, size_t count)
{
	int begun = 0;

	while (count > 0) {
		size_t taken = supervision_gather(e, order, count);
		int more = 0;

		if (taken > 0) {
			more = supervision_generation(e, order, &taken, end_of_generation(e, order, count));
		} else {
			taken = 1;
			more = supervision_fits(e, *order) ? supervision_alone(e, *order) : 0;
		}
		if (more < 0)
			return more;
		begun += more;
		order += taken;
		count -= taken;
	}
	return begun;
}

static int measure(struct supervision *e)
{
	size_t *order = calloc(e->run->cell_count + 1, sizeof(*order));
	bool first = true;
	int begun = 1;

	if (!order)
		return -ENOMEM;
	while (begun > 0) {
		size_t count = 0;

		for (size_t i = 0; i < e->run->cell_count; i++)
			if (!supervision_is_over(e, i))
				order[count++] = i;
		shuffle(e, order, count, first);
		begun = block(e, order, count);
		supervision_keep_up(e);
		first = false;
	}
	free(order);
	return begun;
}

static int prepare_cell(struct supervision *e, size_t i)
{
	struct run_cell *rc = &e->run->cells[i];
	const struct cell *cell = rc->cell;
	struct cell_state *p = &e->states[i];
	char why[sizeof(rc->reason)] = "";

	p->rounds = e->s->rounds ? e->s->rounds : 1;
	p->expected_ns = rc->foreseen_ns;
	p->rank = fit_rank(e->run, i, e->s->placement->usable);
	rc->status = CELL_NOT_MEASURED;
	p->over = rc->left_out;
	if (!rc->left_out)
		snprintf(rc->reason, sizeof(rc->reason), "budget");
	memcpy(rc->counters, e->s->counters->infos, sizeof(rc->counters));
	rc->counter_count = e->s->counters->count;
	if (!strcmp(cell->bind, "none"))
		rc->doubts |= 1u << DOUBT_UNBOUND;
	p->bind = calloc(cell->workers, sizeof(*p->bind));
	if (!p->bind)
		return -ENOMEM;
	if (cell->unavailable || placement_choose(e->s->placement, cell->bind, cell->workers, p->bind, WHY(why))) {
		snprintf(rc->reason, sizeof(rc->reason), "%s", cell->unavailable ? cell->unavailable : why);
		rc->status = CELL_NOT_AVAILABLE;
		p->over = true;
		return 0;
	}
	if (placement_uses_smt(e->s->placement, p->bind, cell->workers))
		rc->doubts |= 1u << DOUBT_SMT;
	if (placement_oversubscribes(e->s->placement, p->bind, cell->workers))
		rc->doubts |= 1u << DOUBT_OVERSUBSCRIBED;
	return 0;
}

static void supervision_release(struct supervision *e)
{
	for (size_t i = 0; e->states && i < e->run->cell_count; i++)
		free(e->states[i].bind);
	free(e->states);
	free(e->costs);
	free(e->has_costs);
	interrupts_let(e->launcher.signal_fd, &e->mask);
}

/* When cell processes must be killed for the run to end by GRACE x budget; never before the budget ends. */
static uint64_t deadline_of(const struct supervision *e)
{
	uint64_t budget_ns = e->s->budget_ns, end_ns = (uint64_t)(GRACE * (double)budget_ns), ending_ns = ENDING_NS;
	uint32_t workers = 0;

	if (!budget_ns)
		return 0;
	for (size_t i = 0; i < e->run->cell_count; i++)
		workers = e->run->cells[i].cell->workers > workers ? e->run->cells[i].cell->workers : workers;
	ending_ns += workers * ENDING_WORKER_NS;
	return e->started_ns + (end_ns > budget_ns + ending_ns ? end_ns - ending_ns : budget_ns);
}

static int supervision_init(struct supervision *e, struct supervisor *s, struct run *run)
{
	size_t count = run->cell_count + 1;
	int err;

	*e = (struct supervision){ .s = s, .run = run, .random = run->seed, .started_ns = clock_ns() };
	e->launcher.program = s->program;
	e->launcher.environment = s->environment;
	e->launcher.timeout_ns = s->timeout_ns;
	e->launcher.deadline_ns = deadline_of(e);
	e->launcher.signal_fd = interrupts_catch(&e->mask);
	err = e->launcher.signal_fd < 0 ? e->launcher.signal_fd : 0;
	e->states = calloc(count, sizeof(*e->states));
	e->costs = calloc(count, sizeof(*e->costs));
	e->has_costs = calloc(count, sizeof(*e->has_costs));
	if (!e->states || !e->costs || !e->has_costs)
		err = -ENOMEM;
	for (size_t i = 0; i < run->cell_count && !err; i++)
		err = prepare_cell(e, i);
	return err;
}

int supervise(struct supervisor *s, struct run *run, int *signal)
{
	struct supervision e;
	int err = supervision_init(&e, s, run), saved;

	e.signal = *signal;
	err = err ? err : e.signal ? -EINTR : measure(&e);
	if (err == -EINTR) {
		*signal = run->interrupted = e.signal;
		for (size_t i = 0; i < run->cell_count; i++)
			if (run->cells[i].status == CELL_NOT_MEASURED)
				snprintf(run->cells[i].reason, sizeof(run->cells[i].reason), "interrupted");
	}
	saved = err && err != -EINTR ? 0 : save(&e, true);
	supervision_release(&e);
	return err ? err : saved;
}
