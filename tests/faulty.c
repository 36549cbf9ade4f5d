/* A workload that goes wrong as it is told: for the tests of what the supervisor makes of it. */
#include "workloads/values.h"
#include "workloads/workload.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum fault { NONE, CRASH, QUIT, HANG, ERROR, WRONG, REFUSE, DIFFER, LONG, COUNT };

static const char *const names[COUNT] = { "none", "crash",  "exit",   "hang", "error", "wrong",
					  "refuse", "differ", "long" };

struct faulty {
	enum fault fault;
	uint64_t at;
	uint64_t input_bytes, output_bytes;
	uint64_t us;
	pid_t opened_by;
	char *input;
};

static const struct param params[] = {
	{ "fault", "none", NULL, "none|crash|exit|hang|error|wrong|refuse|differ|long", "what goes wrong" },
	{ "at", "5", NULL, "an item", "at which item" },
	{ "in", "0", "bytes", "0 to 100000000", "size of an input payload" },
	{ "out", "8", "bytes", "8 to 100000000", "size of an output payload" },
	{ "us", "100", "us", "0 to 1000000", "how long an item sleeps" },
	{ 0 },
};

static int faulty_open(const struct workload_options *options, struct workload_state *state)
{
	struct faulty *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	while (f->fault < COUNT - 1 && strcmp(names[f->fault], options->values[0]))
		f->fault++;
	if (value_whole(state, "at", options->values[1], 0, UINT32_MAX, &f->at) ||
	    value_whole(state, "in", options->values[2], 0, 100000000, &f->input_bytes) ||
	    value_whole(state, "out", options->values[3], 8, 100000000, &f->output_bytes) ||
	    value_whole(state, "us", options->values[4], 0, 1000000, &f->us)) {
		free(f);
		return -EINVAL;
	}
	f->opened_by = getpid();
	f->input = malloc(f->input_bytes + 1);
	for (uint64_t i = 0; f->input && i < f->input_bytes; i++)
		f->input[i] = (char)(i * 31);
	state->data = f;
	state->items = options->items ? options->items : 40;
	state->output_max = f->output_bytes;
	return 0;
}

static int faulty_input(const void *data, uint64_t item, struct bytes *in)
{
	const struct faulty *f = data;

	(void)item;
	*in = (struct bytes){ f->input, f->input_bytes };
	return 0;
}

static int go_wrong(const struct faulty *f, struct buffer *out)
{
	switch (f->fault) {
	case CRASH:
		raise(SIGSEGV);
		return 0;
	case QUIT:
		exit(7);
	case HANG:
		for (;;)
			pause();
	case ERROR:
		return -EIO;
	case WRONG: /* the same in every mode: only check() sees it */
		((char *)out->data)[0] ^= 1;
		return 0;
	case DIFFER: /* right in the process that opened it: only the comparison with the baseline sees it */
		((char *)out->data)[7] ^= getpid() != f->opened_by;
		return 0;
	case LONG:
		out->size = out->capacity + 1;
		return 0;
	default:
		return 0;
	}
}

static int faulty_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct faulty *f = data;
	struct timespec pause_time = { .tv_nsec = (long)f->us % 1000000 * 1000 };

	if (in.size != f->input_bytes || (in.size && memcmp(in.data, f->input, in.size)))
		return -EBADE;
	nanosleep(&pause_time, NULL);
	memset(out->data, (int)(item % 251), f->output_bytes);
	memcpy((char *)out->data, &item, 4);
	((char *)out->data)[7] = 0;
	out->size = f->output_bytes;
	return item == f->at ? go_wrong(f, out) : 0;
}

static int faulty_check(const void *data, uint64_t item, struct bytes out)
{
	const struct faulty *f = data;

	if (f->fault == REFUSE && item == f->at)
		return -EBADMSG;
	return out.size == f->output_bytes && !memcmp(out.data, &item, 4) ? 0 : -EBADMSG;
}

static void faulty_close(void *data)
{
	struct faulty *f = data;

	free(f->input);
	free(f);
}

const struct workload workload_faulty = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "faulty",
	.summary = "goes wrong as it is told",
	.item = "item",
	.params = params,
	.open = faulty_open,
	.input = faulty_input,
	.work = faulty_work,
	.check = faulty_check,
	.close = faulty_close,
};
