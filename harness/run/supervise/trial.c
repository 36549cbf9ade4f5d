#include "run/supervise/fitting.h"

#include "base/interrupts.h"
#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define PRICING_SHARE 0.03     /* of the budget: to find out what items cost */
#define SHORT_ITEM_NS 100000.0 /* of shorter ones the warm-up round tells too much: it checks their outputs */
#define PRICINGS 3

/* ---- Invocations ---- */

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

uint64_t *fitting_try(struct fitting *f, size_t i, size_t k, uint64_t count, struct invocation_result *r,
		      double *wall_ns)
{
	const double item_ns = f->fit.works[k].item_ns;

	struct cell cell = *f->run->cells[i].cell;
	uint64_t *drawn = draw_items(f, cell.items, count);

	if (!drawn)
		return NULL;
	if (count < cell.items)
		cell_pick(&cell, count, fitting_shares_state(&cell) ? NULL : drawn, !f->s->chunks_asked);
	invoke(f, &cell, item_ns > 0 && item_ns < SHORT_ITEM_NS, r);
	if (r->sample_count > 0 && !r->failed) {
		f->disturbed |= r->samples[0].disturbed;
		*wall_ns = (double)r->samples[r->sample_count - 1].wall_ns;
		return drawn;
	}
	free(drawn);
	return NULL;
}

double fitting_fixed_ns(const struct invocation_result *r, double wall_ns)
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
	uint64_t *drawn = fitting_try(f, work->baseline, k, count, &r, &wall_ns);
	bool priced = drawn && r.has_costs && keep_prices(work, drawn, count, r.costs) == 0;

	if (priced) {
		f->fit.works[k].item_ns = wall_ns / (double)count;
		work->fixed_ns = fitting_fixed_ns(&r, wall_ns);
	}
	free(drawn);
	invocation_release(&r);
	return priced;
}

/* The more items are executed, the better is known what they cost; the first one tells how many there is time for. */
bool fitting_price(struct fitting *f, size_t k)
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
