/* Compares the null law with published tables, and the bounds with all orders that a gate could have drawn. */
#include "analyse/rank_test.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ORDERS 70 /* of 4 values of each side */
#define MOST 12

static void assert_near(double found, double expected, double error)
{
	if (!(fabs(found - expected) <= error))
		fail_msg("%.17g is not %.17g", found, expected);
}

/* Mann and Whitney 1947, table I, n = m = 4: P(U <= u) to three places, and the counts behind it. */
static void test_law_of_one_stratum(void **state)
{
	const int counts[] = { 1, 1, 2, 3, 5, 5, 7, 7, 8, 7, 7, 5, 5, 3, 2, 1, 1 };
	const double table[] = { 0.014, 0.029, 0.057, 0.100, 0.171, 0.243, 0.343, 0.443, 0.557 };
	double law[STRATUM_PAIRS + 1], sum = 0;

	rank_test_law(1, law);
	for (size_t u = 0; u < COUNT(law); u++)
		assert_near(law[u], counts[u] / (double)ORDERS, 1e-15);
	for (size_t u = 0; u < COUNT(table); u++) {
		sum += law[u];
		assert_near(sum, table[u], 0.0005);
	}
}

/* Mean and variance of Mann and Whitney's U add up over strata: 8 and 12 each; the third moment is 0. */
static void test_moments(void **state)
{
	double law[STRATUM_PAIRS * MOST + 1];

	for (size_t strata = 0; strata <= MOST; strata++) {
		double total = 0, mean = 0, variance = 0, third = 0;

		rank_test_law(strata, law);
		for (size_t u = 0; u <= STRATUM_PAIRS * strata; u++) {
			double from_mean = (double)u - 8 * (double)strata;

			total += law[u];
			mean += law[u] * (double)u;
			variance += law[u] * from_mean * from_mean;
			third += law[u] * from_mean * from_mean * from_mean;
		}
		assert_near(total, 1, 1e-14);
		assert_near(mean, 8 * (double)strata, 1e-12);
		assert_near(variance, 12 * (double)strata, 1e-11);
		assert_near(third, 0, 1e-9);
	}
}

/* U of two strata is 0, 1, 2 or 3 in 1, 2, 5 and 10 of 70 x 70 orders. */
static void test_law_of_two_strata(void **state)
{
	const int counts[] = { 1, 2, 5, 10 };
	double law[2 * STRATUM_PAIRS + 1];

	rank_test_law(2, law);
	for (size_t u = 0; u < COUNT(counts); u++)
		assert_near(law[u], counts[u] / (double)(ORDERS * ORDERS), 1e-16);
}

static void test_critical_values(void **state)
{
	const long at_0_01[] = { -1, 4, 9, 15, 21, 27, 34, 40, 47, 54 }, at_0_0035[] = { 7, 24, 43, 63 };

	for (size_t i = 0; i < COUNT(at_0_01); i++)
		assert_int_equal(rank_test_critical(i + 1, 0.01), at_0_01[i]);
	for (size_t i = 0; i < COUNT(at_0_0035); i++)
		assert_int_equal(rank_test_critical(3 * (i + 1), 0.0035), at_0_0035[i]);
	/* Computed with integers of any size. */
	assert_int_equal(rank_test_critical(96, 0.0035), 676);
	assert_int_equal(rank_test_critical(250, 0.0035), 1851);
	assert_int_equal(rank_test_critical(1000, 0.0035), 7704);
	/* n = m = 4 in any table: 1 at one-sided 0.05, 0 at 0.025, none at 0.01 */
	assert_int_equal(rank_test_critical(1, 0.05), 1);
	assert_int_equal(rank_test_critical(1, 0.025), 0);
	assert_int_equal(rank_test_critical(0, 0.5), -1);
}

static const struct stratum worked = { { 1, 2, 4, 8 }, { 3, 5, 9, 17 } };

static void test_worked_example(void **state)
{
	/* sorted: -5 -3 -1 1 1 1 2 3 4 5 7 8 9 13 15 16 */
	struct shift shift;

	assert_int_equal(rank_test_shift(&worked, 1, 0.03, &shift), 0); /* k = 1 */
	assert_near(shift.theta, 3.5, 0);
	assert_near(shift.low, -3, 0);
	assert_near(shift.high, 15, 0);
	assert_int_equal(rank_test_shift(&worked, 1, 0.18, &shift), 0); /* k = 4 */
	assert_near(shift.low, 1, 0);
	assert_near(shift.high, 8, 0);
}

static void test_too_few_for_bounds(void **state)
{
	struct shift shift;

	assert_int_equal(rank_test_shift(&worked, 1, 0.01, &shift), 0);
	assert_near(shift.theta, 3.5, 0);
	assert_true(isinf(shift.low) && shift.low < 0);
	assert_true(isinf(shift.high) && shift.high > 0);
	assert_int_equal(rank_test_shift(&worked, 0, 0.05, &shift), 0);
	assert_true(isnan(shift.theta) && isinf(shift.low) && isinf(shift.high));
}

static void test_sides_and_units(void **state)
{
	struct stratum strata[] = { worked, { { 3, 1, 7, 5 }, { 2, 6, 4, 0 } } }, swapped[2], moved[2];
	struct shift shift, back, on;

	for (size_t s = 0; s < COUNT(strata); s++)
		for (size_t i = 0; i < STRATUM_SIDE; i++) {
			swapped[s].a[i] = strata[s].b[i];
			swapped[s].b[i] = strata[s].a[i];
			moved[s].a[i] = strata[s].a[i] + 100 * (double)s; /* a drift from stratum to stratum */
			moved[s].b[i] = strata[s].b[i] + 100 * (double)s + 0.25;
		}
	assert_int_equal(rank_test_shift(strata, 2, 0.05, &shift), 0);
	assert_int_equal(rank_test_shift(swapped, 2, 0.05, &back), 0);
	assert_int_equal(rank_test_shift(moved, 2, 0.05, &on), 0);
	assert_near(back.theta, -shift.theta, 0);
	assert_near(back.low, -shift.high, 0);
	assert_near(back.high, -shift.low, 0);
	assert_near(on.theta, shift.theta + 0.25, 0);
	assert_near(on.low, shift.low + 0.25, 0);
	assert_near(on.high, shift.high + 0.25, 0);
}

/* Makes a stratum of one order: the bits of `set` say which places are b's, and `shift` is added to these. */
static void label(struct stratum *stratum, const double *values, unsigned set, double shift)
{
	size_t a = 0, b = 0;

	for (unsigned i = 0; i < 2 * STRATUM_SIDE; i++) {
		if (set >> i & 1)
			stratum->b[b++] = values[i] + shift;
		else
			stratum->a[a++] = values[i];
	}
}

/* Counts over all orders of two strata how often the bounds lie on the wrong side of a shift of 0.5. */
static void count_errors(double values[2][2 * STRATUM_SIDE], double alpha, int *low_errors, int *high_errors)
{
	struct stratum strata[2];
	struct shift shift;

	*low_errors = *high_errors = 0;
	for (unsigned first = 0; first < 1u << 2 * STRATUM_SIDE; first++)
		for (unsigned second = 0; second < 1u << 2 * STRATUM_SIDE; second++) {
			if (__builtin_popcount(first) != STRATUM_SIDE || __builtin_popcount(second) != STRATUM_SIDE)
				continue;
			label(&strata[0], values[0], first, 0.5);
			label(&strata[1], values[1], second, 0.5);
			assert_int_equal(rank_test_shift(strata, 2, alpha, &shift), 0);
			*low_errors += shift.low > 0.5;
			*high_errors += shift.high < 0.5;
		}
}

/* Even if values drift wildly, bounds err exactly as often as the law says. At 0.01 k is 4, and U is 4 or less in 38 of
 * 4900 orders. */
static void test_bounds_err_as_often_as_they_may(void **state)
{
	double values[2][2 * STRATUM_SIDE] = { { 1, 2, 4, 8, 16, 32, 64, 128 }, { 900, 7, 5, 3, 2, 1000, 11, 13 } };
	double law[2 * STRATUM_PAIRS + 1], orders = 0;
	int low_errors, high_errors;

	rank_test_law(2, law);
	for (size_t u = 0; u <= 4; u++)
		orders += ORDERS * ORDERS * law[u];
	assert_near(orders, 38, 1e-9);
	count_errors(values, 0.01, &low_errors, &high_errors);
	assert_int_equal(low_errors, 38);
	assert_int_equal(high_errors, 38);
}

static void test_equal_values_make_it_cautious(void **state)
{
	double pairs[2][2 * STRATUM_SIDE] = { { 1, 1, 2, 2, 3, 3, 4, 4 }, { 5, 6, 6, 6, 7, 7, 8, 9 } };
	double all[2][2 * STRATUM_SIDE] = { { 1, 1, 1, 1, 1, 1, 1, 1 }, { 2, 2, 2, 2, 2, 2, 2, 2 } };
	int low_errors, high_errors;

	count_errors(pairs, 0.01, &low_errors, &high_errors);
	assert_in_range(low_errors, 1, 37);
	assert_int_equal(high_errors, low_errors); /* each order has a reversed one */
	count_errors(all, 0.4, &low_errors, &high_errors);
	assert_int_equal(low_errors + high_errors, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_law_of_one_stratum),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_law_of_two_strata),
		cmocka_unit_test(test_critical_values),
		cmocka_unit_test(test_worked_example),
		cmocka_unit_test(test_too_few_for_bounds),
		cmocka_unit_test(test_sides_and_units),
		cmocka_unit_test(test_bounds_err_as_often_as_they_may),
		cmocka_unit_test(test_equal_values_make_it_cautious),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
