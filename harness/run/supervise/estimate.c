#include "run/supervise/fitting.h"

#include "model/registry.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PROBING_SHARE 0.1       /* of the budget: then no more cells are tried */
#define SLACK 2.0               /* cells that were not tried may take so much longer than thought */
#define SHORT_ROUND_NS 50000000 /* shorter ones are paired with another one, without stamps (run/cell/rounds.c) */
#define TRIAL_NS 1000000        /* in the baseline: shorter rounds of a trial tell what waking the workers takes */
#define START_NS 2000000        /* what starting a worker takes, if nothing better is known */
#define REFERENCE_TIMES 20      /* what items cost in another language, if not known: CPython's 1 to 100 times */

static const struct cell *cell_of(const struct fitting *f, size_t i)
{
	return f->run->cells[f->place[i]].cell;
}

static unsigned at_once(const struct fitting *f, size_t i)
{
	return placement_at_once(f->s->placement, cell_of(f, i)->workers);
}

static double rounds_of(const struct fitting *f, size_t i)
{
	const struct fit_cell *c = &f->fit.cells[i];
	bool pairs = c->item_ns * (double)f->fit.works[c->work].unit < SHORT_ROUND_NS;

	return (pairs || registry_mode(cell_of(f, i)->mode)->crew_in_round ? 3 : 2) + f->disturbed;
}

static bool is_reference(const struct fitting *f, size_t i)
{
	return registry_mode(cell_of(f, i)->mode)->counterpart;
}

/* Until the cell, or one that is alike, was tried: as the baseline, by all its workers. */
static void guess(struct fitting *f, size_t i)
{
	struct fit_cell *c = &f->fit.cells[i];

	c->fixed_ns = f->works[c->work].fixed_ns + START_NS * cell_of(f, i)->workers;
	c->item_ns = f->fit.works[c->work].item_ns / at_once(f, i);
	c->item_ns *= is_reference(f, i) ? REFERENCE_TIMES : 1;
	c->rounds = rounds_of(f, i);
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
		c->fixed_ns = fitting_fixed_ns(r, wall_ns);
		c->item_ns = fmax(f->fit.works[c->work].item_ns / at_once(f, i), item_ns);
		if (is_reference(f, tried))
			c->item_ns = item_ns * at_once(f, tried) / at_once(f, i);
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
	uint64_t *drawn = fitting_try(f, f->place[tried], work, count, &r, &wall_ns);

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
		if (next == SIZE_MAX || f->signal || fitting_spent_ns(f) > PROBING_SHARE * (double)f->s->budget_ns)
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

int fitting_estimate(struct fitting *f)
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
