/* Compares the resampler with fixed values, with a slow reference in double precision, and with what any filter must
 * do. */
#include "tests/test.h"
#include "workloads/parts/resample.h"

static struct image image_make(uint32_t width, uint32_t height)
{
	struct image image = { width, height, malloc(4 * (size_t)width * height) };

	assert_non_null(image.pixels);
	return image;
}

/* Edges, gradients and noise. */
static struct image image_busy(uint32_t width, uint32_t height)
{
	struct image image = image_make(width, height);
	uint32_t random = 1;

	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++) {
			uint8_t *p = image.pixels + 4 * ((size_t)y * width + x);

			random = random * 1664525 + 1013904223;
			p[0] = (uint8_t)(random >> 24);
			p[1] = (x / 5 + y / 3) % 2 ? 255 : 0;
			p[2] = (uint8_t)(255 * x / width);
			p[3] = 0;
		}
	}
	return image;
}

/* Keys' kernel, in its usual form. */
static double kernel(double x)
{
	x = fabs(x);
	if (x <= 1)
		return 1.5 * x * x * x - 2.5 * x * x + 1;
	return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
}

static double weight(uint32_t from, uint32_t to, uint32_t i, uint32_t k)
{
	double scale = (double)from / to;

	return kernel((k + 0.5 - (i + 0.5) * scale) / fmax(scale, 1));
}

static double reference(const struct image *from, const struct image *to, uint32_t x, uint32_t y, uint32_t c)
{
	double sum = 0, weights = 0;

	for (uint32_t v = 0; v < from->height; v++) {
		double w = weight(from->height, to->height, y, v);

		for (uint32_t u = 0; w != 0 && u < from->width; u++) {
			double both = w * weight(from->width, to->width, x, u);

			sum += both * from->pixels[4 * ((size_t)v * from->width + u) + c];
			weights += both;
		}
	}
	return fmin(fmax(sum / weights, 0), 255);
}

static void assert_like_reference(uint32_t from_width, uint32_t from_height, uint32_t width, uint32_t height)
{
	struct image from = image_busy(from_width, from_height), to = image_make(width, height);

	assert_int_equal(resample(&from, &to), 0);
	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++) {
			for (uint32_t c = 0; c < 3; c++) {
				double got = to.pixels[4 * ((size_t)y * width + x) + c];

				assert_true(fabs(got - reference(&from, &to, x, y, c)) <= 1);
			}
		}
	}
	free(from.pixels);
	free(to.pixels);
}

static void equals_the_reference(void **state)
{
	assert_like_reference(80, 60, 30, 30);
	assert_like_reference(97, 41, 13, 40);
	assert_like_reference(30, 30, 80, 61); /* larger */
	assert_like_reference(100, 7, 9, 50);  /* both */
	assert_like_reference(1, 90, 4, 3);
	assert_like_reference(3, 2, 1, 1);
	assert_like_reference(2, 1, 5, 5);
}

static void assert_row(const uint8_t *from, uint32_t from_width, const uint8_t *to, uint32_t width)
{
	struct image in = image_make(from_width, 1), out = image_make(width, 1);

	for (uint32_t i = 0; i < 4 * from_width; i++)
		in.pixels[i] = from[i / 4];
	assert_int_equal(resample(&in, &out), 0);
	for (uint32_t i = 0; i < 4 * width; i++)
		assert_int_equal(out.pixels[i], to[i / 4]);
	free(in.pixels);
	free(out.pixels);
}

/* The expected rows are what Image.resize() of Pillow 9.4 makes. */
static void equals_pillow(void **state)
{
	assert_row((const uint8_t[]){ 10, 200, 30, 250, 0, 128 }, 6, (const uint8_t[]){ 92, 136, 86 }, 3);
	assert_row((const uint8_t[]){ 0, 80, 255, 40 }, 4, (const uint8_t[]){ 0, 7, 37, 88, 186, 255, 183, 66, 20 }, 9);
	assert_row((const uint8_t[]){ 0, 32, 64, 96, 128, 160, 192, 224 }, 8, (const uint8_t[]){ 29, 112, 195 }, 3);
	assert_row((const uint8_t[]){ 255, 0, 0, 255, 255, 0, 255 }, 7, (const uint8_t[]){ 111, 166 }, 2);
}

static void keeps_a_constant(void **state)
{
	static const uint32_t sides[][4] = {
		{ 800, 600, 300, 300 },
		{ 3, 5, 7, 2 },
		{ 1, 1, 4, 4 },
		{ 50, 40, 333, 1 },
	};
	static const uint8_t levels[] = { 0, 1, 127, 254, 255 };

	for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++) {
		struct image from = image_make(sides[i][0], sides[i][1]), to = image_make(sides[i][2], sides[i][3]);

		for (size_t level = 0; level < sizeof(levels); level++) {
			for (size_t k = 0; k < 4 * (size_t)from.width * from.height; k++)
				from.pixels[k] = levels[level];
			assert_int_equal(resample(&from, &to), 0);
			for (size_t k = 0; k < 4 * (size_t)to.width * to.height; k++)
				assert_int_equal(to.pixels[k], levels[level]);
		}
		free(from.pixels);
		free(to.pixels);
	}
}

static void keeps_an_image_of_the_same_size(void **state)
{
	struct image from = image_busy(33, 21), to = image_make(33, 21);

	assert_int_equal(resample(&from, &to), 0);
	assert_memory_equal(from.pixels, to.pixels, 4 * 33 * 21);
	free(from.pixels);
	free(to.pixels);
}

/* The red, green and blue of a pixel do not influence each other. */
static void keeps_channels_apart(void **state)
{
	struct image from = image_make(64, 64), to = image_make(20, 17);

	for (size_t i = 0; i < 64 * 64; i++) {
		uint8_t *p = from.pixels + 4 * i;

		p[0] = (uint8_t)i;
		p[1] = 0;
		p[2] = 255;
		p[3] = 77;
	}
	assert_int_equal(resample(&from, &to), 0);
	for (size_t i = 0; i < 20 * 17; i++) {
		assert_int_equal(to.pixels[4 * i + 1], 0);
		assert_int_equal(to.pixels[4 * i + 2], 255);
	}
	free(from.pixels);
	free(to.pixels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_the_reference),
		cmocka_unit_test(equals_pillow),
		cmocka_unit_test(keeps_a_constant),
		cmocka_unit_test(keeps_an_image_of_the_same_size),
		cmocka_unit_test(keeps_channels_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
