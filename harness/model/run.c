#include "model/run.h"

#include "base/text.h"
#include "model/registry.h"

#include <stdlib.h>

void run_release(struct run *run)
{
	for (size_t i = 0; i < run->cell_count; i++) {
		struct run_cell *rc = &run->cells[i];

		for (size_t k = 0; k < rc->sample_count; k++)
			free(rc->samples[k].worker);
		free(rc->samples);
		free(rc->invocations);
	}
	free(run->cells);
	json_decref(run->machine);
	json_decref(run->versions);
	*run = (struct run){ 0 };
}

static bool same_work(const struct cell *a, const struct cell *b)
{
	const struct workload *workload = registry_workload(a->workload);

	if (!text_same(a->workload, b->workload) || !text_same(a->input, b->input) || a->items != b->items)
		return false;
	for (size_t i = 0; workload && workload->params && workload->params[i].name; i++)
		if (!text_same(a->values[i], b->values[i]))
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
