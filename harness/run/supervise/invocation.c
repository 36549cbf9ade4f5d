#include "run/supervise/invocation.h"

#include "run/supervise/running.h"

#include <stdio.h>
#include <stdlib.h>

void invocation_run(const struct cell_launcher *launcher, struct spec *spec, const double *weights,
		    invocation_skipped *skipped, void *context, struct invocation_result *result)
{
	struct running *running = running_begin(launcher, spec, weights, skipped, context, result);

	if (!running) {
		result->failed = true;
		result->failure = (struct failure){ .kind = FAILURE_ERROR, .exit_status = -1, .item = -1 };
		snprintf(result->failure.message, sizeof(result->failure.message), "out of memory");
		return;
	}
	running_await(&running, 1);
	running_end(running);
}

void invocation_release(struct invocation_result *r)
{
	for (size_t i = 0; i < r->sample_count; i++)
		free(r->samples[i].worker);
	free(r->samples);
	free(r->digests);
	free(r->description.params);
	*r = (struct invocation_result){ 0 };
}
