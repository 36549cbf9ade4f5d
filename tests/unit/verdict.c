/* What shifts mean, when to look, and exactly how often all looks together err. */
#include "analyse/signed_rank.h"
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

/* ---- Pairs ---- */

static void test_pair_looks(void **state)
{
	const size_t at_24[] = { 9, 12, 16, 24 }, at_48[] = { 18, 32, 48 }, at_16[] = { 9, 10, 16 },
		     at_10[] = { 9, 10 };
	const struct {
		uint32_t pairs;
		const size_t *looks;
		size_t count;
	} cases[] = { { 24, at_24, 4 }, { 48, at_48, 3 }, { 16, at_16, 3 }, { 10, at_10, 2 },
		      { 9, at_24, 1 },	{ 8, NULL, 0 },	  { 0, NULL, 0 } };
	size_t looks[LOOKS_MOST];

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(verdict_pair_looks(cases[i].pairs, looks), cases[i].count);
		assert_memory_equal(looks, cases[i].looks ? cases[i].looks : looks, cases[i].count * sizeof(*looks));
	}
}

static void test_least_pairs(void **state)
{
	assert_int_equal(verdict_least_pairs(1), 9);
	assert_int_equal(verdict_least_pairs(2), 10);
	assert_int_equal(verdict_least_pairs(10), 12);
	for (size_t cells = 1; cells <= 300; cells++) {
		size_t least = verdict_least_pairs(cells);

		assert_true(signed_rank_critical(least, verdict_level(cells)) >= 0);
		assert_int_equal(signed_rank_critical(least - 1, verdict_level(cells)), -1);
	}
}

static void test_pairs_that_means_need(void **state)
{
	assert_int_equal(verdict_least_mean_pairs(1), 11);
	assert_int_equal(verdict_least_mean_pairs(10), 15);
	assert_near(verdict_reached(10, MEANS_LEVEL), 1.0 / 1024, 1e-15);
	assert_near(verdict_reached(11, MEANS_LEVEL), MEANS_LEVEL, 1e-15);
	assert_near(verdict_reached(4, MEANS_LEVEL), MEANS_LEVEL, 0);
}

/* Twice as near takes four times as much. */
static void test_data_needed(void **state)
{
	const double limit = log1p(0.01);

	assert_near(verdict_data_needed(&(struct shift){ 0, -1, 2 * limit }, 0.01, 0.002), 4, 1e-12);
	assert_near(verdict_data_needed(&(struct shift){ 0.006, -0.006, 1 }, 0.01, 0.002), 9, 1e-12);
	assert_near(verdict_data_needed(&(struct shift){ 0, -1, limit / 2 }, 0.01, 0.002), 0.25, 1e-12);
	assert_true(isinf(verdict_data_needed(&(struct shift){ 0.01, -1, 1 }, 0.005, 0.02)));
	assert_true(isinf(verdict_data_needed(&(struct shift){ 0, -INFINITY, INFINITY }, 0.01, 0.002)));
}

#define COUNTS_MOST 1800 /* 10 x 4 x 5 x 9 for 24 pairs */

/* The looks of one bound, and what is known of orders in which some of the ranks are given out. */
struct looks {
	size_t added[LOOKS_MOST], pairs; /* pairs that come before each look and after the one before */
	size_t most[LOOKS_MOST];         /* the bound errs if W+ is below this */
	size_t states;                   /* W+ of all looks, each up to its `most` */
	double *chances[COUNTS_MOST];    /* of each state; by how many of each `added` have a rank; NULL: 0 */
};

static struct looks looks_of(double level)
{
	struct looks looks = { .states = 1 };
	size_t at[LOOKS_MOST];

	assert_int_equal(verdict_pair_looks(24, at), LOOKS_MOST);
	for (size_t i = 0; i < LOOKS_MOST; i++) {
		looks.added[i] = at[i] - looks.pairs;
		looks.pairs = at[i];
		looks.most[i] = (size_t)(signed_rank_critical(at[i], level) + 1);
		looks.states *= looks.most[i] + 1;
	}
	return looks;
}

/* The state after a positive d that gets the rank ranks[i] among the pairs of look i. */
static size_t state_after(const struct looks *looks, size_t state, const size_t *ranks)
{
	size_t after = 0, step = 1;

	for (size_t i = 0; i < LOOKS_MOST; i++) {
		size_t base = looks->most[i] + 1, w = state % base + ranks[i];

		state /= base;
		after += step * (w < looks->most[i] ? w : looks->most[i]);
		step *= base;
	}
	return after;
}

/* Gives the next larger |d|, with either sign, to a pair that was added before look `k`. */
static void give_rank(struct looks *looks, const double *chances, double *after, const size_t *given, size_t k,
		      double chance)
{
	size_t ranks[LOOKS_MOST], sum = 0;

	for (size_t i = 0; i < LOOKS_MOST; i++) {
		sum += given[i];
		ranks[i] = i < k ? 0 : sum + 1;
	}
	for (size_t s = 0; s < looks->states; s++)
		if (chances[s] > 0) {
			after[s] += chance / 2 * chances[s];
			after[state_after(looks, s, ranks)] += chance / 2 * chances[s];
		}
}

static void give_ranks(struct looks *looks, size_t counts)
{
	size_t given[LOOKS_MOST], rest = counts, left = looks->pairs, step = 1;

	for (size_t i = 0; i < LOOKS_MOST; i++) {
		given[i] = rest % (looks->added[i] + 1);
		rest /= looks->added[i] + 1;
		left -= given[i];
	}
	for (size_t i = 0; i < LOOKS_MOST; i++) {
		size_t free_ones = looks->added[i] - given[i];
		double **after = &looks->chances[counts + step];

		if (free_ones) {
			*after = *after ? *after : calloc(looks->states, sizeof(**after));
			assert_non_null(*after);
			give_rank(looks, looks->chances[counts], *after, given, i, (double)free_ones / (double)left);
		}
		step *= looks->added[i] + 1;
	}
}

/* Returns the probability that the bound errs at some look of 24 pairs that are alike: all signs, and all orders of
 * |d|, are equally likely. Ranks are given out from below, since those of the first pairs change with those that come
 * later. */
static double pairs_error_of(double level)
{
	struct looks looks = looks_of(level);
	size_t all = 1;
	double none;

	for (size_t i = 0; i < LOOKS_MOST; i++)
		all *= looks.added[i] + 1;
	assert_in_range(all, 1, COUNTS_MOST);
	looks.chances[0] = calloc(looks.states, sizeof(double));
	assert_non_null(looks.chances[0]);
	looks.chances[0][0] = 1;
	for (size_t counts = 0; counts + 1 < all; counts++) { /* what follows from it has a higher number */
		give_ranks(&looks, counts);
		free(looks.chances[counts]);
	}
	none = looks.chances[all - 1][looks.states - 1];
	free(looks.chances[all - 1]);
	return 1 - none;
}

static void test_pairs_err_together(void **state)
{
	const size_t cells[] = { 2, 4, 10, 50 }; /* of one cell: 0.0098 */

	assert_near(pairs_error_of(LOOK_LEVEL), 0.008661, 1e-6);
	assert_near(pairs_error_of(MEANS_LEVEL), 0.001151, 1e-6);
	for (size_t i = 0; i < COUNT(cells); i++) {
		double m = (double)cells[i];
		double error = m * (pairs_error_of(verdict_level(cells[i])) + pairs_error_of(MEANS_LEVEL / m));

		assert_in_range((int)(1e6 * error), 4000, 9800);
	}
}

/* With more cells only the alarms become rarer. */
static void test_bounds_of_pairs(void **state)
{
	struct shift one, ten, mean;
	double d[24];

	for (size_t i = 0; i < COUNT(d); i++)
		d[i] = (double)(i * 7 % 24);
	assert_int_equal(verdict_pairs(d, COUNT(d), 1, &one), 0);
	assert_int_equal(verdict_pairs(d, COUNT(d), 10, &ten), 0);
	assert_int_equal(verdict_pair_means(d, COUNT(d), 1, &mean), 0);
	assert_true(ten.low < one.low && mean.low < one.low && mean.high > one.high);
	assert_near(ten.theta, one.theta, 0);
	assert_near(ten.high, one.high, 0);
	assert_int_equal(verdict_pairs(d, 11, 10, &ten), 0);
	assert_true(isinf(ten.low) && isfinite(ten.high));
}

static enum verdict verdict_with_mean(double low, double high, double mean_low, double mean, bool last,
				      enum slower_kind *kind)
{
	const struct shift undisturbed = { (low + high) / 2, low, high }, means = { mean, mean_low, mean + 1 };

	return verdict_of_pairs(&undisturbed, &means, 0.01, 0.002, last, kind);
}

/* d = ln 1.01 = 0.00995, tau = 0.002 */
static void test_means_are_heard(void **state)
{
	enum slower_kind kind = SLOWER_RARE;

	assert_int_equal(verdict_with_mean(-0.001, 0.001, -0.01, 0.001, false, &kind), VERDICT_PASS);
	assert_int_equal(verdict_with_mean(0.003, 0.02, -0.01, 0.02, false, &kind), VERDICT_REGRESSED);
	assert_int_equal(kind, SLOWER_TYPICAL);
	assert_int_equal(verdict_with_mean(-0.001, 0.001, -0.01, 0.02, false, &kind), VERDICT_CANNOT_TELL);
	assert_int_equal(verdict_with_mean(-0.001, 0.001, -0.01, 0.02, true, &kind), VERDICT_PASS);
	assert_int_equal(verdict_with_mean(-0.001, 0.001, -0.01, 0.05, true, &kind), VERDICT_CANNOT_TELL);
	assert_int_equal(verdict_with_mean(-0.001, 0.001, -INFINITY, 0.011, true, &kind), VERDICT_CANNOT_TELL);
	assert_int_equal(verdict_with_mean(-0.001, 0.001, -INFINITY, 0.009, true, &kind), VERDICT_PASS);
	assert_int_equal(verdict_with_mean(-0.001, 0.02, -0.01, 0.02, true, &kind), VERDICT_CANNOT_TELL);
	assert_int_equal(verdict_with_mean(-0.001, 0.001, 0.001, 0.009, false, &kind), VERDICT_PASS);
	assert_int_equal(kind, SLOWER_TYPICAL);
	assert_int_equal(verdict_with_mean(-0.001, 0.001, 0.001, 0.02, false, &kind), VERDICT_REGRESSED);
	assert_int_equal(kind, SLOWER_RARE);
	assert_int_equal(verdict_with_mean(-0.001, 0.001, 0, 0.02, true, &kind), VERDICT_PASS);
}

/* Nine pairs cannot reach the level of means, and have a bound nevertheless. */
static void test_means_of_a_control(void **state)
{
	const double limit = log1p(0.01);
	struct shift mean, control;
	double d[12];

	for (size_t i = 0; i < COUNT(d); i++)
		d[i] = 0.02 + 0.001 * (double)i;
	assert_int_equal(verdict_pair_means(d, 9, 1, &mean), 0);
	assert_int_equal(verdict_control_means(d, 9, &control), 0);
	assert_true(isinf(mean.low));
	assert_near(control.low, 0.02, 1e-12);
	assert_near(control.theta, mean.theta, 0);
	assert_int_equal(verdict_pair_means(d, 12, 1, &mean), 0);
	assert_int_equal(verdict_control_means(d, 12, &control), 0);
	assert_near(control.low, mean.low, 0);
	assert_false(verdict_means_slower(&(struct shift){ 0.02, 0, 0.03 }, 0.01));
	assert_false(verdict_means_slower(&(struct shift){ limit, 0.001, 0.03 }, 0.01));
	assert_true(verdict_means_slower(&(struct shift){ limit + 1e-9, 1e-9, 0.03 }, 0.01));
	assert_true(verdict_means_differ(&(struct shift){ 0.02, 1e-9, 0.03 }, 0.01));
	assert_true(verdict_means_differ(&(struct shift){ -0.02, -0.03, -1e-9 }, 0.01));
	assert_false(verdict_means_differ(&(struct shift){ -0.02, -0.03, 0 }, 0.01));
}

/* Off by half a percent, half of what was added, or twice the half-width of the bounds: whatever is more. */
static void test_controls_of_pairs(void **state)
{
	const struct shift narrow = { 0.3, 0.299, 0.301 }, wide = { 0, -0.01, 0.02 }, none = { 0, -INFINITY, INFINITY };
	double added = log1p(verdict_added(0.01));

	assert_true(verdict_control_holds(-0.0049, 0, &narrow));
	assert_false(verdict_control_holds(0.0051, 0, &narrow));
	assert_false(verdict_control_holds(-0.0051, 0, &narrow));
	assert_true(verdict_control_holds(0.011, added, &narrow));
	assert_false(verdict_control_holds(0, added, &narrow));
	assert_false(verdict_control_holds(2.1 * added, added, &narrow));
	assert_true(verdict_control_holds(-0.029, 0, &wide));
	assert_false(verdict_control_holds(-0.031, 0, &wide));
	assert_true(verdict_control_holds(7, 0, &none));
	assert_true(verdict_control_holds(NAN, 0, &narrow));
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

/* By the number alone, so that whoever says it says the same. */
static void test_decimals(void **state)
{
	assert_int_equal(verdict_decimals(0.0145, false), 2);
	assert_int_equal(verdict_decimals(-0.0999, false), 2);
	assert_int_equal(verdict_decimals(0.0145, true), 3);
	assert_int_equal(verdict_decimals(-0.1, false), 1);
	assert_int_equal(verdict_decimals(0.123, true), 1);
	assert_int_equal(verdict_decimals(9.1, false), 0);
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
		cmocka_unit_test(test_pair_looks),
		cmocka_unit_test(test_least_pairs),
		cmocka_unit_test(test_pairs_that_means_need),
		cmocka_unit_test(test_data_needed),
		cmocka_unit_test(test_pairs_err_together),
		cmocka_unit_test(test_bounds_of_pairs),
		cmocka_unit_test(test_means_are_heard),
		cmocka_unit_test(test_means_of_a_control),
		cmocka_unit_test(test_controls_of_pairs),
		cmocka_unit_test(test_margin_and_control),
		cmocka_unit_test(test_smallest_shown),
		cmocka_unit_test(test_smallest_excluded),
		cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_in_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
