/* The summary of a run's rounds: which of them count, speedups, efficiencies, counters and doubts. */
#include "analyse/doubts.h"
#include "analyse/rounds.h"
#include "tests/test.h"

#define INVOCATIONS 6
#define ROUNDS 3 /* the first is warm-up */
#define MS 1000000u

static void assert_near(double value, double expected)
{
	if (!(fabs(value - expected) <= 1e-9 * fmax(1, fabs(expected))))
		fail_msg("%.12g is not %.12g", value, expected);
}

static const char *const values[] = { "1000" }, *const other_values[] = { "2000" };

/* A sequential cell whose rounds take 100 ms, and a pool of two workers whose rounds take 60 ms, and whose crew takes
 * 10 ms to start and 30 ms to end. */
struct fixture {
	struct cell cell[2];
	struct run_cell run_cell[2];
	struct invocation invocation[2][INVOCATIONS];
	struct sample sample[2][INVOCATIONS * ROUNDS];
	struct worker_sample worker[2][INVOCATIONS * ROUNDS][2];
	struct run run;
};

static void fill_sample(struct sample *sample, struct worker_sample *worker, uint32_t workers, uint64_t wall_ns)
{
	struct worker_sample *total = &sample->total;

	*sample = (struct sample){ .wall_ns = wall_ns, .cpu_ns = 110 * MS, .items = 1000, .workers = workers,
				   .worker = worker };
	*total = (struct worker_sample){
		.items = 1000,
		.part_ns = { [PART_BODY] = workers * wall_ns - 5 * MS, [PART_DISPATCH] = 3 * MS, [PART_COPY] = 2 * MS },
		.body_cpu_ns = workers * wall_ns - 5 * MS,
	};
	for (size_t i = 0; i < COUNTERS_MAX; i++)
		total->counters[i] = NAN;
	for (uint32_t i = 0; i < workers; i++)
		worker[i] = (struct worker_sample){ .part_ns = { [PART_BODY] = (50 - 10 * i) * MS } };
}

static void fill_cell(struct fixture *f, int which, uint32_t workers, uint64_t wall_ns)
{
	struct run_cell *own = &f->run_cell[which];

	*own = (struct run_cell){ .cell = &f->cell[which], .invocations = f->invocation[which],
				  .invocation_count = INVOCATIONS, .samples = f->sample[which],
				  .sample_count = INVOCATIONS * ROUNDS };
	for (uint32_t i = 0; i < INVOCATIONS * ROUNDS; i++) {
		struct sample *sample = &own->samples[i];

		fill_sample(sample, f->worker[which][i], workers, wall_ns + i / ROUNDS * 1000);
		sample->invocation = i / ROUNDS;
		sample->round = i % ROUNDS;
		sample->warmup = sample->round == 0;
		if (sample->warmup)
			sample->wall_ns *= 10;
	}
}

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	f.cell[0] = (struct cell){ .id = "sumsq?n=1000/sequential/-/-/1", .workload = "sumsq", .values = values,
				   .mode = "sequential", .workers = 1, .bind = "core", .items = 1000 };
	f.cell[1] = f.cell[0];
	f.cell[1].id = "sumsq?n=1000/pool/shm/dynamic:125/2";
	f.cell[1].mode = "pool";
	f.cell[1].workers = 2;
	fill_cell(&f, 0, 1, 100 * MS);
	fill_cell(&f, 1, 2, 60 * MS);
	for (int i = 0; i < INVOCATIONS; i++)
		f.invocation[1][i] = (struct invocation){ .start_ns = 10 * MS, .end_ns = 30 * MS, .rss_bytes = 4096 };
	f.run = (struct run){ .seed = 1, .cells = f.run_cell, .cell_count = 2 };
	*state = &f;
	return 0;
}

static struct summary summarise(const struct fixture *f, int which)
{
	struct summary summary;

	assert_int_equal(summary_make(&summary, &f->run, &f->run_cell[which]), 0);
	return summary;
}

static void test_times_and_speedups(void **state)
{
	struct summary s = summarise(*state, 1);

	assert_int_equal(s.invocations, INVOCATIONS);
	assert_int_equal(s.rounds, INVOCATIONS * (ROUNDS - 1));
	assert_near(s.value[QUANTITY_WALL].median, 60002500);
	assert_near(s.value[QUANTITY_WALL].low, 60000000);
	assert_near(s.value[QUANTITY_WALL].high, 60005000);
	assert_near(s.value[QUANTITY_WALL].level, 0.96875);
	assert_near(s.value[QUANTITY_RATE].median, 1000 / 0.0600025);
	assert_near(s.value[QUANTITY_RATE].low, 1000 / 0.060005);
	assert_near(s.value[QUANTITY_SPEEDUP].median, 100002500.0 / 60002500);
	assert_true(s.value[QUANTITY_SPEEDUP].low >= 100000000.0 / 60005000);
	assert_true(s.value[QUANTITY_SPEEDUP].low <= s.value[QUANTITY_SPEEDUP].median);
	assert_near(s.value[QUANTITY_EFFICIENCY].median, s.value[QUANTITY_SPEEDUP].median / 2);
	assert_near(s.value[QUANTITY_SPEEDUP_WITH_CREW].median, 100002500.0 / 100002500);
	assert_near(s.value[QUANTITY_CREW_START].median, 10 * MS);
	assert_near(s.value[QUANTITY_CREW_END].median, 30 * MS);
	assert_near(s.value[QUANTITY_IPC_SHARE].high, 5.0 / 120);
	assert_near(s.value[QUANTITY_IPC_ITEM].median, 5000);
	assert_near(s.value[QUANTITY_CPU].median, 110 * MS);
	assert_near(s.value[QUANTITY_MEMORY].median, 4096);
	assert_int_equal(s.doubts, 0);
}

static void test_the_baseline_is_its_own(void **state)
{
	struct summary s = summarise(*state, 0);

	assert_near(s.value[QUANTITY_SPEEDUP].median, 1);
	assert_near(s.value[QUANTITY_SPEEDUP].low, 1);
	assert_near(s.value[QUANTITY_SPEEDUP_WITH_CREW].high, 1);
	assert_near(s.value[QUANTITY_EFFICIENCY].median, 1);
	assert_true(isnan(s.value[QUANTITY_MEMORY].median));
	assert_int_equal(s.doubts, 0);
}

static void test_account_and_pop(void **state)
{
	struct summary s = summarise(*state, 1);

	assert_near(s.account_ns[SPLIT_USEFUL], 95002500);
	assert_near(s.account_ns[SPLIT_INFLATION], 115005000 - 95002500);
	assert_near(s.account_ns[SPLIT_DISPATCH], 3 * MS);
	assert_near(s.account_ns[SPLIT_UNEXPLAINED], 0);
	/* The totals are not of these workers. */
	assert_near(s.value[QUANTITY_LOAD_BALANCE].median, 115005000.0 / 2 / 50000000);
	assert_near(s.value[QUANTITY_COMMUNICATION].median, 50000000.0 / 60002500);
	assert_near(s.value[QUANTITY_PARALLEL].median, 115005000.0 / 120005000);
	assert_near(s.value[QUANTITY_COMPUTATIONAL].median, 95002500.0 / 115005000);
	assert_near(s.value[QUANTITY_GLOBAL].median, 95002500.0 / 120005000);
}

static void test_pop_without_workers(void **state)
{
	struct fixture *f = *state;
	struct summary s;

	for (int i = 0; i < INVOCATIONS * ROUNDS; i++)
		f->sample[1][i].worker = NULL;
	s = summarise(f, 1);
	assert_true(isnan(s.value[QUANTITY_LOAD_BALANCE].median));
	assert_true(isnan(s.value[QUANTITY_COMMUNICATION].median));
	assert_near(s.value[QUANTITY_PARALLEL].median, 115005000.0 / 120005000);
}

static void test_disturbed_rounds_are_left_out(void **state)
{
	struct fixture *f = *state;
	struct summary s;

	for (int i = 0; i < INVOCATIONS * ROUNDS; i++) {
		f->sample[1][i].disturbed = i % ROUNDS == 1; /* of each invocation one round remains */
		if (f->sample[1][i].disturbed)
			f->sample[1][i].wall_ns *= 3;
	}
	s = summarise(f, 1);
	assert_int_equal(s.rounds, INVOCATIONS);
	assert_int_equal(s.invocations, INVOCATIONS);
	assert_near(s.value[QUANTITY_WALL].low, 60000000);
	assert_int_equal(s.doubts & 1u << DOUBT_DISTURBED, 0);

	f->sample[1][INVOCATIONS * ROUNDS - 1].disturbed = true; /* five invocations would be too few */
	s = summarise(f, 1);
	assert_int_equal(s.rounds, INVOCATIONS * (ROUNDS - 1));
	assert_true(s.doubts & 1u << DOUBT_DISTURBED);
}

static void test_probed_rounds_are_for_counters(void **state)
{
	struct fixture *f = *state;
	struct summary s;

	f->run_cell[1].counter_count = 2;
	for (int i = 0; i < INVOCATIONS * ROUNDS; i++) {
		struct sample *sample = &f->sample[1][i];

		sample->probed = sample->round == 2;
		sample->total.counters[0] = sample->probed ? 900 : 100;
		sample->total.counters[1] = sample->probed ? 7 : NAN;
	}
	s = summarise(f, 1);
	assert_int_equal(s.rounds, INVOCATIONS);
	assert_near(s.counters[0], 100);
	assert_near(s.counters[1], 7);
	assert_true(isnan(s.counters[2]));
}

static void test_an_invocation_without_its_end(void **state)
{
	struct fixture *f = *state;
	struct summary s;

	f->invocation[1][5] = (struct invocation){ .start_ns = 10 * MS, .cut = true };
	s = summarise(f, 1);
	assert_int_equal(s.invocations, INVOCATIONS);
	assert_near(s.value[QUANTITY_CREW_END].median, 30 * MS);
	assert_near(s.value[QUANTITY_CREW_END].level, 0.9375);
	assert_near(s.value[QUANTITY_SPEEDUP_WITH_CREW].level, 0.9375);
}

static void test_without_a_baseline(void **state)
{
	struct fixture *f = *state;
	struct summary s;

	f->run_cell[0].status = CELL_FAILED;
	s = summarise(f, 1);
	assert_true(isnan(s.value[QUANTITY_SPEEDUP].median));
	assert_true(isnan(s.value[QUANTITY_EFFICIENCY].median));
	assert_true(isnan(s.value[QUANTITY_COMPUTATIONAL].median));
	assert_near(s.account_ns[SPLIT_USEFUL], 115005000);
	assert_true(s.doubts & 1u << DOUBT_NO_BASELINE);

	s = summarise(f, 0);
	assert_int_equal(s.rounds, 0);
	assert_true(isnan(s.value[QUANTITY_WALL].median));
	assert_true(isnan(s.value[QUANTITY_SPEEDUP].median));
	assert_int_equal(s.doubts, 0);
}

static void test_the_baseline_is_of_the_same_work(void **state)
{
	struct fixture *f = *state;

	assert_ptr_equal(run_baseline(&f->run, &f->run_cell[1]), &f->run_cell[0]);
	f->cell[0].values = other_values;
	assert_null(run_baseline(&f->run, &f->run_cell[1]));
	f->cell[0].values = values;
	f->cell[0].items = 999;
	assert_null(run_baseline(&f->run, &f->run_cell[1]));
	f->cell[0].items = 1000;
	f->cell[0].input = "pics";
	assert_null(run_baseline(&f->run, &f->run_cell[1]));
	f->cell[1].input = "pics";
	assert_ptr_equal(run_baseline(&f->run, &f->run_cell[1]), &f->run_cell[0]);
}

static void test_doubts(void **state)
{
	struct fixture *f = *state;
	struct summary s = { .rounds = 9, .baseline = { .known = true },
			     .value = { [QUANTITY_WALL] = { 100e6, 94e6, 104e6, 0.96 },
					[QUANTITY_SPEEDUP] = { 2, 1.9, 2.1, 0.95 } } };
	const struct run_cell *cell = &f->run_cell[1];

	assert_int_equal(doubts_find(cell, &s), 0);
	s.value[QUANTITY_WALL].high = 105e6;
	assert_int_equal(doubts_find(cell, &s), 1u << DOUBT_NOISY);
	s.value[QUANTITY_WALL] = (struct interval){ 0.9e6, 0.9e6, 0.9e6, 0.96 };
	assert_int_equal(doubts_find(cell, &s), 1u << DOUBT_TOO_SHORT);
	s.value[QUANTITY_WALL] = (struct interval){ 2e6, 2e6, 2e6, 0.9375 };
	assert_int_equal(doubts_find(cell, &s), 1u << DOUBT_NOISY);
	s.value[QUANTITY_WALL].level = 0.96;
	s.unexplained_share = 0.021;
	assert_int_equal(doubts_find(cell, &s), 1u << DOUBT_UNEXPLAINED);
	s.unexplained_share = 0.02;
	s.value[QUANTITY_SPEEDUP].low = 2.05;
	assert_int_equal(doubts_find(cell, &s), 1u << DOUBT_SUPERLINEAR);
	s.value[QUANTITY_SPEEDUP] = (struct interval){ 1.2, 0.9, 1.4, 0.5 }; /* of two workers: nothing is wrong */
	assert_int_equal(doubts_find(cell, &s), 0);
	f->cell[1].workers = 1;
	assert_int_equal(doubts_find(cell, &s), 1u << DOUBT_BAD_BASELINE);
	s.value[QUANTITY_SPEEDUP] = (struct interval){ 1.05, 1.03, 1.07, 0.95 };
	assert_int_equal(doubts_find(cell, &s), 1u << DOUBT_BAD_BASELINE);
	s.value[QUANTITY_SPEEDUP] = (struct interval){ 1.05, 0.97, 1.12, 0.95 };
	assert_int_equal(doubts_find(cell, &s), 0);
	s.ins_per_cycle = 22.8;
	assert_int_equal(doubts_find(cell, &s), 1u << DOUBT_ABSURD_COUNTERS);
	s.ins_per_cycle = NAN;
	s.value[QUANTITY_SPEEDUP] = INTERVAL_UNKNOWN;
	s.throttled = true;
	assert_int_equal(doubts_find(cell, &s), 1u << DOUBT_THROTTLED);
}

static void set_counters(struct fixture *f, double instructions, double cycles)
{
	struct run_cell *own = &f->run_cell[1];

	own->counter_count = 2;
	strcpy(own->counters[0].name, "PAPI_TOT_INS");
	strcpy(own->counters[1].name, "PAPI_TOT_CYC");
	for (size_t i = 0; i < own->sample_count; i++) {
		own->samples[i].total.counters[0] = instructions;
		own->samples[i].total.counters[1] = cycles;
	}
}

static void test_instructions_per_cycle(void **state)
{
	struct fixture *f = *state;

	assert_true(isnan(summarise(f, 1).ins_per_cycle));
	set_counters(f, 3e9, 1e9);
	assert_near(summarise(f, 1).ins_per_cycle, 3);
	assert_int_equal(summarise(f, 1).doubts & 1u << DOUBT_ABSURD_COUNTERS, 0);
	set_counters(f, 22.8e9, 1e9);
	assert_int_equal(summarise(f, 1).doubts & 1u << DOUBT_ABSURD_COUNTERS, 1u << DOUBT_ABSURD_COUNTERS);
}

static void set_incidents(struct fixture *f, double lost, double timed_out, double again)
{
	const struct measure measures[] = { { "workers_lost", MEASURE_INCIDENTS, lost },
					    { "items_timed_out", MEASURE_INCIDENTS, timed_out },
					    { "items_again", MEASURE_INCIDENTS, again } };
	struct sample *sample = &f->run_cell[1].samples[1];

	memcpy(sample->measures, measures, sizeof(measures));
	sample->measure_count = 3;
}

/* A worker that is ended because its item took too long has not died by itself. */
static void test_lost_workers(void **state)
{
	struct fixture *f = *state;

	set_incidents(f, 2, 0, 0);
	assert_true(summarise(f, 1).lost_workers);
	set_incidents(f, 2, 1, 0);
	assert_false(summarise(f, 1).lost_workers);
	set_incidents(f, 2, 1, 3);
	assert_true(summarise(f, 1).lost_workers);
}

static void test_doubts_of_the_run_are_kept(void **state)
{
	struct fixture *f = *state;

	f->run_cell[1].doubts = 1u << DOUBT_SMT;
	assert_int_equal(summarise(f, 1).doubts, 1u << DOUBT_SMT);
	for (int i = 0; i < DOUBT_COUNT; i++)
		assert_true(doubt_texts[i].code && strlen(doubt_texts[i].advice) > 20);
}

static void test_drift_is_seen(void **state)
{
	struct fixture *f = *state;

	assert_true(summarise(f, 1).drifts); /* each invocation is 1 us slower than the one before */
	f->sample[1][1].wall_ns = f->sample[1][2].wall_ns = 70 * MS;
	assert_false(summarise(f, 1).drifts);
}

/* Slows all rounds of both cells' invocation `i`, as a machine does that is busy meanwhile. */
static void slow_down(struct fixture *f, int i, double factor)
{
	for (int which = 0; which < 2; which++)
		for (int k = 0; k < ROUNDS; k++) {
			struct sample *sample = &f->sample[which][i * ROUNDS + k];

			sample->wall_ns = (uint64_t)((double)sample->wall_ns * factor);
		}
}

static double half_width(struct interval interval)
{
	return (interval.high - interval.low) / 2 / interval.median;
}

static void test_pairs_meet_one_machine(void **state)
{
	static const double factors[INVOCATIONS] = { 1, 1.5, 1.1, 1.3, 1, 1.2 };
	struct fixture *f = *state;
	struct interval apart, paired;

	for (int i = 0; i < INVOCATIONS; i++)
		slow_down(f, i, factors[i]);
	apart = summarise(f, 1).value[QUANTITY_SPEEDUP];
	for (int i = 0; i < INVOCATIONS; i++)
		f->invocation[0][i].generation = f->invocation[1][i].generation = (uint64_t)i + 1;
	paired = summarise(f, 1).value[QUANTITY_SPEEDUP];
	assert_true(half_width(apart) > 0.1);
	assert_true(half_width(paired) < 0.001);
	assert_true(fabs(paired.median - 100.0 / 60) < 0.001);
	assert_near(paired.level, 0.96875);
}

/* An invocation that failed among others was repeated alone; one of the baseline was cut before its first round. */
static void test_some_have_no_partner(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < INVOCATIONS; i++)
		f->invocation[0][i].generation = f->invocation[1][i].generation = (uint64_t)i + 1;
	f->invocation[1][2].generation = 0;
	f->invocation[0][4].generation = 0;
	assert_near(summarise(f, 1).value[QUANTITY_SPEEDUP].level, 1 - 2 * exp2(-4));
	f->invocation[1][0].generation = 0; /* too few: all are compared with all */
	assert_true(summarise(f, 1).value[QUANTITY_SPEEDUP].level >= 0.95);
}

static void test_an_empty_cell(void **state)
{
	struct fixture *f = *state;
	struct summary s;

	f->run_cell[1] = (struct run_cell){ .cell = &f->cell[1], .status = CELL_NOT_MEASURED };
	s = summarise(f, 1);
	assert_int_equal(s.rounds, 0);
	assert_true(isnan(s.value[QUANTITY_WALL].median));
	assert_true(isnan(s.account_ns[SPLIT_USEFUL]));
	assert_int_equal(s.doubts, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_times_and_speedups, setup),
		cmocka_unit_test_setup(test_the_baseline_is_its_own, setup),
		cmocka_unit_test_setup(test_account_and_pop, setup),
		cmocka_unit_test_setup(test_pop_without_workers, setup),
		cmocka_unit_test_setup(test_disturbed_rounds_are_left_out, setup),
		cmocka_unit_test_setup(test_probed_rounds_are_for_counters, setup),
		cmocka_unit_test_setup(test_an_invocation_without_its_end, setup),
		cmocka_unit_test_setup(test_without_a_baseline, setup),
		cmocka_unit_test_setup(test_the_baseline_is_of_the_same_work, setup),
		cmocka_unit_test_setup(test_doubts, setup),
		cmocka_unit_test_setup(test_instructions_per_cycle, setup),
		cmocka_unit_test_setup(test_lost_workers, setup),
		cmocka_unit_test_setup(test_doubts_of_the_run_are_kept, setup),
		cmocka_unit_test_setup(test_drift_is_seen, setup),
		cmocka_unit_test_setup(test_pairs_meet_one_machine, setup),
		cmocka_unit_test_setup(test_some_have_no_partner, setup),
		cmocka_unit_test_setup(test_an_empty_cell, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
