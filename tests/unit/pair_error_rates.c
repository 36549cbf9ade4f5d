/* How often a gate by pairs errs on simulated and recorded pairs: the short version of
 * tests/benchmarks/pair_error_rates.c. Everything is seeded, so the counts are always the same. */
#include "gates/draws.h"
#include "gates/pair_draws.h"
#include "tests/test.h"

#include <unistd.h>

#define SEED 4
#define PAIRS 800

static const struct pair_peculiar nothing = { 0, 0 };

static struct pair_series simulated(size_t noise, const struct pair_peculiar *b)
{
	struct pair_series series;

	assert_int_equal(pairs_simulate(&series, (enum pair_noise)noise, b, PAIRS, SEED + noise), 0);
	return series;
}

static struct pair_tally tally_of(const struct pair_series *series, struct pair_rule rule, size_t gates)
{
	struct pair_tally tally;

	rule.tolerance = rule.tolerance > 0 ? rule.tolerance : 0.01;
	rule.max_pairs = 24;
	rule.cells = rule.cells ? rule.cells : 1;
	assert_int_equal(tally_pairs(series, &rule, gates, SEED, &tally), 0);
	return tally;
}

/* Where half of the processes take 2 % more, a gate cannot tell, but does not err. */
static void test_alike_is_not_regressed(void **state)
{
	for (size_t noise = 0; noise < PAIR_NOISE_COUNT; noise++) {
		struct pair_series series = simulated(noise, &nothing);
		struct pair_tally tally = tally_of(&series, (struct pair_rule){ 0 }, 2000);

		assert_true(upper_bound(tally.verdicts[VERDICT_REGRESSED], tally.gates) <= 0.01);
		assert_true(upper_bound(tally.controls_failed, tally.gates) <= 0.01);
		if (noise != PAIR_NOISE_BIMODAL)
			assert_in_range(tally.verdicts[VERDICT_PASS], 1960, 2000);
		pairs_release(&series);
	}
}

static void test_slower_does_not_pass(void **state)
{
	for (size_t noise = 0; noise < PAIR_NOISE_COUNT; noise++) {
		struct pair_series series = simulated(noise, &nothing);
		struct pair_tally tally = tally_of(&series, (struct pair_rule){ .slowdown = 0.05 }, 300);

		assert_int_equal(tally.verdicts[VERDICT_PASS], 0);
		assert_in_range(tally.verdicts[VERDICT_REGRESSED], 297, 300);
		tally = tally_of(&series, (struct pair_rule){ .slowdown = 0.01 }, 300); /* d itself */
		assert_in_range(tally.verdicts[VERDICT_PASS], 0, 8);
		pairs_release(&series);
	}
}

static void test_ten_cells(void **state)
{
	struct pair_series series = simulated(PAIR_NOISE_NEIGHBOURS, &nothing);
	struct pair_tally tally = tally_of(&series, (struct pair_rule){ .cells = 10 }, 400);

	assert_true(upper_bound(tally.verdicts[VERDICT_REGRESSED], tally.gates) <= 0.02);
	assert_in_range(tally.verdicts[VERDICT_PASS], 380, 400);
	tally = tally_of(&series, (struct pair_rule){ .cells = 10, .slowdown = 0.015 }, 100);
	assert_in_range(tally.verdicts[VERDICT_REGRESSED], 98, 100);
	pairs_release(&series);
}

/* Half as long again in one round of ten: no typical round is slower, but the mean is, by 5 %. */
static void test_what_is_rare_is_found(void **state)
{
	const struct pair_peculiar rare = { .rare = 0.1 };
	struct pair_series series = simulated(PAIR_NOISE_NORMAL, &rare);
	struct pair_tally tally = tally_of(&series, (struct pair_rule){ .labels = LABELS_KEPT }, 300);

	assert_in_range(tally.rare, 250, 300);
	assert_int_equal(tally.verdicts[VERDICT_REGRESSED], tally.rare);
	pairs_release(&series);
}

/* What a least time cannot do: of two sides with equal means, the one that scatters more seems faster. */
static void test_a_side_that_scatters_more_seems_faster(void **state)
{
	const struct pair_peculiar scatter = { .scatter = 0.02 };
	struct pair_series series = simulated(PAIR_NOISE_NORMAL, &scatter);
	struct pair_tally tally;
	double undisturbed = 0, mean = 0;

	for (size_t i = 0; i < series.count; i++) {
		const struct pair_values *pair = &series.pairs[i];

		undisturbed += (pair->undisturbed[1] - pair->undisturbed[0]) / (double)series.count;
		mean += (pair->mean[1] - pair->mean[0]) / (double)series.count;
	}
	assert_float_equal(undisturbed, -0.031, 0.001);
	assert_float_equal(mean, 0, 0.0005);
	tally = tally_of(&series, (struct pair_rule){ .labels = LABELS_KEPT }, 100);
	assert_int_equal(tally.verdicts[VERDICT_PASS], 100);
	tally = tally_of(&series, (struct pair_rule){ .labels = LABELS_SWAPPED }, 100);
	assert_int_equal(tally.verdicts[VERDICT_REGRESSED], 100);
	assert_int_equal(tally.rare, 0);
	pairs_release(&series);
}

static void test_a_blind_measurement_is_found_out(void **state)
{
	for (size_t noise = 0; noise < PAIR_NOISE_BIMODAL; noise++) {
		struct pair_series series = simulated(noise, &nothing);
		struct pair_tally tally = tally_of(&series, (struct pair_rule){ .blind = true }, 200);

		assert_in_range(tally.controls_failed, 198, 200);
		assert_int_equal(tally.verdicts[VERDICT_CANNOT_TELL], tally.controls_failed);
		pairs_release(&series);
	}
}

static int read_lines(struct pair_series *series, const char *lines)
{
	char path[] = "/tmp/pairs-XXXXXX";
	int fd = mkstemp(path), found;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, lines, strlen(lines)), strlen(lines));
	close(fd);
	found = pairs_read(series, path);
	unlink(path);
	return found;
}

/* Two builds of one source, on two processors at a load of 15 to 20. */
static void test_gates_of_recorded_pairs(void **state)
{
	struct pair_series series;
	struct pair_tally tally;

	assert_int_equal(pairs_read(&series, "pairs.txt"), 0);
	assert_int_equal(series.count, 160);
	tally = tally_of(&series, (struct pair_rule){ 0 }, 2000);
	assert_int_equal(tally.verdicts[VERDICT_REGRESSED], 0);
	assert_in_range(tally.verdicts[VERDICT_PASS], 1990, 2000);
	tally = tally_of(&series, (struct pair_rule){ .slowdown = 0.015, .cells = 10 }, 100);
	assert_in_range(tally.verdicts[VERDICT_REGRESSED], 99, 100);
	tally = tally_of(&series, (struct pair_rule){ .slowdown = 0.005, .tolerance = 0.002 }, 500);
	assert_in_range(tally.verdicts[VERDICT_REGRESSED], 495, 500);
	pairs_release(&series);
}

#define NINE(line) line line line line line line line line line

static void test_reading_pairs(void **state)
{
	struct pair_series series;

	assert_int_equal(read_lines(&series, "# ns\n" NINE("100 110 200 220\n")), 0);
	assert_int_equal(series.count, 9);
	assert_false(series.has_control);
	assert_float_equal(series.pairs[8].undisturbed[1] - series.pairs[8].undisturbed[0], log(2), 1e-12);
	assert_float_equal(series.pairs[0].mean[0], log(110), 1e-12);
	pairs_release(&series);
	assert_int_equal(read_lines(&series, NINE("100 110 100 110 100 110\n")), 0);
	assert_true(series.has_control);
	pairs_release(&series);
	assert_int_equal(read_lines(&series, NINE("100 110 100 110\n") "1 2 3\n"), -EINVAL);
	assert_int_equal(read_lines(&series, NINE("100 110 100 0\n")), -EINVAL);
	assert_int_equal(read_lines(&series, "# nothing\n"), -EINVAL);
	assert_int_equal(pairs_read(&series, "/nonexistent/pairs"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alike_is_not_regressed),
		cmocka_unit_test(test_slower_does_not_pass),
		cmocka_unit_test(test_ten_cells),
		cmocka_unit_test(test_what_is_rare_is_found),
		cmocka_unit_test(test_a_side_that_scatters_more_seems_faster),
		cmocka_unit_test(test_a_blind_measurement_is_found_out),
		cmocka_unit_test(test_gates_of_recorded_pairs),
		cmocka_unit_test(test_reading_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
