#include "model/run.h"

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
