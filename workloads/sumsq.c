/* Computes the sum of i * i for all i below n: computation only, no memory, no system calls. */
#include "workloads/parts/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct sumsq {
	uint64_t n;
};

static const struct param params[] = {
	{ "n", "1000000", NULL, "1 to 3000000", "how many squares an item adds" },
	{ 0 },
};

static int sumsq_open(const struct workload_options *options, struct workload_state *state)
{
	struct sumsq *s = malloc(sizeof(*s));

	if (!s)
		return refuse(state, -ENOMEM, "no memory");
	if (value_whole(state, "n", options->values[0], 1, 3000000, &s->n) != 0) { /* the sum of more is over 64 bits */
		free(s);
		return -EINVAL;
	}
	*state = (struct workload_state){
		.data = s,
		.items = options->items ? options->items : 32,
		.output_max = sizeof(uint64_t),
	};
	return 0;
}

static int sumsq_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct sumsq *s = data;
	uint64_t sum = 0;

	(void)item, (void)in;
	for (uint64_t i = 0; i < s->n; i++) {
		sum += i * i;
		__asm__ volatile("" : "+r"(sum)); /* else the compiler uses the closed form */
	}
	memcpy(out->data, &sum, sizeof(sum));
	out->size = sizeof(sum);
	return 0;
}

static int sumsq_check(const void *data, uint64_t item, struct bytes out)
{
	unsigned __int128 n = ((const struct sumsq *)data)->n; /* the product below needs 66 bits */
	uint64_t sum = (uint64_t)((n - 1) * n * (2 * n - 1) / 6);

	(void)item;
	return out.size == sizeof(sum) && memcmp(out.data, &sum, sizeof(sum)) == 0 ? 0 : -EBADMSG;
}

const struct workload workload_sumsq = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "sumsq",
	.summary = "sum of squares: computes, touches no memory",
	.item = "sum",
	.params = params,
	.open = sumsq_open,
	.work = sumsq_work,
	.check = sumsq_check,
	.close = free,
};
