#include "run/supervise/fit.h"
#include "run/supervise/internal.h"

#include "base/clock.h"
#include "base/interrupts.h"
#include "base/random.h"
#include "model/registry.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRICING_SHARE 0.03      /* of the budget: to find out what items cost */
#define PROBING_SHARE 0.1       /* of the budget: then no more cells are tried */
#define PLANNED_SHARE 0.95      /* of what is left: the rest is for what takes longer than thought */
#define SLACK 2.0               /* cells that were not tried may take so much longer than thought */
#define NEEDED_SHARE 1.3        /* of the time that all cells need, as a budget: the next run must have room for it */
#define SHORT_ROUND_NS 50000000 /* shorter ones are paired with another one, without stamps (run/cell/rounds.c) */
#define ROUND_LEAST_NS 5000000  /* for each worker: in shorter rounds what bench itself costs is measured */
#define SHORT_ITEM_NS 100000.0  /* of shorter ones the warm-up round tells too much: it checks their outputs */
#define TRIAL_NS 1000000        /* in the baseline: shorter rounds of a trial tell what waking the workers takes */
#define START_NS 2000000        /* what starting a worker takes, if nothing better is known */
#define PRICINGS 3

struct trial_work {
	size_t baseline; /* index of its cell in the run */
	struct priced *priced;
	size_t count;
	double fixed_ns; /* of an invocation of the baseline */
};

struct fitting {
	struct supervisor *s;
	struct run *run;
	struct fit fit;
	struct trial_work *works; /* beside fit.works */
	size_t *place;      /* of each fit_cell in the run */
	uint64_t started_ns, random;
	bool disturbed; /* while cells were tried: then rounds are repeated (run/cell/rounds.c) */
	int signal;
};

/* ---- Invocations ---- */

static double spent_ns(const struct fitting *f)
{
	return (double)(clock_ns() - f->started_ns);
}

/* Numbers of items, one at random of each of `count` ranges of equal length. */
static uint64_t *draw_items(struct fitting *f, uint64_t items, uint64_t count)
{
	uint64_t *drawn = malloc(count * sizeof(*drawn));

	for (uint64_t k = 0; drawn && k < count; k++) {
		uint64_t first = k * items / count, end = (k + 1) * items / count;

		drawn[k] = first + random_below(&f->random, end - first);
	}
	return drawn;
}

/* Runs the warm-up round of the cell, and `rounds` more. */
static void invoke(struct fitting *f, const struct cell *cell, uint32_t rounds, struct invocation_result *r)
{
	struct supervisor *s = f->s;
	struct cell_launcher launcher = {
		.program = s->program, .environment = s->environment, .timeout_ns = s->timeout_ns,
		.deadline_ns = f->started_ns + s->budget_ns / 4,
	};
	struct cpus *bind = calloc(cell->workers, sizeof(*bind));
	char scratch[4096], why[256];
	struct spec spec = {
		.cell = *cell, .cache = s->cache, .run = s->scratch, .scratch = scratch, .rounds = rounds,
		.run_ns = f->started_ns, .items_asked = s->items_asked, .bind = bind, .counters = *s->counters,
		.log = s->log,
	};
	sigset_t mask;

	snprintf(scratch, sizeof(scratch), "%s/cell", s->scratch);
	launcher.signal_fd = interrupts_catch(&mask);
	if (bind && launcher.signal_fd >= 0 &&
	    !placement_choose(s->placement, cell->bind, cell->workers, bind, WHY(why)))
		invocation_run(&launcher, &spec, NULL, NULL, NULL, r);
	interrupts_let(launcher.signal_fd, &mask);
	f->signal = r->interrupted ? r->interrupted : f->signal;
	free(bind);
}

/* Whether fewer items must be opened, since none can be executed without those before it. */
static bool shares_state(const struct cell *cell)
{
	return registry_workload(cell->workload)->settle;
}

/* Tries cell `i` of work `k` with so many of its items. Returns their numbers, owned by the caller, and the wall time
 * of a round; NULL: it did not get so far. */
static uint64_t *try_cell(struct fitting *f, size_t i, size_t k, uint64_t count, struct invocation_result *r,
			  double *wall_ns)
{
	const double item_ns = f->fit.works[k].item_ns;

	struct cell cell = *f->run->cells[i].cell;
	uint64_t *drawn = draw_items(f, cell.items, count);

	if (!drawn)
		return NULL;
	if (count < cell.items)
		cell_pick(&cell, count, shares_state(&cell) ? NULL : drawn, !f->s->chunks_asked);
	invoke(f, &cell, item_ns > 0 && item_ns < SHORT_ITEM_NS, r);
	if (r->sample_count > 0 && !r->failed) {
		f->disturbed |= r->samples[0].disturbed;
		*wall_ns = (double)r->samples[r->sample_count - 1].wall_ns;
		return drawn;
	}
	free(drawn);
	return NULL;
}

/* What an invocation took besides its rounds. */
static double fixed_of(const struct invocation_result *r, double wall_ns)
{
	return fmax((double)r->took_ns - wall_ns * fmax((double)r->sample_count, 1), 0);
}

/* ---- What items cost ---- */

static int keep_prices(struct trial_work *work, const uint64_t *drawn, uint64_t count, const double *costs)
{
	struct priced *priced = realloc(work->priced, count * sizeof(*priced));

	if (!priced)
		return -ENOMEM;
	work->priced = priced;
	work->count = count;
	for (uint64_t k = 0; k < count; k++)
		priced[k] = (struct priced){ drawn[k], costs[k] };
	return 0;
}

/* Executes `count` items in the baseline. Returns whether they are priced. */
static bool price(struct fitting *f, size_t k, uint64_t count)
{
	struct trial_work *work = &f->works[k];
	struct invocation_result r = { 0 };
	double wall_ns;
	uint64_t *drawn = try_cell(f, work->baseline, k, count, &r, &wall_ns);
	bool priced = drawn && r.has_costs && keep_prices(work, drawn, count, r.costs) == 0;

	if (priced) {
		f->fit.works[k].item_ns = wall_ns / (double)count;
		work->fixed_ns = fixed_of(&r, wall_ns);
	}
	free(drawn);
	invocation_release(&r);
	return priced;
}

/* The more items are executed, the better is known what they cost; the first one tells how many there is time for. */
static bool price_work(struct fitting *f, size_t k)
{
	const struct fit_work *w = &f->fit.works[k];
	double share_ns = PRICING_SHARE * (double)f->s->budget_ns / (double)f->fit.work_count, wanted = 1;
	uint64_t count = 0;

	for (int i = 0; i < PRICINGS && wanted > 2 * (double)count; i++) {
		count = (uint64_t)wanted;
		if (!price(f, k, count))
			return false;
		wanted = share_ns / w->item_ns;
		wanted = wanted < COST_RANGES ? wanted : COST_RANGES;
		wanted = wanted < (double)w->items ? wanted : (double)w->items;
	}
	return true;
}

/* ---- What cells take ---- */

static const struct cell *cell_of(const struct fitting *f, size_t i)
{
	return f->run->cells[f->place[i]].cell;
}

static double at_a_time(const struct fitting *f, const struct cell *cell)
{
	return cell->workers < f->s->placement->usable ? cell->workers : f->s->placement->usable;
}

static double rounds_of(const struct fitting *f, size_t i)
{
	const struct fit_cell *c = &f->fit.cells[i];
	bool pairs = c->item_ns * (double)f->fit.works[c->work].unit < SHORT_ROUND_NS;

	return (pairs || registry_mode(cell_of(f, i)->mode)->crew_in_round ? 3 : 2) + f->disturbed;
}

/* Until the cell, or one that is alike, was tried: as the baseline, by all its workers. */
static void guess(struct fitting *f, size_t i)
{
	struct fit_cell *c = &f->fit.cells[i];

	c->fixed_ns = f->works[c->work].fixed_ns + START_NS * cell_of(f, i)->workers;
	c->item_ns = f->fit.works[c->work].item_ns / at_a_time(f, cell_of(f, i));
	c->rounds = rounds_of(f, i);
}

static bool is_reference(const struct fitting *f, size_t i)
{
	return registry_mode(cell_of(f, i)->mode)->counterpart;
}

/* Whether what one cell takes tells what the other one takes. */
static bool are_alike(const struct fitting *f, size_t tried, size_t other)
{
	const struct cell *a = cell_of(f, tried), *b = cell_of(f, other);

	return f->fit.cells[tried].work == f->fit.cells[other].work &&
	       (is_reference(f, tried) ? is_reference(f, other) : a->mode == b->mode && b->workers <= a->workers);
}

/* Keeps from being measured what cannot run: the cell alone, but all references, since what they lack is a counterpart
 * of the workload, or the language. */
static void mark_unavailable(struct fitting *f, size_t tried, const char *message, bool *known)
{
	for (size_t i = 0; i < f->fit.cell_count; i++) {
		if (known[i] || (i != tried && !(is_reference(f, tried) && are_alike(f, tried, i))))
			continue;
		f->run->cells[f->place[i]].cell->unavailable = strdup(message);
		known[i] = true;
	}
}

/* Takes over what a cell took, `wall_ns` of it for a round of `count` items, for those that are alike. One worker does
 * what the baseline does, whatever keeps several from being faster; in another language, what one of the trial did. */
static void take_over(struct fitting *f, size_t tried, const struct invocation_result *r, double wall_ns,
		      uint64_t count, bool *known)
{
	const double item_ns = wall_ns / (double)count;

	for (size_t i = 0; i < f->fit.cell_count; i++) {
		struct fit_cell *c = &f->fit.cells[i];

		if (known[i] || !are_alike(f, tried, i))
			continue;
		f->run->cells[f->place[i]].runtime = r->facts.runtime;
		c->fixed_ns = fixed_of(r, wall_ns);
		c->item_ns = fmax(f->fit.works[c->work].item_ns / at_a_time(f, cell_of(f, i)), item_ns);
		if (is_reference(f, tried))
			c->item_ns = item_ns * at_a_time(f, cell_of(f, tried)) / at_a_time(f, cell_of(f, i));
		c->rounds = rounds_of(f, i);
		known[i] = true;
	}
}

/* How many items a cell is tried with. */
static uint64_t trial_items(const struct fit_work *w)
{
	const double units = ceil(TRIAL_NS / w->item_ns / (double)w->unit);

	if (fit_least_items(w) == w->items)
		return w->items;
	return (uint64_t)fmax(fmin(units, (double)(w->known / w->unit)), 1) * w->unit;
}

static void try_out(struct fitting *f, size_t tried, bool *known)
{
	size_t work = f->fit.cells[tried].work;
	uint64_t count = trial_items(&f->fit.works[work]);
	struct invocation_result r = { 0 };
	double wall_ns = 0;
	uint64_t *drawn = try_cell(f, f->place[tried], work, count, &r, &wall_ns);

	if (r.failed && r.failure.kind == FAILURE_UNAVAILABLE)
		mark_unavailable(f, tried, r.failure.message, known);
	else
		take_over(f, tried, &r, r.out_of_budget ? (double)r.took_ns : wall_ns, count, known);
	free(drawn);
	invocation_release(&r);
}

/* Whether a cell is tried rather than the other one, which comes before it: the one with most workers; of references,
 * of which one stands for all, that with the fewest, since threads of some languages are no faster when they are
 * more. */
static bool is_better_try(const struct fitting *f, size_t i, size_t than)
{
	uint32_t own = cell_of(f, i)->workers, other = cell_of(f, than)->workers;

	return is_reference(f, i) ? own <= other : own > other;
}

/* Tries cells until what all of them take is known or the time for it is over. */
static void try_all(struct fitting *f, bool *known, bool references)
{
	for (;;) {
		size_t next = SIZE_MAX;

		for (size_t i = 0; i < f->fit.cell_count; i++)
			if (!known[i] && is_reference(f, i) == references &&
			    (next == SIZE_MAX || is_better_try(f, i, next)))
				next = i;
		if (next == SIZE_MAX || f->signal || spent_ns(f) > PROBING_SHARE * (double)f->s->budget_ns)
			return;
		try_out(f, next, known);
	}
}

/* Whether all items of all cells fit even if cells that were not tried take longer than thought. */
static bool has_room(const struct fitting *f)
{
	double sum_ns = 0;

	for (size_t i = 0; i < f->fit.cell_count; i++) {
		const struct fit_cell *c = &f->fit.cells[i];

		sum_ns += c->fixed_ns + c->rounds * c->item_ns * (double)f->fit.works[c->work].items;
	}
	return INVOCATIONS_LEAST * SLACK * sum_ns < (double)f->s->budget_ns;
}

static void drop_unavailable(struct fitting *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->fit.cell_count; i++) {
		if (cell_of(f, i)->unavailable)
			continue;
		f->fit.cells[kept] = f->fit.cells[i];
		f->place[kept++] = f->place[i];
	}
	f->fit.cell_count = kept;
}

static int estimate(struct fitting *f)
{
	bool *known = calloc(f->fit.cell_count + 1, sizeof(*known));

	if (!known)
		return -ENOMEM;
	for (size_t i = 0; i < f->fit.cell_count; i++) {
		guess(f, i);
		known[i] = !registry_mode(cell_of(f, i)->mode)->parallel;
	}
	try_all(f, known, true);
	if (!has_room(f))
		try_all(f, known, false);
	drop_unavailable(f);
	free(known);
	return 0;
}

/* ---- What there is to fit ---- */

static bool may_pick(const struct cell *cell)
{
	return !cell->calling.cancel_after && !cell->calling.recycle;
}

/* Adds a cell to its work, which is that of its baseline. */
static void add_cell(struct fitting *f, size_t i, size_t baseline)
{
	const struct cell *cell = f->run->cells[i].cell;
	struct fit_cell *c = &f->fit.cells[f->fit.cell_count];
	struct fit_work *w;
	uint64_t unit;
	size_t k = 0;

	while (k < f->fit.work_count && f->works[k].baseline != baseline)
		k++;
	w = &f->fit.works[k];
	if (k == f->fit.work_count) {
		f->fit.work_count++;
		f->works[k].baseline = baseline;
		*w = (struct fit_work){ .items = cell->items, .unit = 1, .known = f->s->all_items ? 0 : 1 };
	}
	unit = cell->workers * (f->s->chunks_asked && cell->chunk ? cell->chunk : 1);
	w->unit = unit > w->unit ? unit : w->unit;
	w->least_ns = fmax(w->least_ns, ROUND_LEAST_NS * (double)cell->workers);
	w->known = may_pick(cell) ? w->known : 0;
	f->place[f->fit.cell_count++] = i;
	*c = (struct fit_cell){ .work = k, .rank = fit_rank(f->run, i, f->s->placement->usable) };
}

static int fitting_init(struct fitting *f, struct supervisor *s, struct run *run)
{
	size_t count = run->cell_count + 1;

	*f = (struct fitting){ .s = s, .run = run, .started_ns = clock_ns(), .random = run->seed };
	f->fit.works = calloc(count, sizeof(*f->fit.works));
	f->fit.cells = calloc(count, sizeof(*f->fit.cells));
	f->works = calloc(count, sizeof(*f->works));
	f->place = calloc(count, sizeof(*f->place));
	if (!f->fit.works || !f->fit.cells || !f->works || !f->place)
		return -ENOMEM;
	for (size_t i = 0; i < run->cell_count; i++) {
		const struct run_cell *baseline = run_baseline(run, &run->cells[i]);

		if (baseline && !run->cells[i].cell->unavailable && !baseline->cell->unavailable)
			add_cell(f, i, (size_t)(baseline - run->cells));
	}
	return 0;
}

static void fitting_release(struct fitting *f)
{
	for (size_t k = 0; f->works && k < f->fit.work_count; k++)
		free(f->works[k].priced);
	free(f->fit.works);
	free(f->fit.cells);
	free(f->works);
	free(f->place);
}

/* ---- What comes of it ---- */

/* Returns the numbers of the items that rounds of this work execute; owned by the caller. */
static uint64_t *choose_items(struct fitting *f, size_t k)
{
	uint64_t count = f->fit.works[k].chosen, *chosen = malloc(count * sizeof(*chosen));

	if (!chosen)
		return NULL;
	fit_spread(f->works[k].priced, f->works[k].count, count);
	for (uint64_t i = 0; i < count; i++)
		chosen[i] = f->works[k].priced[i].item;
	return chosen;
}

/* Lets a cell's rounds execute what was chosen for its work. */
static void apply_items(struct fitting *f, size_t i, uint64_t *picked)
{
	const struct fit_work *w = &f->fit.works[f->fit.cells[i].work];
	struct run_cell *rc = &f->run->cells[f->place[i]];

	if (w->chosen == w->items)
		return;
	cell_pick(rc->cell, w->chosen, shares_state(rc->cell) ? NULL : picked, !f->s->chunks_asked);
	if (rc->cell->workers > 1 && w->chosen < CHUNKS_LEAST * w->unit)
		rc->doubts |= 1u << DOUBT_FEW_ITEMS;
}

static void apply_cells(struct fitting *f, struct fitted *fitted)
{
	for (size_t i = 0; i < f->fit.cell_count; i++) {
		struct run_cell *rc = &f->run->cells[f->place[i]];

		rc->left_out = f->fit.cells[i].out;
		fitted->kept += !rc->left_out;
		apply_items(f, i, fitted->picked[f->fit.cells[i].work]);
	}
}

/* Returns 1: everything that is needed is known; 0: it is not; or -errno. */
static int find_out(struct fitting *f)
{
	for (size_t k = 0; k < f->fit.work_count; k++) {
		bool priced = price_work(f, k);

		if (!priced) /* why not is found out, and said, when the cell is measured */
			return 0;
		f->fit.works[k].known = f->fit.works[k].known ? f->works[k].count : 0;
	}
	if (estimate(f))
		return -ENOMEM;
	return !f->signal && f->fit.cell_count > 0;
}

static int fit(struct fitting *f, struct fitted *fitted)
{
	double left_ns;
	int known = find_out(f);

	fitted->took_ns = (uint64_t)spent_ns(f);
	if (known <= 0)
		return known;
	left_ns = (double)f->s->budget_ns - (double)fitted->took_ns;
	fitted->picked = calloc(f->fit.work_count, sizeof(*fitted->picked));
	fitted->works = f->fit.work_count;
	if (!fitted->picked)
		return -ENOMEM;
	fitted->fits = fit_choose(&f->fit, PLANNED_SHARE * left_ns);
	fitted->needed_ns = fit_round_up(NEEDED_SHARE * fit_needed_ns(&f->fit) + (double)fitted->took_ns);
	fitted->cells = f->fit.cell_count;
	for (size_t k = 0; k < fitted->works; k++)
		if (f->fit.works[k].chosen < f->fit.works[k].items && !(fitted->picked[k] = choose_items(f, k)))
			return -ENOMEM;
	apply_cells(f, fitted);
	return 0;
}

int supervisor_fit(struct supervisor *s, struct run *run, struct fitted *fitted, int *signal)
{
	struct fitting f;
	int err;

	*fitted = (struct fitted){ 0 };
	if (!s->budget_ns || s->rounds || s->invocations || s->placement->synthetic)
		return 0;
	err = fitting_init(&f, s, run);
	err = err ? err : fit(&f, fitted);
	*signal = f.signal ? f.signal : *signal;
	s->budget_ns = s->budget_ns > fitted->took_ns ? s->budget_ns - fitted->took_ns : 1;
	fitting_release(&f);
	return err;
}

void fitted_release(struct fitted *fitted)
{
	for (size_t k = 0; fitted->picked && k < fitted->works; k++)
		free(fitted->picked[k]);
	free(fitted->picked);
	*fitted = (struct fitted){ 0 };
}
