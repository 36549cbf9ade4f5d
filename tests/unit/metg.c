/* Crossings, METG and break-even of curves whose answers are known. */
#include "analyse/metg.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void assert_crossing(struct crossing found, enum bound bound, double at)
{
	assert_int_equal(found.bound, bound);
	if (isnan(at))
		assert_true(isnan(found.at));
	else if (fabs(found.at - at) > 1e-9 * at)
		fail_msg("%.12g is not %.12g", found.at, at);
}

static void test_interpolates_by_logarithm(void **state)
{
	const struct curve_point points[] = { { 1, 0.1 }, { 10, 0.4 }, { 1000, 0.6 }, { 10000, 0.9 } };

	assert_crossing(crossing_find(points, COUNT(points), 0.5), BOUND_AT, 100);
	assert_crossing(crossing_find(points, COUNT(points), 0.4), BOUND_AT, 10);
	assert_crossing(crossing_find(points, COUNT(points), 0.9), BOUND_AT, 10000);
}

static void test_bounds(void **state)
{
	const struct curve_point points[] = { { 2, 0.3 }, { 4, 0.6 }, { 8, 0.8 } };

	assert_crossing(crossing_find(points, COUNT(points), 0.9), BOUND_ABOVE, 8);
	assert_crossing(crossing_find(points, COUNT(points), 0.2), BOUND_BELOW, 2);
	assert_crossing(crossing_find(points, 1, 0.5), BOUND_ABOVE, 2);
	assert_crossing(crossing_find(points, 1, 0.3), BOUND_BELOW, 2);
	assert_crossing(crossing_find(points, 0, 0.5), BOUND_NONE, NAN);
}

/* A curve that is above the level and then below it again has not crossed it yet. */
static void test_must_stay_above(void **state)
{
	const struct curve_point dip[] = { { 1, 0.2 }, { 2, 0.7 }, { 4, 0.4 }, { 16, 0.6 }, { 32, 0.7 } };
	const struct curve_point late[] = { { 1, 0.2 }, { 2, 0.7 }, { 4, 0.4 } };

	assert_crossing(crossing_find(dip, COUNT(dip), 0.5), BOUND_AT, 8);
	assert_crossing(crossing_find(late, COUNT(late), 0.5), BOUND_ABOVE, 4);
}

/* At first the granularity is dispatch only, so noise puts the points in any order. */
static void test_order_of_levels_is_kept(void **state)
{
	const struct curve_point points[] = { { 10, 0.1 }, { 14, 0.2 },  { 9, 0.6 },
					      { 12, 0.7 }, { 11, 0.95 }, { 30, 0.98 } };
	double before = 0;

	for (double level = 0.12; level < 0.98; level += 0.02) {
		struct crossing found = crossing_find(points, COUNT(points), level);

		assert_int_equal(found.bound, BOUND_AT);
		assert_true(found.at >= before);
		before = found.at;
	}
}

static void test_passes_over_nan(void **state)
{
	const struct curve_point points[] = { { NAN, 0.9 }, { 10, 0.4 }, { 20, NAN }, { 1000, 0.6 }, { NAN, NAN } };

	assert_crossing(crossing_find(points, COUNT(points), 0.5), BOUND_AT, 100);
	assert_crossing(crossing_find(points, 1, 0.5), BOUND_NONE, NAN);
}

/* If handing an item out costs 2 of its worker's time, the rate is one half for items of 2, which take 4. */
static void test_constant_cost_of_dispatch(void **state)
{
	struct grain_point points[40];

	for (size_t i = 0; i < COUNT(points); i++) {
		points[i].cost = pow(2, (double)i / 2 - 5);
		points[i].granularity = points[i].cost + 2;
	}
	assert_crossing(metg(points, COUNT(points), 0.5), BOUND_AT, 4);
	assert_true(fabs(metg(points, COUNT(points), 0.9).at - 20) < 0.5);
	assert_true(fabs(break_even_cost(points, COUNT(points), 2).at - 2) < 1e-9);
	assert_true(fabs(break_even_cost(points, COUNT(points), 5).at - 0.5) < 1e-9);
	assert_int_equal(break_even_cost(points, COUNT(points), 1).bound, BOUND_ABOVE);
	assert_true(fabs(grain_efficiency(points[12]) - 0.5) < 1e-9); /* an item of 2 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interpolates_by_logarithm),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_must_stay_above),
		cmocka_unit_test(test_order_of_levels_is_kept),
		cmocka_unit_test(test_passes_over_nan),
		cmocka_unit_test(test_constant_cost_of_dispatch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
