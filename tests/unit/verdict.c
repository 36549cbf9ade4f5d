/* What shifts mean, when to look, and exactly how often all looks together err. */
#include "analyse/verdict.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RUNS_MOST GATE_RUNS_MOST
#define PAIRS_MOST (STRATUM_PAIRS * RUNS_MOST / STRATUM_SIDE)

static void assert_near(double found, double expected, double error)
{
	if (!(fabs(found - expected) <= error))
		fail_msg("%.17g is not %.17g", found, expected);
}

static enum verdict verdict_between(double low, double high)
{
	const struct shift shift = { (low + high) / 2, low, high };

	return verdict_of(&shift, 0.01, 0.002);
}

static void test_words(void **state)
{
	assert_string_equal(verdict_word(VERDICT_PASS), "pass");
	assert_string_equal(verdict_word(VERDICT_REGRESSED), "regressed");
	assert_string_equal(verdict_word(VERDICT_CANNOT_TELL), "cannot tell");
	assert_string_equal(verdict_word(VERDICT_UNCHANGED), "unchanged");
}

/* d = ln 1.01 = 0.00995, tau = 0.002 */
static void test_one_look(void **state)
{
	assert_int_equal(verdict_between(-0.05, -0.01), VERDICT_PASS);
	assert_int_equal(verdict_between(-0.005, 0.0099), VERDICT_PASS);
	assert_int_equal(verdict_between(-0.005, log1p(0.01)), VERDICT_CANNOT_TELL);
	assert_int_equal(verdict_between(0.0021, 0.03), VERDICT_REGRESSED);
	assert_int_equal(verdict_between(0.002, 0.03), VERDICT_CANNOT_TELL);
	assert_int_equal(verdict_between(0.03, 0.05), VERDICT_REGRESSED);
	assert_int_equal(verdict_between(0.003, 0.007), VERDICT_PASS); /* slower for certain, and tolerated */
	assert_int_equal(verdict_between(-INFINITY, INFINITY), VERDICT_CANNOT_TELL);
}

static void test_looks(void **state)
{
	const size_t at_48[] = { 3, 6, 9, 12 }, at_20[] = { 2, 3, 5 }, at_12[] = { 2, 3 }, at_8[] = { 2 };
	const struct {
		uint32_t runs;
		const size_t *looks;
		size_t count;
	} cases[] = { { 48, at_48, 4 }, { 51, at_48, 4 }, { 20, at_20, 3 }, { 12, at_12, 2 },
		      { 8, at_8, 1 },   { 7, NULL, 0 },   { 0, NULL, 0 } };
	size_t looks[LOOKS_MOST];

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(verdict_looks(cases[i].runs, looks), cases[i].count);
		assert_memory_equal(looks, cases[i].looks ? cases[i].looks : looks, cases[i].count * sizeof(*looks));
	}
}

static void convolve(double *chance, size_t pairs, const double *one)
{
	for (size_t u = pairs + STRATUM_PAIRS + 1; u-- > 0;) {
		double sum = 0;

		for (size_t v = 0; v <= STRATUM_PAIRS && v <= u; v++)
			if (u - v <= pairs)
				sum += one[v] * chance[u - v];
		chance[u] = sum;
	}
}

/* Returns the probability that a bound errs at some look: orders that have not erred go on to the next look. */
static double error_of(uint32_t runs, double level)
{
	double chance[PAIRS_MOST + 1] = { 1 }, one[STRATUM_PAIRS + 1], error = 0;
	size_t looks[LOOKS_MOST], count = verdict_looks(runs, looks), done = 0;

	rank_test_law(1, one);
	for (size_t i = 0; i < count; i++) {
		for (; done < looks[i]; done++)
			convolve(chance, STRATUM_PAIRS * done, one);
		for (long u = rank_test_critical(done, level); u >= 0; u--) {
			error += chance[u];
			chance[u] = 0;
		}
	}
	return error;
}

static void test_looks_err_together(void **state)
{
	assert_near(error_of(48, verdict_level(1)), 0.00786316, 1e-8);
	assert_near(error_of(8, 0.01), 38 / 4900.0, 1e-15); /* one look: k = 4 */
	for (uint32_t runs = 8; runs <= RUNS_MOST; runs += STRATUM_SIDE)
		assert_in_range((int)(1e6 * error_of(runs, verdict_level(1))), 100, 10100);
}

static void test_flagged_cells_err_together(void **state)
{
	for (size_t flagged = 2; flagged <= 300; flagged++) {
		double error = error_of(48, verdict_level(flagged));

		assert_true(error > 0 && error * (double)flagged <= 0.01);
	}
	assert_true(3 * error_of(48, LOOK_LEVEL / 3) > 0.01); /* why it is not that */
}

/* With more cells only the alarms become rarer. */
static void test_bounds_at_a_look(void **state)
{
	struct stratum strata[12];
	struct shift shift, one, alarm;

	for (size_t s = 0; s < COUNT(strata); s++)
		for (size_t i = 0; i < STRATUM_SIDE; i++) {
			strata[s].a[i] = (double)(s * 7 + i * 5 % 11);
			strata[s].b[i] = (double)(s * 5 + i * i % 13);
		}
	assert_int_equal(rank_test_shift(strata, COUNT(strata), LOOK_LEVEL, &one), 0);
	assert_int_equal(rank_test_shift(strata, COUNT(strata), 0.0025 / 20, &alarm), 0);
	assert_int_equal(verdict_look(strata, COUNT(strata), 1, &shift), 0);
	assert_memory_equal(&shift, &one, sizeof(one));
	assert_int_equal(verdict_look(strata, COUNT(strata), 20, &shift), 0);
	assert_true(alarm.low < one.low);
	assert_near(shift.theta, one.theta, 0);
	assert_near(shift.low, alarm.low, 0);
	assert_near(shift.high, one.high, 0);
}

static void test_margin_and_control(void **state)
{
	assert_near(verdict_margin(0.001), 0.001, 0);
	assert_near(verdict_margin(-0.003), 0.003, 0);
	assert_near(verdict_margin(0.02), MARGIN_MOST, 0);
	assert_near(verdict_added(0), 0.02, 0);
	assert_near(verdict_added(0.01), 0.02, 0);
	assert_near(verdict_added(0.05), 0.1, 1e-15);
}

/* A slow-down just below the smallest that could be shown is not shown, one just above it is. */
static void test_smallest_shown(void **state)
{
	const struct shift shifts[] = { { 0, -0.003, 0.004 }, { 0.04, 0.02, 0.05 }, { -0.001, -0.0015, 0.0007 } };

	for (size_t i = 0; i < COUNT(shifts); i++)
		for (double margin = 0; margin <= MARGIN_MOST; margin += 0.001)
			for (double tolerance = 0; tolerance < 0.03; tolerance += 0.01) {
				double shown = verdict_smallest_shown(&shifts[i], tolerance, margin);
				double by = log1p(shown) - shifts[i].theta;
				struct shift below = { 0, shifts[i].low + by - 1e-9, shifts[i].high + by - 1e-9 };
				struct shift above = { 0, shifts[i].low + by + 1e-9, shifts[i].high + by + 1e-9 };

				assert_int_not_equal(verdict_of(&below, tolerance, margin), VERDICT_REGRESSED);
				assert_int_equal(verdict_of(&above, tolerance, margin), VERDICT_REGRESSED);
			}
	assert_near(verdict_smallest_shown(&shifts[0], 0, 0.001), exp(0.004) - 1, 1e-15);
	assert_near(verdict_smallest_shown(&shifts[0], 0.01, 0.001), 1.01 / exp(0.004) - 1, 1e-15);
	assert_true(isnan(verdict_smallest_shown(&(struct shift){ -0.7, -0.9, -0.4 }, 0.01, 0))); /* B is faster */
	assert_true(isinf(verdict_smallest_shown(&(struct shift){ 0, -INFINITY, INFINITY }, 0.01, 0)));
}

static void test_smallest_excluded(void **state)
{
	assert_near(verdict_smallest_excluded(&(struct shift){ 0, -0.01, log(1.02) }), 0.02, 1e-15);
	assert_near(verdict_smallest_excluded(&(struct shift){ -0.02, -0.03, -0.01 }), 0, 0);
}

static void test_in_all(void **state)
{
	const enum verdict verdicts[] = { VERDICT_UNCHANGED, VERDICT_PASS, VERDICT_CANNOT_TELL, VERDICT_REGRESSED };

	assert_int_equal(verdict_in_all(verdicts, 4), VERDICT_REGRESSED);
	assert_int_equal(verdict_in_all(verdicts, 3), VERDICT_CANNOT_TELL);
	assert_int_equal(verdict_in_all(verdicts, 2), VERDICT_PASS);
	assert_int_equal(verdict_in_all(verdicts, 1), VERDICT_PASS);
	assert_int_equal(verdict_in_all(NULL, 0), VERDICT_CANNOT_TELL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_one_look),
		cmocka_unit_test(test_looks),
		cmocka_unit_test(test_looks_err_together),
		cmocka_unit_test(test_flagged_cells_err_together),
		cmocka_unit_test(test_bounds_at_a_look),
		cmocka_unit_test(test_margin_and_control),
		cmocka_unit_test(test_smallest_shown),
		cmocka_unit_test(test_smallest_excluded),
		cmocka_unit_test(test_in_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
