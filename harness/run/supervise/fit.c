#include "run/supervise/fit.h"

#include "model/registry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Who is left out first ---- */

enum { RANK_BASELINE, RANK_MODE, RANK_VARIANT, RANK_WORKERS, RANK_REFERENCE };

#define RANK(class, unit) ((uint32_t)(class) << 24 | (uint32_t)(unit))

static bool same_mode(const struct cell *a, const struct cell *b)
{
	return a->values == b->values && !strcmp(a->workload, b->workload) && !strcmp(a->mode, b->mode);
}

/* The place of the first cell of the same mode, and of the same number of workers if that is asked for. */
static size_t first_of_mode(const struct run *run, size_t cell, bool same_workers)
{
	const struct cell *own = run->cells[cell].cell;
	size_t k = 0;

	while (k < cell && !(same_mode(run->cells[k].cell, own) &&
			     (!same_workers || run->cells[k].cell->workers == own->workers)))
		k++;
	return k;
}

static bool is_between(const struct run *run, const struct cell *own)
{
	uint32_t least = own->workers, most = own->workers;

	for (size_t k = 0; k < run->cell_count; k++) {
		const struct cell *other = run->cells[k].cell;

		if (!same_mode(other, own))
			continue;
		least = other->workers < least ? other->workers : least;
		most = other->workers > most ? other->workers : most;
	}
	return own->workers > least && own->workers < most;
}

uint32_t fit_rank(const struct run *run, size_t cell, unsigned processors)
{
	const struct cell *own = run->cells[cell].cell;
	const struct mode *mode = registry_mode(own->mode);
	size_t first = first_of_mode(run, cell, false);

	if (!mode->parallel)
		return RANK(RANK_BASELINE, 0);
	if (mode->counterpart)
		return RANK(RANK_REFERENCE, first);
	if (is_between(run, own))
		return RANK(RANK_WORKERS, own->workers > processors ? WORKERS_MOST + own->workers :
								      WORKERS_MOST - own->workers);
	if (first_of_mode(run, cell, true) < cell)
		return RANK(RANK_VARIANT, cell);
	return RANK(RANK_MODE, first);
}

/* ---- How many items ---- */

uint64_t fit_least_items(const struct fit_work *w)
{
	const double items = fmax(ceil(w->least_ns / w->item_ns / (double)w->unit), 1) * (double)w->unit;

	return items <= (double)w->known && items < (double)w->items ? (uint64_t)items : w->items;
}

/* At most `wanted` items, if a round may have so few. */
static uint64_t items_within(const struct fit_work *w, double wanted)
{
	const uint64_t full = CHUNKS_LEAST * w->unit, least = fit_least_items(w);
	const double most = wanted < (double)w->known ? wanted : (double)w->known;
	uint64_t items, step;

	if (wanted >= (double)w->items || least == w->items)
		return w->items;
	step = most < (double)full ? w->unit : full;
	items = (uint64_t)(most / (double)step) * step;
	return items > least ? items : least;
}

/* With a larger budget the costs of more items are known. */
static uint64_t balanced_items(const struct fit_work *w)
{
	const uint64_t full = CHUNKS_LEAST * w->unit, least = fit_least_items(w);

	if (least == w->items || full >= w->items)
		return w->items;
	return full > least ? full : least;
}

static double invocation_ns(const struct fit_cell *c, uint64_t items)
{
	return c->fixed_ns + c->rounds * c->item_ns * (double)items;
}

double fit_invocation_ns(const struct fit *fit, size_t cell)
{
	const struct fit_cell *c = &fit->cells[cell];

	return invocation_ns(c, fit->works[c->work].chosen);
}

/* The time of a generation in which the baselines' rounds take at most round_ns. */
static double generation_ns(const struct fit *fit, double round_ns)
{
	double sum_ns = 0;

	for (size_t i = 0; i < fit->cell_count; i++) {
		const struct fit_work *w = &fit->works[fit->cells[i].work];

		if (!fit->cells[i].out)
			sum_ns += invocation_ns(&fit->cells[i], items_within(w, round_ns / w->item_ns));
	}
	return sum_ns;
}

static double longest_round_ns(const struct fit *fit)
{
	double most_ns = 0;

	for (size_t k = 0; k < fit->work_count; k++) {
		double all_ns = (double)fit->works[k].items * fit->works[k].item_ns;

		most_ns = all_ns > most_ns ? all_ns : most_ns;
	}
	return most_ns;
}

/* The longest rounds of the baselines with which a generation takes at most generation_ns; 0: there are none. */
static double fit_rounds(const struct fit *fit, double most_ns)
{
	double low_ns = 0, high_ns = 1.001 * longest_round_ns(fit); /* above, so that no rounding keeps an item out */

	if (generation_ns(fit, high_ns) <= most_ns)
		return high_ns;
	for (int i = 0; i < 60; i++) {
		double middle_ns = (low_ns + high_ns) / 2;

		if (generation_ns(fit, middle_ns) <= most_ns)
			low_ns = middle_ns;
		else
			high_ns = middle_ns;
	}
	return low_ns;
}

/* ---- Choosing ---- */

/* Leaves out the cells of the greatest rank. False: what is left is one mode, or none. */
static bool leave_out(struct fit *fit)
{
	uint32_t greatest = 0, least = UINT32_MAX;

	for (size_t i = 0; i < fit->cell_count; i++) {
		uint32_t rank = fit->cells[i].out ? 0 : fit->cells[i].rank;

		greatest = rank > greatest ? rank : greatest;
		least = rank && rank < least ? rank : least;
	}
	if (greatest <= least)
		return false;
	for (size_t i = 0; i < fit->cell_count; i++)
		fit->cells[i].out |= fit->cells[i].rank == greatest;
	return true;
}

bool fit_choose(struct fit *fit, double budget_ns)
{
	const double most_ns = budget_ns / INVOCATIONS_LEAST;
	double round_ns;
	bool fits;

	while (!(fits = generation_ns(fit, 0) <= most_ns) && leave_out(fit))
		;
	round_ns = fits ? fit_rounds(fit, (1 - fit->spare) * most_ns) : 0;
	for (size_t k = 0; k < fit->work_count; k++)
		fit->works[k].chosen = items_within(&fit->works[k], round_ns / fit->works[k].item_ns);
	return fits;
}

double fit_needed_ns(const struct fit *fit)
{
	double sum_ns = 0;

	for (size_t i = 0; i < fit->cell_count; i++) {
		const struct fit_work *w = &fit->works[fit->cells[i].work];

		sum_ns += invocation_ns(&fit->cells[i], balanced_items(w));
	}
	return INVOCATIONS_LEAST * sum_ns;
}

/* ---- Which items ---- */

static int by_number(const void *a, const void *b)
{
	const struct priced *x = a, *y = b;

	return (x->item > y->item) - (x->item < y->item);
}

static int by_cost(const void *a, const void *b)
{
	const struct priced *x = a, *y = b;

	return x->cost == y->cost ? by_number(a, b) : x->cost > y->cost ? 1 : -1;
}

void fit_spread(struct priced *items, size_t count, size_t wanted)
{
	qsort(items, count, sizeof(*items), by_cost);
	for (size_t i = 0; i < wanted; i++)
		items[i] = items[(2 * i + 1) * count / (2 * wanted)];
	qsort(items, wanted, sizeof(*items), by_number);
}
