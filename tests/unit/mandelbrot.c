/* The workload `mandelbrot`: what is known of the set, and what its rows cost. */
#include "tests/unit/items.h"

extern const struct workload workload_mandelbrot;
static const struct workload *const mandelbrot = &workload_mandelbrot;

static void open_picture(struct sandbox *box, struct workload_state *open, const char *width, uint64_t rows,
			 const char *limit)
{
	sandbox_init(box);
	sandbox_presets(box, mandelbrot);
	sandbox_set(box, mandelbrot, "width", width);
	sandbox_set(box, mandelbrot, "limit", limit);
	box->options.items = rows;
	sandbox_open(box, mandelbrot, open);
}

static uint64_t sum_of(const struct workload_state *open, uint64_t row)
{
	struct buffer out = { 0 };
	uint64_t sum;

	item_do(mandelbrot, open, row, &out);
	assert_int_equal(item_check(mandelbrot, open, row, &out), 0);
	memcpy(&sum, (char *)out.data + out.size - sizeof(sum), sizeof(sum));
	free(out.data);
	return sum;
}

/* The area of the set is 1.50659 (Foerstemann, 2012); half of it lies in the picture of 2.5 x 1.2. */
static void has_the_area_of_the_set(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct buffer out = { 0 };
	uint64_t inside = 0;

	open_picture(&box, &open, "400", 200, "1000");
	for (uint64_t row = 0; row < 200; row++) {
		item_do(mandelbrot, &open, row, &out);
		for (size_t i = 0; i < 400; i++)
			inside += ((uint32_t *)out.data)[i] == 1000;
	}
	assert_true(fabs(2 * 2.5 * 1.2 * (double)inside / (400 * 200) - 1.50659) < 0.02);
	free(out.data);
	mandelbrot->close(open.data);
	sandbox_release(&box);
}

static void has_known_sums(void **state)
{
	struct sandbox box;
	struct workload_state open;
	uint64_t sum = 0;

	open_picture(&box, &open, "64", 48, "100");
	for (uint64_t row = 0; row < 48; row++)
		sum += sum_of(&open, row);
	assert_int_equal(sum, 93808); /* of gcc and clang, with any options */
	mandelbrot->close(open.data);
	sandbox_release(&box);
}

/* Neighbouring rows cost about the same, and one half of the rows many times what the other half does. */
static void is_unbalanced(void **state)
{
	struct sandbox box;
	struct workload_state open;
	uint64_t last = 0, changes = 0, halves[2] = { 0 };

	open_picture(&box, &open, "100", 200, "500");
	for (uint64_t row = 0; row < 200; row++) {
		uint64_t sum = sum_of(&open, row);

		changes += sum > last ? sum - last : last - sum;
		halves[row / 100] += sum;
		last = sum;
	}
	assert_true(10 * changes < halves[0] + halves[1]);
	assert_true(halves[1] > 4 * halves[0]);
	mandelbrot->close(open.data);
	sandbox_release(&box);
}

static void knows_wrong_pixels(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct buffer out = { 0 };

	open_picture(&box, &open, "50", 40, "200");
	item_do(mandelbrot, &open, 30, &out);
	for (size_t i = 0; i < 50; i++) {
		uint32_t *pixel = (uint32_t *)out.data + i;

		(*pixel)--;
		assert_int_equal(item_check(mandelbrot, &open, 30, &out), -EBADMSG);
		(*pixel)++;
	}
	assert_int_equal(item_check(mandelbrot, &open, 30, &out), 0);
	assert_int_equal(item_check(mandelbrot, &open, 29, &out), -EBADMSG);
	free(out.data);
	mandelbrot->close(open.data);
	sandbox_release(&box);
}

static void takes_any_size(void **state)
{
	static const struct {
		const char *width, *limit;
		uint64_t rows;
	} cases[] = {
		{ "1", "1", 1 }, { "1", "1000", 2 }, { "17", "3", 5 }, { "65536", "2", 3 }, { "3", "5", UINT64_MAX },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sandbox box;
		struct workload_state open;

		open_picture(&box, &open, cases[i].width, cases[i].rows, cases[i].limit);
		sum_of(&open, 0);
		sum_of(&open, cases[i].rows / 2);
		sum_of(&open, cases[i].rows - 1);
		mandelbrot->close(open.data);
		sandbox_release(&box);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_area_of_the_set),
		cmocka_unit_test(has_known_sums),
		cmocka_unit_test(is_unbalanced),
		cmocka_unit_test(knows_wrong_pixels),
		cmocka_unit_test(takes_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
