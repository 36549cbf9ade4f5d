/* Compares the law with published tables, and the bounds with all signs that pairs could have. */
#include "analyse/signed_rank.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOST GATE_PAIRS_MOST
#define PAIRS 12

static void assert_near(double found, double expected, double error)
{
	if (!(fabs(found - expected) <= error))
		fail_msg("%.17g is not %.17g", found, expected);
}

/* The numbers of subsets of 1 to 5 with each sum. */
static void test_law_of_five(void **state)
{
	const int sets[] = { 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 2, 2, 1, 1, 1 };
	double law[COUNT(sets)];

	signed_rank_law(5, law);
	for (size_t w = 0; w < COUNT(sets); w++)
		assert_near(law[w], sets[w] / 32., 0);
}

/* W+ has the mean n (n + 1) / 4 and the variance n (n + 1) (2n + 1) / 24. */
static void test_moments(void **state)
{
	const size_t pairs[] = { 0, 1, 2, 9, 24, MOST };
	double *law = malloc((MOST * (MOST + 1) / 2 + 1) * sizeof(*law));

	assert_non_null(law);
	for (size_t i = 0; i < COUNT(pairs); i++) {
		double n = (double)pairs[i], expected = n * (n + 1) / 4, total = 0, mean = 0, variance = 0;

		signed_rank_law(pairs[i], law);
		for (size_t w = 0; w <= pairs[i] * (pairs[i] + 1) / 2; w++) {
			total += law[w];
			mean += law[w] * (double)w;
			variance += law[w] * ((double)w - expected) * ((double)w - expected);
		}
		assert_near(total, 1, 1e-12);
		assert_near(mean, expected, 1e-11 * (expected + 1));
		assert_near(variance, n * (n + 1) * (2 * n + 1) / 24, 1e-11 * (n * n * n + 1));
	}
	free(law);
}

/* One-sided 0.05, 0.025, 0.01 and 0.005 for 5 to 24 pairs: Wilcoxon and Wilcox, Some Rapid Approximate Statistical
 * Procedures, 1964, table 2; and the looks of a gate. */
static void test_critical_values(void **state)
{
	const double alphas[] = { 0.05, 0.025, 0.01, 0.005 };
	const long table[][COUNT(alphas)] = {
		{ 0, -1, -1, -1 }, { 2, 0, -1, -1 },  { 3, 2, 0, -1 },    { 5, 3, 1, 0 },     { 8, 5, 3, 1 },
		{ 10, 8, 5, 3 },   { 13, 10, 7, 5 },  { 17, 13, 9, 7 },   { 21, 17, 12, 9 },  { 25, 21, 15, 12 },
		{ 30, 25, 19, 15 }, { 35, 29, 23, 19 }, { 41, 34, 27, 23 }, { 47, 40, 32, 27 }, { 53, 46, 37, 32 },
		{ 60, 52, 43, 37 }, { 67, 58, 49, 42 }, { 75, 65, 55, 48 }, { 83, 73, 62, 54 }, { 91, 81, 69, 61 },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		for (size_t k = 0; k < COUNT(alphas); k++)
			assert_int_equal(signed_rank_critical(5 + i, alphas[k]), table[i][k]);
	assert_int_equal(signed_rank_critical(8, 0.0035), -1);
	assert_int_equal(signed_rank_critical(9, 0.0035), 0);
	assert_int_equal(signed_rank_critical(12, 0.0035), 6);
	assert_int_equal(signed_rank_critical(16, 0.0035), 17);
	assert_int_equal(signed_rank_critical(24, 0.0035), 57);
	assert_int_equal(signed_rank_critical(3, 1), 6); /* nothing is above it */
}

static struct shift shift_of(const double *d, size_t pairs, double alpha_low, double alpha_high)
{
	struct shift shift;

	assert_int_equal(signed_rank_shift(d, pairs, alpha_low, alpha_high, &shift), 0);
	return shift;
}

/* The ten Walsh averages of 1, 2, 4, 8 are 1, 1.5, 2, 2.5, 3, 4, 4.5, 5, 6, 8; k(1/16) is 0 and k(0.2) is 2. */
static void test_worked_example(void **state)
{
	const double d[] = { 4, 1, 8, 2 };
	struct shift shift = shift_of(d, 4, 0.0625, 0.2);

	assert_near(shift.theta, 3.5, 0);
	assert_near(shift.low, 1, 0);
	assert_near(shift.high, 5, 0);
	shift = shift_of(d, 4, 0.2, 0.06);
	assert_near(shift.low, 2, 0);
	assert_true(isinf(shift.high));
	assert_true(isnan(shift_of(NULL, 0, 0.01, 0.01).theta));
	shift = shift_of(d, 1, 0.4, 0.4);
	assert_true(shift.theta == 4 && isinf(shift.low) && isinf(shift.high));
}

/* If B takes c times as long, all three move by ln c; if the sides change places, they change signs. */
static void test_shifts_and_sides(void **state)
{
	double d[PAIRS], moved[PAIRS], turned[PAIRS];
	struct shift shift, by, other;

	for (size_t i = 0; i < PAIRS; i++) {
		d[i] = (double)(i * i * 7 % 31) / 8 - 1;
		moved[i] = d[i] + 0.5;
		turned[i] = -d[i];
	}
	shift = shift_of(d, PAIRS, 0.003, 0.02);
	by = shift_of(moved, PAIRS, 0.003, 0.02);
	other = shift_of(turned, PAIRS, 0.02, 0.003);
	assert_near(by.theta, shift.theta + 0.5, 1e-14);
	assert_near(by.low, shift.low + 0.5, 1e-14);
	assert_near(by.high, shift.high + 0.5, 1e-14);
	assert_near(other.theta, -shift.theta, 1e-14);
	assert_near(other.low, -shift.high, 1e-14);
	assert_near(other.high, -shift.low, 1e-14);
	assert_true(shift.low <= shift.theta && shift.theta <= shift.high);
}

/* Counts over all signs how often the bounds lie on the wrong side of a shift of 0.5. */
static void count_errors(const double *sizes, double alpha, int *low_errors, int *high_errors)
{
	*low_errors = *high_errors = 0;
	for (unsigned signs = 0; signs < 1u << PAIRS; signs++) {
		double d[PAIRS];
		struct shift shift;

		for (size_t i = 0; i < PAIRS; i++)
			d[i] = 0.5 + (signs >> i & 1 ? sizes[i] : -sizes[i]);
		shift = shift_of(d, PAIRS, alpha, alpha);
		*low_errors += shift.low > 0.5;
		*high_errors += shift.high < 0.5;
	}
}

/* However the pairs scatter: 14 of 4096 signs have a W+ of at most 6. */
static void test_bounds_err_as_often_as_they_may(void **state)
{
	const double wild[PAIRS] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 1024, 0.25, 0.125 };
	const double alike[PAIRS] = { 3, 3.125, 3.25, 3.5, 3.75, 4, 4.125, 4.25, 4.5, 4.75, 5, 5.125 };
	int low_errors, high_errors;

	count_errors(wild, 0.0035, &low_errors, &high_errors);
	assert_int_equal(low_errors, 14);
	assert_int_equal(high_errors, 14);
	count_errors(alike, 0.0035, &low_errors, &high_errors);
	assert_int_equal(low_errors, 14);
	assert_int_equal(high_errors, 14);
}

static void test_ties_and_zeros_make_it_cautious(void **state)
{
	const double tied[PAIRS] = { 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3 }, nothing[PAIRS] = { 0 };
	const double zeros[PAIRS] = { 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	int low_errors, high_errors;

	count_errors(tied, 0.0035, &low_errors, &high_errors);
	assert_in_range(low_errors, 1, 14);
	assert_int_equal(high_errors, low_errors);
	count_errors(zeros, 0.0035, &low_errors, &high_errors);
	assert_in_range(low_errors, 1, 14);
	assert_int_equal(high_errors, low_errors);
	count_errors(nothing, 0.4, &low_errors, &high_errors);
	assert_int_equal(low_errors + high_errors, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_law_of_five),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_critical_values),
		cmocka_unit_test(test_worked_example),
		cmocka_unit_test(test_shifts_and_sides),
		cmocka_unit_test(test_bounds_err_as_often_as_they_may),
		cmocka_unit_test(test_ties_and_zeros_make_it_cautious),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
