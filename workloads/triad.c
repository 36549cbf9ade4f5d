/* a[i] = b[i] + s * c[i] over arrays that no cache holds: memory bandwidth, as STREAM's triad measures it
 * (McCalpin, IEEE TCCA Newsletter, December 1995).
 *
 * An item moves 3 * size bytes, counted as STREAM does: it reads b and c and writes a. Where the processor
 * reads a line before it overwrites it, a fourth `size` comes on top, which is not counted. For the
 * bandwidth of memory the three arrays together must be some times larger than the last level of cache.
 *
 * `a` is the worker's own output buffer, behind the answer, so each worker touches its own first: on its
 * own NUMA node, in the warm-up round if it lives that long, and in every round where workers are made
 * anew. b and c are there before any worker is, on the node of the process that opened them, and all
 * workers read them, each item from another place on: else one would find in a shared cache what another
 * has just read. */
#include "workloads/parts/noise.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <stdlib.h>

#define LINE 64 /* bytes */
#define LANES (LINE / sizeof(double))
#define SAMPLES 8
#define B_PERIOD 1021 /* small whole numbers, so that every sum of them is exact */
#define C_PERIOD 509

/* As many elements as a line holds. gcc finds them by itself only without the sum. */
typedef double line __attribute__((vector_size(LINE)));

struct triad {
	line *b, *c;
	uint64_t lines; /* of an array */
};

struct answer {
	double sum;              /* of a */
	double samples[SAMPLES]; /* elements of a, read when all was written */
};

static const struct param params[] = {
	{ "size", "16777216", "bytes", "64 to 1073741824, a multiple of 64", "each of the three arrays" },
	{ 0 },
};

static double b_of(uint64_t i)
{
	return (double)(i % B_PERIOD);
}

static double c_of(uint64_t i)
{
	return (double)(i % C_PERIOD);
}

static double scalar_of(uint64_t item)
{
	return (double)(1 + item % 7);
}

static void triad_close(void *data)
{
	struct triad *t = data;

	if (!t)
		return;
	free(t->b);
	free(t->c);
	free(t);
}

static int make_arrays(struct triad *t, size_t size, struct workload_state *state)
{
	t->lines = size / LINE;
	t->b = aligned_alloc(LINE, size);
	t->c = aligned_alloc(LINE, size);
	if (!t->b || !t->c)
		return refuse(state, -ENOMEM, "no memory for two arrays of %zu bytes", size);
	for (uint64_t i = 0; i < LANES * t->lines; i++) {
		t->b[i / LANES][i % LANES] = b_of(i);
		t->c[i / LANES][i % LANES] = c_of(i);
	}
	return 0;
}

static int triad_open(const struct workload_options *options, struct workload_state *state)
{
	struct triad *t = calloc(1, sizeof(*t));
	uint64_t size;
	int error;

	if (!t)
		return refuse(state, -ENOMEM, "no memory");
	error = value_whole(state, "size", options->values[0], LINE, (uint64_t)1 << 30, &size);
	if (!error && size % LINE)
		error = refuse(state, -EINVAL, "size must be a multiple of %d, not '%s'", LINE, options->values[0]);
	if (!error)
		error = make_arrays(t, size, state);
	if (error) {
		triad_close(t);
		return error;
	}
	*state = (struct workload_state){
		.data = t,
		.items = options->items ? options->items : 32,
		.output_max = sizeof(struct answer) + LINE + size,
	};
	return 0;
}

/* Adds the lines of `a` to `sums`, so additions need not wait for each other as they would for one sum. */
static void add_up(line *restrict a, const line *restrict b, const line *restrict c, double s, uint64_t lines,
		   line *sums)
{
	line sum = *sums;

	for (uint64_t i = 0; i < lines; i++) {
		a[i] = b[i] + s * c[i];
		sum += a[i];
	}
	*sums = sum;
}

static uint64_t sampled(const struct triad *t, uint64_t item, size_t k)
{
	uint64_t random = SAMPLES * item + k;

	return noise_below(&random, LANES * t->lines);
}

static int triad_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct triad *t = data;
	struct answer answer = { 0 };
	line *a = (line *)(((uintptr_t)out->data + sizeof(answer) + LINE - 1) / LINE * LINE), sums = { 0 };
	uint64_t random = item, first = noise_below(&random, t->lines);

	(void)in;
	add_up(a + first, t->b + first, t->c + first, scalar_of(item), t->lines - first, &sums);
	add_up(a, t->b, t->c, scalar_of(item), first, &sums);
	__asm__ volatile("" : : "r"(a) : "memory"); /* else it need not be written where it is not read */
	for (size_t k = 0; k < LANES; k++)
		answer.sum += sums[k];
	for (size_t k = 0; k < SAMPLES; k++) {
		uint64_t i = sampled(t, item, k);

		answer.samples[k] = a[i / LANES][i % LANES];
	}
	memcpy(out->data, &answer, sizeof(answer));
	out->size = sizeof(answer);
	return 0;
}

/* The sum of i % period for all i below n. */
static uint64_t sum_below(uint64_t n, uint64_t period)
{
	uint64_t rest = n % period;

	return n / period * (period * (period - 1) / 2) + rest * (rest - 1) / 2;
}

static int triad_check(const void *data, uint64_t item, struct bytes out)
{
	const struct triad *t = data;
	uint64_t length = LANES * t->lines;
	struct answer answer;

	if (out.size != sizeof(answer))
		return -EBADMSG;
	memcpy(&answer, out.data, sizeof(answer));
	if (answer.sum != (double)sum_below(length, B_PERIOD) +
				  scalar_of(item) * (double)sum_below(length, C_PERIOD))
		return -EBADMSG;
	for (size_t k = 0; k < SAMPLES; k++) {
		uint64_t i = sampled(t, item, k);

		if (answer.samples[k] != b_of(i) + scalar_of(item) * c_of(i))
			return -EBADMSG;
	}
	return 0;
}

const struct workload workload_triad = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "triad",
	.summary = "a = b + s * c over large arrays: memory bandwidth",
	.item = "triad",
	.params = params,
	.open = triad_open,
	.work = triad_work,
	.check = triad_check,
	.close = triad_close,
};
