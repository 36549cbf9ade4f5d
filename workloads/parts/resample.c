#include "workloads/parts/resample.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/* The loops that gain from wider vectors are compiled for several processors; the loader picks one version. With
 * sanitisers there is only one, since the loader picks before they have started. */
#if defined(__has_feature)
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif
#if !defined(__x86_64__) || !defined(__GLIBC__) || defined(__SANITIZE_ADDRESS__) || \
	defined(__SANITIZE_THREAD__) || HAS_FEATURE(address_sanitizer) || HAS_FEATURE(thread_sanitizer)
#define FOR_EACH_PROCESSOR
#elif defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx2", "default")))
#else
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#endif

#define CHANNELS 4

/* A pixel between the passes; all its channels are computed at once. */
typedef float pixel __attribute__((vector_size(CHANNELS * sizeof(float)), may_alias));

/* How the pixels along one side of the output are made of those of the input. */
struct axis {
	uint32_t taps;   /* input pixels that one output pixel is made of */
	uint32_t *first; /* for each output pixel: the first of its input pixels */
	float *weights;  /* for each output pixel: the weights of its `taps` input pixels */
};

static double cubic(double x)
{
	const double a = -0.5;

	x = fabs(x);
	if (x < 1)
		return ((a + 2) * x - (a + 3)) * x * x + 1;
	if (x < 2)
		return ((x - 5) * x + 8) * x * a - 4 * a;
	return 0;
}

static void weigh(float *weights, uint32_t taps, double first, double centre, double stretch)
{
	double sum = 0;

	for (uint32_t k = 0; k < taps; k++)
		sum += cubic((first + k + 0.5 - centre) / stretch);
	for (uint32_t k = 0; k < taps; k++)
		weights[k] = (float)(cubic((first + k + 0.5 - centre) / stretch) / sum);
}

static int axis_init(struct axis *axis, uint32_t from, uint32_t to)
{
	double scale = (double)from / to, stretch = fmax(scale, 1), support = 2 * stretch;
	double taps = fmin(ceil(2 * support), from);

	axis->taps = (uint32_t)taps;
	axis->first = malloc(to * sizeof(*axis->first));
	axis->weights = malloc((size_t)to * axis->taps * sizeof(*axis->weights));
	if (!axis->first || !axis->weights)
		return -ENOMEM;
	for (uint32_t i = 0; i < to; i++) {
		double centre = (i + 0.5) * scale;
		double first = fmax(fmin(floor(centre - support + 0.5), from - taps), 0);

		axis->first[i] = (uint32_t)first;
		weigh(axis->weights + (size_t)i * axis->taps, axis->taps, first, centre, stretch);
	}
	return 0;
}

static void axis_release(struct axis *axis)
{
	free(axis->first);
	free(axis->weights);
}

/* Makes one row of `size` bytes of `taps` rows. */
FOR_EACH_PROCESSOR
static void pass_down(float *restrict to, const uint8_t *restrict rows, size_t size, const float *weights,
		      uint32_t taps)
{
	for (size_t i = 0; i < size; i++)
		to[i] = 0;
	for (uint32_t k = 0; k < taps; k++, rows += size) {
		for (size_t i = 0; i < size; i++)
			to[i] += weights[k] * rows[i];
	}
}

static void pass_across(pixel *restrict to, uint32_t width, const pixel *restrict row, const struct axis *axis)
{
	const float *weights = axis->weights;

	for (uint32_t x = 0; x < width; x++, weights += axis->taps) {
		const pixel *from = row + axis->first[x];
		pixel sum = { 0 };

		for (uint32_t k = 0; k < axis->taps; k++)
			sum += weights[k] * from[k];
		to[x] = sum;
	}
}

FOR_EACH_PROCESSOR
static void round_off(uint8_t *restrict to, const float *restrict row, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		float value = row[i] + 0.5f;

		value = value < 0 ? 0 : value;
		value = value > 255 ? 255 : value;
		to[i] = (uint8_t)value;
	}
}

int resample(const struct image *from, struct image *to)
{
	size_t from_row = (size_t)from->width * CHANNELS, to_row = (size_t)to->width * CHANNELS;
	struct axis x = { 0 }, y = { 0 };
	pixel *tall = malloc(from->width * sizeof(*tall)); /* a row after the vertical pass */
	pixel *done = malloc(to->width * sizeof(*done));
	int error = -ENOMEM;

	if (!tall || !done || axis_init(&x, from->width, to->width) || axis_init(&y, from->height, to->height))
		goto out;
	for (uint32_t i = 0; i < to->height; i++) {
		pass_down((float *)tall, from->pixels + y.first[i] * from_row, from_row,
			  y.weights + (size_t)i * y.taps, y.taps);
		pass_across(done, to->width, tall, &x);
		round_off(to->pixels + i * to_row, (const float *)done, to_row);
	}
	error = 0;
out:
	axis_release(&y);
	axis_release(&x);
	free(done);
	free(tall);
	return error;
}
