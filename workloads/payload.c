/* Items of a given size and length: the user sets the bytes of input, the bytes of output and the microseconds of
 * computing between them. Sweeps of these show from which size on a transport costs more than passing pointers
 * between threads, and how short an item may be before handing it out costs more than doing it.
 *
 * work() reads every byte of its input, computes, and fills every byte of its output with what depends on the
 * input and the item. Inputs are windows into the same noise, which stay in a cache that holds one of them, so
 * that sending them is what costs.
 *
 * The microseconds become a number of steps, which is the same for all items of a run, whatever its modes do to
 * the machine. The first open() of a run measures how many steps a microsecond has, at the best speed seen, and
 * keeps that in the run's folder. This is the only place where a workload reads a clock. */
#include "workloads/parts/files.h"
#include "workloads/parts/noise.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define MOST_BYTES ((size_t)64 << 20)
#define WINDOWS 16
#define WINDOW_STEP 8 /* bytes from one window to the next */

#define SPEED "payload.speed" /* file in the run's folder: steps a millisecond, in digits */
#define SPEED_DRAFT "payload.draft"

struct payload {
	size_t in, out; /* bytes */
	uint64_t steps; /* of computing in an item */
	uint8_t *noise;
	uint64_t digests[WINDOWS]; /* of the input in each window */
};

enum { IN, OUT, US };

static const struct param params[] = {
	[IN] = { "in", "1024", "bytes", "0 to 67108864", "input of an item" },
	[OUT] = { "out", "1024", "bytes", "0 to 67108864", "output of an item" },
	[US] = { "us", "100", "us", "0 to 10000000, decimals allowed", "how long an item computes besides" },
	{ 0 },
};

/* Each step waits for the one before. */
static void compute(uint64_t steps)
{
	uint64_t x = steps;

	for (; steps; steps--) {
		x = x * 0xd1342543de82ef95 + 1;
		__asm__ volatile("" : "+r"(x)); /* else the compiler drops x, which nobody needs */
	}
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Takes the best of many tries of about 0.1 ms; together they last until the processor has reached its speed. */
static uint64_t measure_steps_per_ms(void)
{
	const uint64_t steps = 50000;
	uint64_t begin_ns = now_ns(), least_ns = UINT64_MAX;

	while (least_ns == UINT64_MAX || now_ns() - begin_ns < 20000000) {
		uint64_t from_ns = now_ns();

		compute(steps);
		from_ns = now_ns() - from_ns;
		least_ns = from_ns < least_ns ? from_ns : least_ns;
	}
	return steps * 1000000 / (least_ns ? least_ns : 1);
}

static int recall_speed(int run, uint64_t *per_ms)
{
	struct buffer text;
	int error = file_read(run, SPEED, 64, &text);
	const char *end = error ? NULL : value_digits(text.data, 1, UINT32_MAX, per_ms);

	if (!error && (!end || *end != '\n'))
		error = -EBADMSG;
	free(text.data);
	return error;
}

/* Locks the folder: one process measures, and the others of the run wait for what it finds. */
static int find_speed(int run, uint64_t *per_ms)
{
	char text[32];
	int size;

	if (recall_speed(run, per_ms) == 0)
		return 0;
	*per_ms = measure_steps_per_ms();
	size = snprintf(text, sizeof(text), "%" PRIu64 "\n", *per_ms);
	return file_replace(run, SPEED, SPEED_DRAFT, (struct bytes){ text, (size_t)size });
}

static int lock(int folder)
{
	while (flock(folder, LOCK_EX) != 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int calibrate(const char *path, uint64_t *per_ms, struct workload_state *state)
{
	int run = folder_open(path), error;

	if (run < 0)
		return refuse(state, run, "cannot open '%s': %s", path, strerror(-run));
	error = lock(run);
	if (!error)
		error = find_speed(run, per_ms);
	close(run); /* which unlocks the folder */
	if (error)
		refuse(state, error, "cannot write '%s/" SPEED "': %s", path, strerror(-error));
	return error;
}

/* Digests in four lanes that do not wait for each other, so that it is as fast as the bytes come. */
static uint64_t digest(struct bytes content)
{
	uint64_t lanes[4] = { content.size, 1, 2, 3 }, words[4], mixed;
	const uint8_t *next = content.data;

	for (size_t left = content.size; left;) {
		size_t part = left < sizeof(words) ? left : sizeof(words);

		if (part < sizeof(words))
			memset(words, 0, sizeof(words));
		memcpy(words, next, part);
		for (size_t k = 0; k < 4; k++) {
			lanes[k] = (lanes[k] ^ words[k]) * 0x9e3779b97f4a7c15;
			lanes[k] ^= lanes[k] >> 32;
		}
		next += part;
		left -= part;
	}
	mixed = lanes[0];
	for (size_t k = 1; k < 4; k++)
		mixed = noise_next(&mixed) ^ lanes[k];
	return mixed;
}

static struct bytes window(const struct payload *p, uint64_t item)
{
	return (struct bytes){ p->noise + item % WINDOWS * WINDOW_STEP, p->in };
}

static int make_inputs(struct payload *p)
{
	size_t size = p->in + (WINDOWS - 1) * WINDOW_STEP;
	uint64_t random = 1;

	p->noise = malloc(size);
	if (!p->noise)
		return -ENOMEM;
	noise_fill(&random, p->noise, size);
	for (uint64_t i = 0; i < WINDOWS; i++)
		p->digests[i] = digest(window(p, i));
	return 0;
}

static void payload_close(void *data)
{
	struct payload *p = data;

	if (!p)
		return;
	free(p->noise);
	free(p);
}

static int parse(struct payload *p, const char *const *values, double *us, struct workload_state *state)
{
	uint64_t in, out;
	int error = value_whole(state, "in", values[IN], 0, MOST_BYTES, &in);

	if (!error)
		error = value_whole(state, "out", values[OUT], 0, MOST_BYTES, &out);
	if (!error)
		error = value_decimal(state, "us", values[US], 0, 10000000, us);
	if (error)
		return error;
	p->in = in;
	p->out = out;
	return 0;
}

static int payload_open(const struct workload_options *options, struct workload_state *state)
{
	struct payload *p = calloc(1, sizeof(*p));
	uint64_t per_ms;
	double us;
	int error;

	if (!p)
		return refuse(state, -ENOMEM, "no memory");
	error = parse(p, options->values, &us, state);
	if (!error && make_inputs(p) != 0)
		error = refuse(state, -ENOMEM, "no memory");
	if (!error)
		error = calibrate(options->run, &per_ms, state);
	if (error) {
		payload_close(p);
		return error;
	}
	p->steps = (uint64_t)(us * (double)per_ms / 1000);
	*state = (struct workload_state){
		.data = p,
		.items = options->items ? options->items : 1000,
		.output_max = p->out,
	};
	return 0;
}

static int payload_input(const void *data, uint64_t item, struct bytes *in)
{
	const struct payload *p = data;

	*in = p->in ? window(p, item) : (struct bytes){ 0 };
	return 0;
}

static void fill(void *output, size_t size, uint64_t input, uint64_t item)
{
	uint64_t random = input ^ item;

	random = noise_next(&random); /* else the outputs of neighbouring items have parts in common */
	noise_fill(&random, output, size);
}

static int payload_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct payload *p = data;
	uint64_t found = digest(in);

	if (in.size != p->in || found != p->digests[item % WINDOWS])
		return -EBADMSG;
	compute(p->steps);
	fill(out->data, p->out, found, item);
	out->size = p->out;
	return 0;
}

static int payload_check(const void *data, uint64_t item, struct bytes out)
{
	const struct payload *p = data;
	void *known;
	int error;

	if (out.size != p->out)
		return -EBADMSG;
	known = malloc(p->out + 1);
	if (!known)
		return -ENOMEM;
	fill(known, p->out, p->digests[item % WINDOWS], item);
	error = memcmp(out.data, known, p->out) == 0 ? 0 : -EBADMSG;
	free(known);
	return error;
}

const struct workload workload_payload = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "payload",
	.summary = "so many bytes in and out, so many microseconds: for sweeps of size and grain",
	.item = "message",
	.params = params,
	.open = payload_open,
	.input = payload_input,
	.work = payload_work,
	.check = payload_check,
	.close = payload_close,
};
