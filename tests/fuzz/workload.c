/* The shared object that the driver `object` begins with. */
#include "workloads/workload.h"

static int tiny_open(const struct workload_options *options, struct workload_state *state)
{
	state->items = 1;
	return 0;
}

static int tiny_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	return 0;
}

extern const struct workload workload_tiny;
const struct workload workload_tiny = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "tiny",
	.summary = "does nothing",
	.item = "item",
	.open = tiny_open,
	.work = tiny_work,
};
