/* The undisturbed time of slices, on times with known bursts. */
#include "analyse/stitch.h"
#include "tests/test.h"

static struct stitched stitched_of(const double *times, size_t rounds, size_t slices, double quantile)
{
	struct stitched stitched;

	assert_int_equal(stitch(times, rounds, slices, quantile, &stitched), 0);
	return stitched;
}

/* Each round has a burst in another slice, so that no round is clean, but each slice is in some round. */
static void test_bursts_vanish(void **state)
{
	const double times[] = { 110, 20, 30, 10, 120, 30, 10, 20, 130 };
	struct stitched least = stitched_of(times, 3, 3, 0);

	assert_float_equal(least.undisturbed_ns, 60, 1e-12);
	assert_float_equal(least.mean_ns, 160, 1e-12);
}

static void test_one_round_and_one_slice(void **state)
{
	const double times[] = { 5, 7, 6 };

	assert_float_equal(stitched_of(times, 1, 3, 0).undisturbed_ns, 18, 0);
	assert_float_equal(stitched_of(times, 1, 3, 0).mean_ns, 18, 0);
	assert_float_equal(stitched_of(times, 3, 1, 0).undisturbed_ns, 5, 0);
	assert_float_equal(stitched_of(times, 3, 1, 0).mean_ns, 6, 1e-12);
	assert_float_equal(stitched_of(NULL, 3, 0, 0).undisturbed_ns, 0, 0);
}

static void test_quantiles(void **state)
{
	const double times[] = { 9, 1, 5, 7, 3 };

	assert_float_equal(stitched_of(times, 5, 1, 0.25).undisturbed_ns, 3, 1e-12);
	assert_float_equal(stitched_of(times, 5, 1, 0.125).undisturbed_ns, 2, 1e-12);
	assert_float_equal(stitched_of(times, 5, 1, 0.5).undisturbed_ns, 5, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bursts_vanish),
		cmocka_unit_test(test_one_round_and_one_slice),
		cmocka_unit_test(test_quantiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
