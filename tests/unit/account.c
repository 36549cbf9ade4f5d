/* The split of a round's time: parts computed by hand, and sums that are exact for any input. */
#include "analyse/account_split.h"
#include "tests/test.h"

static int64_t sum(struct split split)
{
	int64_t ns = 0;

	for (int i = 0; i < SPLIT_COUNT; i++)
		ns += split.ns[i];
	return ns;
}

/* Two workers for 1000 ns, of which 8 ns are in no part. */
static struct sample two_workers(void)
{
	return (struct sample){
		.wall_ns = 1000,
		.workers = 2,
		.total = {
			.part_ns = { [PART_SPAWN] = 10, [PART_DISPATCH] = 20, [PART_LOCK] = 3, [PART_STARVE] = 4,
				     [PART_COPY] = 5, [PART_BODY] = 1900, [PART_IDLE] = 30, [PART_TEARDOWN] = 20 },
			.body_cpu_ns = 1500,
			.body_run_queue_ns = 200,
			.body_stolen_ns = 50,
			.body_wait_ns = 150,
		},
	};
}

static void assert_split(struct split split, const int64_t expected[SPLIT_COUNT])
{
	for (int i = 0; i < SPLIT_COUNT; i++)
		if (split.ns[i] != expected[i])
			fail_msg("%s is %jd ns, not %jd", split_infos[i].name, (intmax_t)split.ns[i],
				 (intmax_t)expected[i]);
}

static void test_against_a_cheaper_baseline(void **state)
{
	const struct body_cost baseline = { .known = true, .cpu_ns = 1200, .wait_ns = 100 };
	const struct sample sample = two_workers();

	assert_split(split_round(&sample, &baseline), (const int64_t[SPLIT_COUNT]){
		[SPLIT_SPAWN] = 10, [SPLIT_DISPATCH] = 20, [SPLIT_LOCK] = 3, [SPLIT_STARVE] = 4, [SPLIT_COPY] = 5,
		[SPLIT_USEFUL] = 1300, [SPLIT_INFLATION] = 300, [SPLIT_RUN_QUEUE] = 200, [SPLIT_BLOCKED] = 50,
		[SPLIT_STOLEN] = 50, [SPLIT_IDLE] = 30, [SPLIT_TEARDOWN] = 20, [SPLIT_UNEXPLAINED] = 8 });
}

static void test_negative_parts_are_kept(void **state)
{
	const struct body_cost baseline = { .known = true, .cpu_ns = 1600, .wait_ns = 170 };
	const struct sample sample = two_workers();
	struct split split = split_round(&sample, &baseline);

	assert_int_equal(split.ns[SPLIT_USEFUL], 1770);
	assert_int_equal(split.ns[SPLIT_INFLATION], -100);
	assert_int_equal(split.ns[SPLIT_BLOCKED], -20);
	assert_int_equal(split.ns[SPLIT_UNEXPLAINED], 8);
	assert_int_equal(sum(split), 2000);
}

static void test_without_a_baseline(void **state)
{
	const struct body_cost none = { .known = false };
	const struct sample sample = two_workers();
	struct split split = split_round(&sample, &none);

	assert_int_equal(split.ns[SPLIT_USEFUL], 1650);
	assert_int_equal(split.ns[SPLIT_INFLATION], 0);
	assert_int_equal(split.ns[SPLIT_BLOCKED], 0);
	assert_int_equal(split.ns[SPLIT_RUN_QUEUE], 200);
	assert_int_equal(sum(split), 2000);
}

/* A round of the baseline is split by the baseline's median. */
static void test_the_baseline_itself(void **state)
{
	const struct body_cost own = { .known = true, .cpu_ns = 900, .wait_ns = 0 };
	const struct sample sample = { .wall_ns = 1000, .workers = 1,
				       .total = { .part_ns = { [PART_BODY] = 990 }, .body_cpu_ns = 890,
						  .body_run_queue_ns = 100 } };
	struct split split = split_round(&sample, &own);

	assert_int_equal(split.ns[SPLIT_USEFUL], 900);
	assert_int_equal(split.ns[SPLIT_INFLATION], -10);
	assert_int_equal(split.ns[SPLIT_UNEXPLAINED], 10);
}

static void test_a_worker_has_its_share(void **state)
{
	const struct body_cost baseline = { .known = true, .cpu_ns = 1001, .wait_ns = 10 };
	const struct worker_sample worker = { .part_ns = { [PART_BODY] = 600, [PART_IDLE] = 400 }, .body_cpu_ns = 600,
					      .useful_share = 0.25 };
	const struct sample sample = { .wall_ns = 1000, .workers = 2 };
	struct split split = split_worker(&sample, &worker, &baseline);

	assert_int_equal(split.ns[SPLIT_USEFUL], 250 + 3); /* 250.25, and 2.5 rounded away from 0 */
	assert_int_equal(split.ns[SPLIT_INFLATION], 350);
	assert_int_equal(split.ns[SPLIT_BLOCKED], -3);
	assert_int_equal(split.ns[SPLIT_IDLE], 400);
	assert_int_equal(split.ns[SPLIT_UNEXPLAINED], 0);
}

static uint64_t random_below(uint64_t *state, uint64_t limit)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (*state >> 33) % limit;
}

/* If clocks disagree, so that bodies are not the sum of their pieces, the difference goes to unexplained as well. */
static void test_sums_are_exact(void **state)
{
	uint64_t random = 42;

	for (int round = 0; round < 10000; round++) {
		struct body_cost baseline = { .known = random_below(&random, 4) != 0,
					      .cpu_ns = random_below(&random, 4000000000),
					      .wait_ns = random_below(&random, 1000000) };
		struct sample sample = { .wall_ns = random_below(&random, 4000000000),
					 .workers = 1 + (uint32_t)random_below(&random, 256) };
		struct worker_sample *total = &sample.total;

		for (int i = 0; i < PART_COUNT; i++)
			total->part_ns[i] = random_below(&random, 2000000000);
		total->body_cpu_ns = random_below(&random, 4000000000);
		total->body_wait_ns = random_below(&random, 4000000000);
		total->body_run_queue_ns = random_below(&random, 1000000000);
		total->body_stolen_ns = random_below(&random, 1000000);
		total->useful_share = (double)random_below(&random, 1000) / 999;
		assert_int_equal(sum(split_round(&sample, &baseline)), sample.workers * sample.wall_ns);
		assert_int_equal(sum(split_worker(&sample, total, &baseline)), sample.wall_ns);
	}
}

static void test_parts_have_names(void **state)
{
	for (int i = 0; i < SPLIT_COUNT; i++)
		assert_true(split_infos[i].name && strlen(split_infos[i].name) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_a_cheaper_baseline),
		cmocka_unit_test(test_negative_parts_are_kept),
		cmocka_unit_test(test_without_a_baseline),
		cmocka_unit_test(test_the_baseline_itself),
		cmocka_unit_test(test_a_worker_has_its_share),
		cmocka_unit_test(test_sums_are_exact),
		cmocka_unit_test(test_parts_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
