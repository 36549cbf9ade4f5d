#include "run/supervise/fitting.h"

#include "base/clock.h"
#include "base/duration.h"
#include "model/registry.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define PLANNED_SHARE 0.95     /* of what is left: the rest is for what takes longer than thought */
#define BUSY_SHARE 0.8         /* the same beside other programs, which may take more of the processors than so far */
#define BUSY_SPARE 0.4         /* then larger rounds leave so much of that free: intervals matter more */
#define NEEDED_MARGIN 1.25     /* times the budget into which all cells just fit: the next run may find them slower */
#define ROUND_LEAST_NS 5000000 /* for each worker: in shorter rounds what bench itself costs is measured */

double fitting_spent_ns(const struct fitting *f)
{
	return (double)(clock_ns() - f->started_ns);
}

bool fitting_shares_state(const struct cell *cell)
{
	return registry_workload(cell->workload)->settle;
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
	cell_pick(rc->cell, w->chosen, fitting_shares_state(rc->cell) ? NULL : picked, !f->s->chunks_asked);
	if (rc->cell->workers > 1 && w->chosen < CHUNKS_LEAST * w->unit)
		rc->doubts |= 1u << DOUBT_FEW_ITEMS;
}

static void apply_cells(struct fitting *f, struct fitted *fitted)
{
	for (size_t i = 0; i < f->fit.cell_count; i++) {
		struct run_cell *rc = &f->run->cells[f->place[i]];

		rc->left_out = f->fit.cells[i].out;
		rc->foreseen_ns = (uint64_t)fit_invocation_ns(&f->fit, i);
		fitted->kept += !rc->left_out;
		apply_items(f, i, fitted->picked[f->fit.cells[i].work]);
	}
}

/* Returns 1: everything that is needed is known; 0: it is not; or -errno. */
static int find_out(struct fitting *f)
{
	for (size_t k = 0; k < f->fit.work_count; k++) {
		bool priced = fitting_price(f, k);

		if (!priced) /* why not is found out, and said, when the cell is measured */
			return 0;
		f->fit.works[k].known = f->fit.works[k].known ? f->works[k].count : 0;
	}
	if (fitting_estimate(f))
		return -ENOMEM;
	return !f->signal && f->fit.cell_count > 0;
}

static double planned_share(const struct fitting *f)
{
	return f->disturbed ? BUSY_SHARE : PLANNED_SHARE;
}

static int fit(struct fitting *f, struct fitted *fitted)
{
	double left_ns, needed_ns;
	int known = find_out(f);

	fitted->took_ns = (uint64_t)fitting_spent_ns(f);
	if (known <= 0)
		return known;
	left_ns = (double)f->s->budget_ns - (double)fitted->took_ns;
	fitted->picked = calloc(f->fit.work_count, sizeof(*fitted->picked));
	fitted->works = f->fit.work_count;
	if (!fitted->picked)
		return -ENOMEM;
	f->fit.spare = f->disturbed ? BUSY_SPARE : 0;
	fitted->fits = fit_choose(&f->fit, planned_share(f) * left_ns);
	needed_ns = fit_needed_ns(&f->fit) / planned_share(f) + (double)fitted->took_ns;
	fitted->needed_ns = duration_round_up(NEEDED_MARGIN * needed_ns);
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

/* ---- Afterwards ---- */

static bool lacks_invocations(const struct run_cell *rc)
{
	return !rc->left_out && (rc->status == CELL_OK || rc->status == CELL_NOT_MEASURED) &&
	       rc->invocation_count < INVOCATIONS_LEAST;
}

/* By how much the invocations took longer than was thought. */
static double slowness(const struct run *run)
{
	double foreseen_ns = 0;

	for (size_t i = 0; i < run->cell_count; i++)
		foreseen_ns += (double)(run->cells[i].invocation_count * run->cells[i].foreseen_ns);
	return foreseen_ns > 0 ? (double)(clock_ns() - run->started_ns) / foreseen_ns : 1;
}

void supervisor_fit_again(const struct supervisor *s, const struct run *run, struct fitted *fitted)
{
	double given_ns = (double)(s->budget_ns + fitted->took_ns);
	bool lacks = false;

	for (size_t i = 0; i < run->cell_count; i++)
		lacks |= lacks_invocations(&run->cells[i]);
	if (fitted->cells && lacks)
		fitted->needed_ns = duration_round_up(fmax(slowness(run), NEEDED_MARGIN) *
						      fmax((double)fitted->needed_ns, given_ns));
}

void fitted_release(struct fitted *fitted)
{
	for (size_t k = 0; fitted->picked && k < fitted->works; k++)
		free(fitted->picked[k]);
	free(fitted->picked);
	*fitted = (struct fitted){ 0 };
}
