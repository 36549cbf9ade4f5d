/* Does nothing: what is measured is the cost of handing an item out. */
#include "workloads/workload.h"

static int null_open(const struct workload_options *options, struct workload_state *state)
{
	*state = (struct workload_state){ .items = options->items ? options->items : 1000000 };
	return 0;
}

static int null_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	(void)data, (void)item, (void)in, (void)out;
	return 0;
}

const struct workload workload_null = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "null",
	.summary = "nothing: shows what handing out an item costs",
	.item = "call",
	.open = null_open,
	.work = null_work,
};
