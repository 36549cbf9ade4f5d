#include "analyse/baseline.h"

#include "model/registry.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_work(const struct cell *a, const struct cell *b)
{
	const struct workload *workload = registry_workload(a->workload);

	if (!same_text(a->workload, b->workload) || !same_text(a->input, b->input) || a->items != b->items)
		return false;
	for (size_t i = 0; workload && workload->params && workload->params[i].name; i++)
		if (!same_text(a->values[i], b->values[i]))
			return false;
	return true;
}

const struct run_cell *run_baseline(const struct run *run, const struct run_cell *of)
{
	for (size_t i = 0; i < run->cell_count; i++) {
		const struct run_cell *other = &run->cells[i];
		const struct mode *mode = registry_mode(other->cell->mode);

		if (mode && !mode->parallel && same_work(other->cell, of->cell))
			return other;
	}
	return NULL;
}

static double body_cpu(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return (double)sample->total.body_cpu_ns;
}

static double body_wait(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	return (double)sample->total.body_wait_ns;
}

struct body_cost baseline_cost(struct rounds *baseline)
{
	if (!baseline->count)
		return (struct body_cost){ .known = false };
	return (struct body_cost){
		.known = true,
		.cpu_ns = (uint64_t)llround(rounds_median(baseline, body_cpu, NULL)),
		.wait_ns = (uint64_t)llround(rounds_median(baseline, body_wait, NULL)),
	};
}
