#include "analyse/baseline.h"

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
