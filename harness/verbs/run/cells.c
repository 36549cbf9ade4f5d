#include "verbs/run/internal.h"

#include "base/text.h"
#include "command/verb.h"
#include "model/registry.h"

#include <errno.h>
#include <stdlib.h>

/* Asks a workload how many items it has with these values; makes its input the first time. */
static int probe_workload(struct run_job *job, struct supervisor *s, const struct workload *workload,
			  const char **values)
{
	struct workload_probe probe = { 0 };
	struct cell cell = { .workload = workload->name, .values = values, .mode = "", .input = job->options->input };
	int err;

	progress_show(&job->progress, 0, 0, "preparing the input");
	err = supervisor_probe(s, &cell, &probe, &job->signal, WHY(job->why));
	job->skipped[job->fact_count] = probe.skipped;
	job->facts[job->fact_count++] = (struct workload_facts){ .name = workload->name, .values = values,
							      .items = probe.items };
	return err;
}

static int probe_workloads(struct run_job *job, struct supervisor *s)
{
	const struct options *o = job->options;
	size_t count = 0;
	int err = 0;

	for (size_t i = 0; i < o->workloads.count; i++)
		count += options_combinations(o, registry_workload(o->workloads.word[i]));
	job->facts = calloc(count, sizeof(*job->facts));
	job->skipped = calloc(count, sizeof(*job->skipped));
	if (!job->facts || !job->skipped)
		return -ENOMEM;
	for (size_t i = 0; i < o->workloads.count; i++) {
		const struct workload *workload = registry_workload(o->workloads.word[i]);

		for (size_t k = 0; k < options_combinations(o, workload) && !err; k++) {
			const char **values = options_values(o, workload, k);

			err = values ? probe_workload(job, s, workload, values) : -ENOMEM;
		}
	}
	return err;
}

static int make_plan(struct run_job *job)
{
	int err = plan_make(&job->plan, job->options, job->facts, job->fact_count, job->placement.usable);

	if (err == -E2BIG)
		return why_refuse(WHY(job->why), "the lists of options make more than %d cells: give shorter ones",
				  PLAN_CELLS_MOST);
	if (err)
		return why_failed(WHY(job->why), err, "cannot make the plan");
	job->run.cells = calloc(job->plan.count, sizeof(*job->run.cells));
	if (!job->run.cells)
		return -ENOMEM;
	job->run.cell_count = job->plan.count;
	for (size_t i = 0; i < job->plan.count; i++) {
		job->run.cells[i].cell = &job->plan.cells[i];
		for (size_t k = 0; k < job->fact_count; k++)
			if (job->skipped[k] && job->facts[k].values == job->plan.cells[i].values)
				job->run.cells[i].doubts |= 1u << DOUBT_INPUTS_SKIPPED;
	}
	return 0;
}

int run_plan(struct run_job *job, struct supervisor *supervisor)
{
	int err = probe_workloads(job, supervisor);

	return err ? err : make_plan(job);
}

int run_print_plan(struct run_job *job)
{
	struct cpus *sets = calloc(1024, sizeof(*sets));
	char where[256];

	for (size_t i = 0; sets && i < job->plan.count; i++) {
		const struct cell *c = &job->plan.cells[i];

		text_print(stdout, "%s\n", c->id);
		if (c->unavailable) {
			text_print(stdout, "  not available: %s\n", c->unavailable);
			continue;
		}
		if (placement_choose(&job->placement, c->bind, c->workers, sets, WHY(job->why))) {
			free(sets);
			return verb_complain(job->why);
		}
		for (uint32_t w = 0; w < c->workers; w++) {
			placement_describe(&job->placement, &sets[w], where, sizeof(where));
			text_print(stdout, "  worker %-4u %s\n", w, where);
		}
	}
	free(sets);
	run_say_fit(job, stdout, "");
	return EXIT_DONE;
}
