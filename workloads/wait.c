/* Sleeps, as an item does that waits for a disk, a network or another program. */
#include "workloads/parts/values.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

static const struct param params[] = {
	{ "ms", "10", "ms", "0 to 60000, decimals allowed", "how long an item sleeps" },
	{ 0 },
};

static int wait_open(const struct workload_options *options, struct workload_state *state)
{
	struct timespec *pause = malloc(sizeof(*pause));
	double ms;

	if (!pause)
		return refuse(state, -ENOMEM, "no memory");
	if (value_decimal(state, "ms", options->values[0], 0, 60000, &ms) != 0) {
		free(pause);
		return -EINVAL;
	}
	pause->tv_sec = (time_t)(ms / 1000);
	pause->tv_nsec = (long)(fmod(ms, 1000) * 1e6);
	*state = (struct workload_state){ .data = pause, .items = options->items ? options->items : 64 };
	return 0;
}

static int wait_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	struct timespec left = *(const struct timespec *)data;
	int error;

	(void)item, (void)in, (void)out;
	do {
		error = clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left);
	} while (error == EINTR);
	return -error;
}

const struct workload workload_wait = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "wait",
	.summary = "sleep: waits as for input and output, computes nothing",
	.item = "sleep",
	.params = params,
	.open = wait_open,
	.work = wait_work,
	.close = free,
};
