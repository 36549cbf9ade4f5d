/* Medians, intervals, ratios, drift and modes of values whose answers are known. */
#include "analyse/statistics.h"
#include "tests/test.h"

#include "base/random.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void assert_near(double value, double expected)
{
	if (fabs(value - expected) > 1e-9 * fmax(1, fabs(expected)))
		fail_msg("%.12g is not %.12g", value, expected);
}

/* 1, 2, 3, ...: the k-th value is k. */
static void count_up(double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		values[i] = (double)i + 1;
}

static void test_median(void **state)
{
	double odd[] = { 9, 1, 5 }, even[] = { 8, 1, 3, 2 };

	values_sort(odd, COUNT(odd));
	values_sort(even, COUNT(even));
	assert_near(values_median(odd, COUNT(odd)), 5);
	assert_near(values_median(even, COUNT(even)), 2.5);
	assert_near(values_median(odd, 1), 1);
	assert_true(isnan(values_median(NULL, 0)));
}

static void test_quantile(void **state)
{
	const double sorted[] = { 1, 2, 3, 4 };

	assert_near(values_quantile(sorted, 4, 0), 1);
	assert_near(values_quantile(sorted, 4, 0.25), 1.75);
	assert_near(values_quantile(sorted, 4, 0.5), 2.5);
	assert_near(values_quantile(sorted, 4, 1), 4);
	assert_near(values_quantile(sorted, 1, 0.975), 1);
	assert_true(isnan(values_quantile(NULL, 0, 0.5)));
}

/* The ranks are those of printed tables of the sign test; the levels are 1 - 2 P(B(n, 1/2) < k). */
static void test_interval_ranks(void **state)
{
	static const struct {
		size_t count;
		double low, high, level;
	} known[] = {
		{ 1, 1, 1, 0 },
		{ 2, 1, 2, 0.5 },
		{ 3, 1, 3, 0.75 },
		{ 5, 1, 5, 0.9375 },
		{ 6, 1, 6, 0.96875 },
		{ 7, 1, 7, 0.984375 },
		{ 8, 1, 8, 0.9921875 },
		{ 9, 2, 8, 0.9609375 },
		{ 12, 3, 10, 0.96142578125 },
		{ 20, 6, 15, 0.958610534667969 },
		{ 25, 8, 18, 0.956714749336243 },
	};
	double sorted[25];

	count_up(sorted, COUNT(sorted));
	for (size_t i = 0; i < COUNT(known); i++) {
		struct interval interval = values_interval(sorted, known[i].count);

		assert_near(interval.low, known[i].low);
		assert_near(interval.high, known[i].high);
		assert_near(interval.level, known[i].level);
		assert_near(interval.median, ((double)known[i].count + 1) / 2);
	}
	assert_true(isnan(values_interval(NULL, 0).median));
	assert_true(isnan(values_interval(NULL, 0).level));
}

/* 2^-n is no double from n = 1075 on; the ranks are those of the normal law, n/2 -+ 0.98 sqrt(n). */
static void test_interval_of_many(void **state)
{
	static double sorted[5000];
	struct interval interval;

	count_up(sorted, COUNT(sorted));
	interval = values_interval(sorted, COUNT(sorted));
	assert_near(interval.low, 2431);
	assert_near(interval.high, 5001 - 2431);
	assert_true(interval.level >= 0.95 && interval.level < 0.952);
}

static void test_interval_arithmetic(void **state)
{
	struct interval time = { 4, 2, 8, 0.96 }, rate = interval_inverse(time, 16), half = interval_times(time, 0.5);

	assert_near(rate.median, 4);
	assert_near(rate.low, 2);
	assert_near(rate.high, 8);
	assert_near(half.low, 1);
	assert_near(half.high, 4);
	assert_near(half.level, 0.96);
	assert_near(rate.level, 0.96);
}

/* The resampled median of 1 ... 9 is at most k with P(B(9, k/9) >= 5): 0.0014 at 1, 0.030 at 2. */
static void test_ratio(void **state)
{
	const double ten = 10, twos[] = { 2, 2, 2, 2, 2, 2 };
	double sorted[9];
	struct interval ratio;

	count_up(sorted, COUNT(sorted));
	assert_int_equal(ratio_interval(&ratio, sorted, 9, twos, 6, 1), 0);
	assert_near(ratio.median, 2.5);
	assert_near(ratio.low, 1);
	assert_near(ratio.high, 4);
	assert_near(ratio.level, 0.95);

	assert_int_equal(ratio_interval(&ratio, &ten, 1, twos, 6, 1), 0);
	assert_near(ratio.median, 5);
	assert_near(ratio.low, 5);
	assert_near(ratio.high, 5);
	assert_near(ratio.level, 0);

	assert_int_equal(ratio_interval(&ratio, sorted, 3, twos, 6, 1), 0);
	assert_near(ratio.level, 0.75);
	assert_int_equal(ratio_interval(&ratio, sorted, 9, twos, 0, 1), 0);
	assert_true(isnan(ratio.median));
}

/* The values of test_ratio(), and values below 0. */
static void test_difference(void **state)
{
	const double minus_twos[] = { -2, -2, -2, -2, -2, -2 };
	double sorted[9];
	struct interval apart;

	count_up(sorted, COUNT(sorted));
	assert_int_equal(difference_interval(&apart, sorted, 9, minus_twos, 6, 1), 0);
	assert_near(apart.median, 7);
	assert_near(apart.low, 4);
	assert_near(apart.high, 10);
	assert_near(apart.level, 0.95);
	assert_int_equal(difference_interval(&apart, sorted, 9, minus_twos, 0, 1), 0);
	assert_true(isnan(apart.median));
}

static void test_ratio_follows_its_seed(void **state)
{
	double above[40], below[31];
	struct interval first, again, other;

	count_up(above, COUNT(above));
	count_up(below, COUNT(below));
	assert_int_equal(ratio_interval(&first, above, COUNT(above), below, COUNT(below), 7), 0);
	assert_int_equal(ratio_interval(&again, above, COUNT(above), below, COUNT(below), 7), 0);
	assert_int_equal(ratio_interval(&other, above, COUNT(above), below, COUNT(below), 8), 0);
	assert_memory_equal(&first, &again, sizeof(first));
	assert_true(other.low != first.low || other.high != first.high);
	assert_true(first.low < first.median && first.median < first.high);
}

/* The ranks are those of printed tables of the signed-rank test. */
static void test_pairs(void **state)
{
	static const struct {
		size_t count;
		double low, high, level;
	} known[] = { { 1, 1, 1, 0 }, { 5, 1, 5, 0.9375 }, { 6, 1, 6, 0.96875 }, { 9, 2.5, 7.5, 0.9609375 } };
	double ratios[9];
	struct interval ratio;

	for (size_t i = 0; i < COUNT(known); i++) {
		count_up(ratios, known[i].count);
		for (size_t k = 0; k < known[i].count; k++)
			ratios[k] = exp(ratios[k]);
		assert_int_equal(paired_interval(&ratio, ratios, known[i].count), 0);
		assert_near(log(ratio.low), known[i].low);
		assert_near(log(ratio.high), known[i].high);
		assert_near(log(ratio.median), ((double)known[i].count + 1) / 2);
		assert_near(ratio.level, known[i].level);
	}
	assert_int_equal(paired_interval(&ratio, ratios, 0), 0);
	assert_true(isnan(ratio.median));
}

static void test_drift(void **state)
{
	const double rising[] = { 1, 2, 3, 4, 5, 6 }, falling[] = { 6, 5, 4, 3, 2, 1 };
	const double one_swap[] = { 1, 2, 3, 4, 6, 5 };
	const double level[] = { 3, 3, 3, 3, 3, 3, 3, 3 }, saw[] = { 1, 9, 2, 8, 3, 7, 4, 6, 5, 5 };
	const double slow[] = { 1, 3, 2, 4, 6, 5, 7, 9, 8, 10 };

	assert_true(values_drift(rising, COUNT(rising)));
	assert_true(values_drift(falling, COUNT(falling)));
	assert_true(values_drift(slow, COUNT(slow)));
	assert_false(values_drift(one_swap, COUNT(one_swap)));
	assert_false(values_drift(rising, 5));
	assert_false(values_drift(level, COUNT(level)));
	assert_false(values_drift(saw, COUNT(saw)));
	assert_false(values_drift(rising, 1));
	assert_false(values_drift(NULL, 0));
}

static void test_bimodal(void **state)
{
	const double two[] = { 1, 1.1, 1.2, 1.3, 2, 2.1, 2.2, 2.3 }, wide[] = { 1, 2, 3, 4, 6, 7, 8, 9 };
	const double outlier[] = { 1, 1, 1, 1, 1, 1, 1, 50 }, one[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	const double same[] = { 5, 5, 5, 5, 5, 5, 5, 5 };

	assert_true(values_bimodal(two, COUNT(two)));
	assert_false(values_bimodal(two, 7));
	assert_false(values_bimodal(wide, COUNT(wide)));
	assert_false(values_bimodal(outlier, COUNT(outlier)));
	assert_false(values_bimodal(one, COUNT(one)));
	assert_false(values_bimodal(same, COUNT(same)));
	assert_false(values_bimodal(NULL, 0));
}

/* All six orders of three come equally often, within 5 standard errors. */
static void test_shuffled_orders(void **state)
{
	size_t counts[27] = { 0 };
	uint64_t random = 1;

	for (size_t i = 0; i < 60000; i++) {
		uint32_t order[] = { 0, 1, 2 };

		random_shuffle(order, COUNT(order), sizeof(order[0]), &random);
		counts[order[0] * 9 + order[1] * 3 + order[2]]++;
	}
	for (size_t i = 0; i < COUNT(counts); i++) {
		size_t a = i / 9, b = i / 3 % 3, c = i % 3;

		if (a != b && b != c && a != c)
			assert_in_range(counts[i], 9540, 10460);
		else
			assert_int_equal(counts[i], 0);
	}
	random_shuffle(NULL, 0, 8, &random);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shuffled_orders),
		cmocka_unit_test(test_median),
		cmocka_unit_test(test_quantile),
		cmocka_unit_test(test_interval_ranks),
		cmocka_unit_test(test_interval_of_many),
		cmocka_unit_test(test_interval_arithmetic),
		cmocka_unit_test(test_ratio),
		cmocka_unit_test(test_difference),
		cmocka_unit_test(test_ratio_follows_its_seed),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_bimodal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
