/* Computes a[i] = b[i] + s * c[i] over arrays that no cache holds, which takes as long as the memory's bandwidth
 * lets it, as STREAM's triad does (McCalpin, IEEE TCCA Newsletter, December 1995).
 *
 * An item moves 3 * size bytes, counted as STREAM does: it reads b and c and writes a. Where the processor reads
 * a line before it overwrites it, another `size` bytes are moved, which are not counted. To measure the memory,
 * the three arrays together must be several times larger than the last level of cache.
 *
 * `a` lies in the worker's own output buffer, behind the answer, so each worker touches its `a` first and has it
 * on its own NUMA node: from the warm-up round on, or anew in every round for which workers are made anew. b and
 * c exist before any worker does, on the node of the process that opened the workload. All workers read them, each
 * item from another place on: else a worker would find in a shared cache what another has just read. */
#include "workloads/parts/noise.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <stdlib.h>

#define LINE 64 /* bytes */
#define LANES (LINE / sizeof(double))
#define SAMPLES 8
#define B_PERIOD 1021 /* elements are whole numbers below the periods, so that every sum of them is exact */
#define C_PERIOD 509

/* The elements of a cache line. gcc vectorises the loop by itself only if it computes no sum. */
typedef double line __attribute__((vector_size(LINE)));

struct triad {
	line *b, *c;
	uint64_t lines; /* cache lines of an array */
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

/* Computes `a` and adds its lines to `sums`, so that additions need not wait for each other as those to a single
 * sum would. */
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
	__asm__ volatile("" : : "r"(a) : "memory"); /* else the compiler need not write what is not read */
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

/* Returns the sum of i % period for all i below n. */
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
