#include "verbs/run/internal.h"

#include "base/duration.h"
#include "base/text.h"
#include "base/why.h"
#include "model/registry.h"
#include "run/supervise/fit.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define LABEL 256
#define LABELS_MOST 6 /* that are written one by one */

static bool is_reference(const struct run_cell *rc)
{
	return registry_mode(rc->cell->mode)->counterpart;
}

/* Whether all cells for which this holds are left out. */
static bool all_out(const struct run *run, const struct run_cell *like,
		    bool (*alike)(const struct run_cell *a, const struct run_cell *b))
{
	for (size_t i = 0; i < run->cell_count; i++)
		if (!run->cells[i].left_out && !run->cells[i].cell->unavailable && alike(&run->cells[i], like))
			return false;
	return true;
}

/* One that was not tried has no name yet. */
static bool same_runtime(const struct run_cell *a, const struct run_cell *b)
{
	return is_reference(a) && (!a->runtime.name[0] || !strcmp(a->runtime.name, b->runtime.name));
}

static bool same_mode(const struct run_cell *a, const struct run_cell *b)
{
	return !strcmp(a->cell->mode, b->cell->mode);
}

static bool same_workers(const struct run_cell *a, const struct run_cell *b)
{
	return registry_mode(a->cell->mode)->parallel && a->cell->workers == b->cell->workers;
}

/* A reference itself, or if it was not tried another one that was; NULL: it is none, or no one was. */
static const struct run_cell *tried_reference(const struct run *run, const struct run_cell *rc)
{
	if (!is_reference(rc) || rc->runtime.name[0])
		return is_reference(rc) ? rc : NULL;
	for (size_t i = 0; i < run->cell_count; i++)
		if (is_reference(&run->cells[i]) && run->cells[i].runtime.name[0])
			return &run->cells[i];
	return NULL;
}

/* What is left out with this cell: the most that can be said in a word. */
static void label(const struct run *run, const struct run_cell *rc, char text[LABEL])
{
	const struct run_cell *reference = tried_reference(run, rc);

	if (reference && all_out(run, reference, same_runtime))
		snprintf(text, LABEL, "%s's", reference->runtime.name);
	else if (all_out(run, rc, same_mode))
		snprintf(text, LABEL, "%s", rc->cell->mode);
	else if (all_out(run, rc, same_workers))
		snprintf(text, LABEL, "%" PRIu32 " workers", rc->cell->workers);
	else
		snprintf(text, LABEL, "%.250s", rc->cell->id);
}

static bool was_said(char said[][LABEL], size_t count, const char *text)
{
	for (size_t k = 0; k < count; k++)
		if (!strcmp(said[k], text))
			return true;
	return false;
}

/* Labels who is left out first of those that were not said yet. False: there is nobody. */
static bool label_next(const struct run_job *job, char said[][LABEL], size_t count, char next[LABEL])
{
	const struct run *run = &job->run;
	uint32_t greatest = 0;
	char text[LABEL];

	for (size_t i = 0; i < run->cell_count; i++) {
		uint32_t rank = fit_rank(run, i, job->placement.usable);

		if (!run->cells[i].left_out || rank <= greatest)
			continue;
		label(run, &run->cells[i], text);
		if (was_said(said, count, text))
			continue;
		greatest = rank;
		memcpy(next, text, LABEL);
	}
	return greatest > 0;
}

/* "; left out: CPython's, openmp", in this order. */
static void say_left_out(FILE *out, const struct run_job *job)
{
	char said[LABELS_MOST + 1][LABEL];
	size_t count = 0;

	while (count <= LABELS_MOST && label_next(job, said, count, said[count])) {
		text_print(out, "%s%s", count ? ", " : "; left out: ",
			   count == LABELS_MOST ? "and others" : said[count]);
		count++;
	}
}

/* The first cell of these facts of which a round executes some items only; NULL: none. */
static const struct cell *smaller(const struct run_job *job, const struct workload_facts *facts)
{
	for (size_t i = 0; i < job->plan.count; i++) {
		const struct cell *cell = &job->plan.cells[i];

		if (cell->values == facts->values && cell->items_of > cell->items)
			return cell;
	}
	return NULL;
}

static bool are_all_whole(const struct run_job *job)
{
	for (size_t k = 0; k < job->fact_count; k++)
		if (smaller(job, &job->facts[k]))
			return false;
	return true;
}

/* "bench: resize: a round executes 10 of 30 images". */
static void say_items(FILE *out, const char *prefix, const struct run_job *job)
{
	for (size_t k = 0; k < job->fact_count; k++) {
		const struct cell *cell = smaller(job, &job->facts[k]);

		if (cell)
			text_print(out, "%s%s: a round executes %" PRIu64 " of %" PRIu64 " %ss\n", prefix,
				   cell->workload, cell->items, cell->items_of,
				   registry_workload(cell->workload)->item);
	}
}

/* "bench: 25 cells need 4 min: --budget 4m; in 30 s: 17 cells; left out: CPython's"; if none is left out, "bench: 25
 * cells in 30 s; --budget 4m has room for longer rounds". */
void run_say_fit(const struct run_job *job, FILE *out, const char *prefix)
{
	const struct fitted *f = &job->fitted;
	char needed[DURATION_TEXT], option[DURATION_TEXT], budget[DURATION_TEXT];
	bool more = !are_all_whole(job) && f->needed_ns > job->options->budget_ns;

	if (!f->cells)
		return;
	duration_text(needed, f->needed_ns);
	duration_option(option, f->needed_ns);
	duration_text(budget, job->options->budget_ns);
	if (f->kept == f->cells && f->fits) {
		text_print(out, "%s%zu cells in %s%s%s%s", prefix, f->cells, budget, more ? "; --budget " : "",
			   more ? option : "", more ? " has room for longer rounds" : "");
	} else {
		text_print(out, "%s%zu cells need %s: --budget %s; in %s: %zu cell%s", prefix, f->cells, needed, option,
			   budget, f->kept, f->kept == 1 ? "" : "s");
		say_left_out(out, job);
	}
	fputs(f->fits ? "\n" : "; even these get too few rounds for an interval\n", out);
	say_items(out, prefix, job);
}

static void tell_needed(struct run_job *job)
{
	char option[DURATION_TEXT];

	job->run.needed_ns = job->fitted.needed_ns;
	duration_option(option, job->fitted.needed_ns);
	for (size_t i = 0; i < job->run.cell_count; i++) {
		struct run_cell *rc = &job->run.cells[i];

		if (rc->left_out)
			snprintf(rc->reason, sizeof(rc->reason), "budget: left out; --budget %s has room for it",
				 option);
	}
}

int run_fit(struct run_job *job, struct supervisor *supervisor)
{
	const struct fitted *f = &job->fitted;
	int err;

	progress_show(&job->progress, 0, 0, "finding out what fits the budget");
	err = supervisor_fit(supervisor, &job->run, &job->fitted, &job->signal);
	if (err)
		return why_failed(WHY(job->why), err, "cannot find out what fits the budget");
	progress_erase(&job->progress);
	tell_needed(job);
	if (!job->options->quiet && !job->options->dry_run && (f->kept < f->cells || !f->fits || !are_all_whole(job)))
		run_say_fit(job, stderr, "bench: ");
	return 0;
}

void run_fit_again(struct run_job *job, const struct supervisor *supervisor)
{
	if (job->signal)
		return;
	supervisor_fit_again(supervisor, &job->run, &job->fitted);
	tell_needed(job);
}
