/* How often a gate errs on recorded and simulated times: the short version of tests/benchmarks/error_rates.c.
 * Everything is seeded, so the counts are always the same. */
#include "gates/draws.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SEED 4

static const struct {
	const char *file;
	size_t runs;
} recordings[] = { { "loop.txt", 1200 }, { "resize.txt", 1050 } };

static void read_cpu(struct series *series, size_t i)
{
	assert_int_equal(series_read(series, recordings[i].file, MEASURE_CPU), 0);
	assert_int_equal(series->count, recordings[i].runs);
}

static struct tally tally_of(const struct series *series, double slowdown, uint32_t max_runs, bool control,
			     size_t gates)
{
	const struct gate_rule rule = { slowdown, 0.01, max_runs, control, 1 };
	struct tally tally;

	assert_int_equal(tally_gates(series, &rule, gates, SEED, &tally), 0);
	return tally;
}

static void test_alike_is_not_regressed(void **state)
{
	for (size_t i = 0; i < COUNT(recordings); i++) {
		struct series series;
		struct tally tally;

		read_cpu(&series, i);
		tally = tally_of(&series, 0, 48, true, 2000);
		assert_true(upper_bound(tally.verdicts[VERDICT_REGRESSED], 2000) <= 0.01);
		assert_true(tally.verdicts[VERDICT_PASS] > 1000);
		tally = tally_of(&series, 0, 48, false, 2000);
		/* 0.0079 of 2000 are 16; 30 or more happen once in 1000 times */
		assert_in_range(tally.above_zero, 3, 29);
		series_release(&series);
	}
}

static void test_slower_does_not_pass(void **state)
{
	for (size_t i = 0; i < COUNT(recordings); i++) {
		struct series series;

		read_cpu(&series, i);
		assert_in_range(tally_of(&series, 0.01, 48, true, 300).verdicts[VERDICT_PASS], 0, 8); /* d itself */
		assert_in_range(tally_of(&series, 0.02, 48, true, 300).verdicts[VERDICT_REGRESSED], 240, 300);
		for (double slowdown = 0.05; slowdown < 0.11; slowdown += 0.05) {
			struct tally tally = tally_of(&series, slowdown, 48, true, 300);

			assert_int_equal(tally.verdicts[VERDICT_PASS], 0);
			assert_in_range(tally.verdicts[VERDICT_REGRESSED], 297, 300);
			assert_true(tally.runs_mean < 20);
		}
		series_release(&series);
	}
}

/* If processes differ by 0.5 %, 48 runs a side show a slow-down of half a percent. */
static void test_half_a_percent_is_seen_where_it_is_quiet(void **state)
{
	struct series series;

	assert_int_equal(series_simulate(&series, NOISE_QUIET, 5000, SEED), 0);
	assert_in_range(tally_of(&series, 0.005, 48, false, 300).above_zero, 285, 300);
	assert_in_range(tally_of(&series, 0.01, 48, false, 300).above_zero, 297, 300);
	series_release(&series);
}

/* With times as noisy as the recorded ones it takes more runs. */
static void test_half_a_percent_is_seen_with_many_runs(void **state)
{
	for (size_t i = 0; i < COUNT(recordings); i++) {
		struct series series;
		size_t few;

		read_cpu(&series, i);
		few = tally_of(&series, 0.005, 48, false, 300).above_zero;
		assert_in_range(few, 30, 300);
		assert_in_range(tally_of(&series, 0.005, 384, false, 300).above_zero, 285, 300);
		assert_in_range(tally_of(&series, 0.01, 384, false, 300).above_zero, 297, 300);
		series_release(&series);
	}
}

static void test_any_law_of_noise(void **state)
{
	for (size_t noise = 0; noise < NOISE_COUNT; noise++) {
		struct series series;
		struct tally alike, slower;

		assert_int_equal(series_simulate(&series, (enum noise)noise, 5000, SEED), 0);
		alike = tally_of(&series, 0, 48, true, 800);
		slower = tally_of(&series, 0.05, 48, true, 100);
		assert_true(upper_bound(alike.verdicts[VERDICT_REGRESSED], 800) <= 0.01);
		assert_int_equal(slower.verdicts[VERDICT_PASS], 0);
		assert_in_range(slower.above_zero, 99, 100);
		series_release(&series);
	}
}

static void test_many_cells(void **state)
{
	const struct gate_rule alike = { 0, 0.01, 48, false, 0 }, slower = { 0.05, 0.01, 48, false, 0 };
	struct series series;
	struct tally tally;
	double flagged;

	read_cpu(&series, 1);
	assert_int_equal(tally_screened(&series, &alike, 10, 400, SEED, &tally, &flagged), 0);
	assert_in_range(tally.verdicts[VERDICT_REGRESSED], 0, 9);
	assert_true(flagged > 1 && flagged < 9);
	assert_int_equal(tally_screened(&series, &slower, 10, 100, SEED, &tally, &flagged), 0);
	assert_in_range(tally.verdicts[VERDICT_REGRESSED], 99, 100);
	series_release(&series);
}

static void test_labels_are_drawn_evenly(void **state)
{
	double x[64] = { 0 };
	const struct series series = { x, COUNT(x) };
	size_t at[DRAW_BLOCK_MOST] = { 0 };
	uint64_t random = SEED;

	for (size_t i = 0; i < 6000; i++) {
		struct draw draw;
		size_t sides[3] = { 0 };

		draw_sides(&draw, &series, 1, true, &random);
		assert_true(draw.x >= x && draw.x + DRAW_BLOCK_MOST <= x + COUNT(x));
		for (size_t k = 0; k < DRAW_BLOCK_MOST; k++) {
			sides[draw.sides[k] - 'a']++;
			at[k] += draw.sides[k] == 'b';
		}
		assert_true(sides[0] == STRATUM_SIDE && sides[1] == STRATUM_SIDE && sides[2] == STRATUM_SIDE);
	}
	for (size_t k = 0; k < DRAW_BLOCK_MOST; k++)
		assert_in_range(at[k], 1854, 2146); /* 2000 and 4 standard deviations */
}

static void test_upper_bound(void **state)
{
	assert_true(fabs(upper_bound(0, 300) - (1 - pow(0.05, 1 / 300.0))) < 1e-9);
	assert_true(fabs(upper_bound(5, 100) - 0.102253) < 1e-6); /* the 0.95 quantile of Beta(6, 95) */
	assert_true(upper_bound(10, 10) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alike_is_not_regressed),
		cmocka_unit_test(test_slower_does_not_pass),
		cmocka_unit_test(test_half_a_percent_is_seen_where_it_is_quiet),
		cmocka_unit_test(test_half_a_percent_is_seen_with_many_runs),
		cmocka_unit_test(test_any_law_of_noise),
		cmocka_unit_test(test_many_cells),
		cmocka_unit_test(test_labels_are_drawn_evenly),
		cmocka_unit_test(test_upper_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
