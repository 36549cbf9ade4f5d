/* Whole campaigns by pairs, with a pairing that draws times instead of measuring them: verdicts, controls, which cell
 * is next, the end of the time, and sides that die. */
#include "gate/internal.h"
#include "tests/test.h"

#include "base/clock.h"
#include "base/random.h"
#include "gate/conclude.h"

#define CELLS_MOST 10
#define ROUNDS 10
#define ROUND_NS 1e7
#define FOREVER UINT64_C(1000000000000000)

/* What the fake pairing makes of a cell. Shares are logarithms. */
struct script {
	double slower, scatter;
	bool rare;        /* one round in ten of B takes half as long again */
	bool rare_itself; /* so does one in three of the control, */
	bool rare_a;      /* or of A */
	double added;     /* the control's work, where more is asked; 0: it cannot be more */
	bool blind;       /* and is not in the times */
	double unlike;    /* the control differs by this from A */
	size_t dies_at;   /* B dies in this pair; 0: never */
	size_t ends_at;   /* after this pair the time is over; 0: never */
	double pair_ns;   /* what open() says of a pair; 0: nothing */
};

static struct {
	struct campaign campaign;
	struct campaign_state state;
	struct gate gate;
	struct gate_options options;
	const struct script *scripts;
	char ids[CELLS_MOST][16];
	char said[512]; /* the progress before the last pair */
	size_t released;
} test;

static double normal(uint64_t *random)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += (double)(random_next(random) >> 11) / 9007199254740992.0;
	return sum;
}

/* `rare`: one round in so many takes half as long again; 0: none does. */
static void draw_time(struct gate_pair *pair, enum gate_side side, double shift, size_t rare, uint64_t *random)
{
	struct pair_time *time = &pair->times[side];
	double once_ns = ROUND_NS * exp(shift);

	time->digest = 1;
	time->round_ns = calloc(ROUNDS, sizeof(double));
	time->undisturbed_ns = once_ns;
	for (size_t i = 0; i < ROUNDS; i++) {
		time->round_ns[i] = once_ns * (rare && random_below(random, rare) == 0 ? 1.5 : 1);
		time->mean_ns += time->round_ns[i] / ROUNDS;
	}
}

static int run_fake(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan, bool control, bool more,
		    struct gate_pair *pair)
{
	const struct script *s = &test.scripts[cell - test.gate.cells];
	uint64_t *random = &setup->random;

	assert_non_null(plan->trial);
	*pair = (struct gate_pair){ .started_ns = pair->started_ns, .rounds = ROUNDS, .slices = 1 };
	draw_time(pair, SIDE_A, s->scatter * normal(random), s->rare_a ? 3 : 0, random);
	if (s->dies_at && cell->pair_count + 1 == s->dies_at) {
		cell->failed = true;
		cell->failed_side = SIDE_B;
		snprintf(cell->failure.message, sizeof(cell->failure.message), "it died");
		return -ECHILD;
	}
	draw_time(pair, SIDE_B, s->slower + s->scatter * normal(random), s->rare ? 10 : 0, random);
	pair->added = more ? s->added : 0;
	if (control)
		draw_time(pair, SIDE_CONTROL, s->unlike + (s->blind ? 0 : pair->added) + s->scatter * normal(random),
			  s->rare_itself ? 3 : 0, random);
	cell->same_addresses = true;
	if (s->ends_at && cell->pair_count + 1 == s->ends_at)
		test.state.deadline_ns = 0;
	return 0;
}

static int open_fake(struct trial_setup *setup, struct gate_cell *cell, struct pair_plan *plan)
{
	(void)setup;
	plan->own = &test;
	plan->pair_ns = test.scripts[cell - test.gate.cells].pair_ns;
	return 0;
}

static void release_fake(struct pair_plan *plan)
{
	assert_ptr_equal(plan->own, &test);
	test.released++;
}

static const struct pairing fake = { "rounds", open_fake, run_fake, release_fake };

static void show(void *context, uint64_t done_ns, uint64_t total_ns, const char *what)
{
	(void)context, (void)done_ns, (void)total_ns;
	snprintf(test.said, sizeof(test.said), "%s", what);
}

/* Runs a campaign of cells with these scripts. */
static struct gate *run(const struct script *scripts, size_t count, double tolerance, uint32_t max_runs)
{
	static const struct cell any = { .workers = 1 };

	memset(&test, 0, sizeof(test));
	test.scripts = scripts;
	test.options.max_runs = max_runs;
	test.campaign = (struct campaign){ .setup.random = 1, .options = &test.options, .observer.progress = show };
	test.gate = (struct gate){ .tolerance = tolerance, .cell_count = count };
	test.gate.cells = calloc(count, sizeof(*test.gate.cells));
	test.state = (struct campaign_state){ &test.campaign, &test.gate, .deadline_ns = FOREVER };
	test.state.cells = calloc(count, sizeof(*test.state.cells));
	test.state.began_ns = clock_ns();
	for (size_t i = 0; i < count; i++) {
		snprintf(test.ids[i], sizeof(test.ids[i]), "c%zu", i);
		test.gate.cells[i].id = test.ids[i];
		test.gate.cells[i].cell = &any;
		test.gate.cells[i].verdict = VERDICT_CANNOT_TELL;
		test.state.cells[i].pairing = &fake;
	}
	assert_int_equal(campaign_by_pairs(&test.state), 0);
	test.gate.ended_ns = clock_ns();
	conclude_end(&test.gate);
	print_message("# %s\n", test.gate.conclusion);
	return &test.gate;
}

static void end(void)
{
	assert_int_equal(test.released, test.gate.cell_count);
	free(test.state.cells);
	gate_release(&test.gate);
}

static struct gate *run_one(struct script script, double tolerance)
{
	static struct script one;

	one = script;
	return run(&one, 1, tolerance, 0);
}

/* ---- One cell ---- */

static void test_itself_passes(void **state)
{
	struct gate *gate = run_one((struct script){ .scatter = 0.001, .added = 0.02 }, 0.01);
	struct gate_cell *cell = &gate->cells[0];

	assert_int_equal(gate->verdict, VERDICT_PASS);
	assert_int_equal(cell->pair_count, 9);
	assert_int_equal(cell->trials_a_side, 9);
	assert_int_equal(cell->looks, 1);
	assert_string_equal(cell->pairing, "rounds");
	assert_true(cell->slowdown.low < 0 && cell->slowdown.high > 0 && cell->slowdown.high < 0.005);
	assert_true(gate->aa.holds && gate->plus.holds && gate->noise_floor < 0.005);
	assert_float_equal(gate->plus.slowdown.theta, 0.02, 0.002);
	assert_float_equal(gate->margin, fabs(gate->aa.slowdown.theta), 1e-12);
	assert_float_equal(gate->level, 0.0035, 1e-12);
	assert_int_equal(gate->doubts, 0);
	assert_non_null(strstr(test.said, ", 8 pairs"));
	assert_non_null(strstr(test.said, "c0: "));
	end();
}

static void test_slower_is_regressed(void **state)
{
	struct gate *gate = run_one((struct script){ .slower = 0.02, .scatter = 0.001 }, 0.01);
	struct gate_cell *cell = &gate->cells[0];

	assert_int_equal(gate->verdict, VERDICT_REGRESSED);
	assert_int_equal(cell->kind, SLOWER_TYPICAL);
	assert_int_equal(cell->pair_count, 9);
	assert_true(cell->slowdown.low < 0.02 && cell->slowdown.high > 0.02);
	assert_true(gate->plus.holds); /* by a constant, as this pairing cannot add work */
	assert_true(gate->plus.slowdown.low > 0.015);
	end();
}

static void test_rarely_slower_is_regressed(void **state)
{
	struct gate *gate = run_one((struct script){ .scatter = 0.002, .rare = true, .added = 0.02 }, 0.01);
	struct gate_cell *cell = &gate->cells[0];

	assert_int_equal(gate->verdict, VERDICT_REGRESSED);
	assert_int_equal(cell->kind, SLOWER_RARE);
	assert_true(cell->mean.low > 0 && cell->mean.theta > 0.01 && cell->slowdown.high < 0.01);
	assert_non_null(strstr(gate->conclusion, "slower on average (at least "));
	assert_non_null(strstr(gate->conclusion, "the slowest tenth of its rounds takes "));
	end();
}

/* Ten pairs cannot show that a mean is slower, but they can make it seem so. */
static void test_a_mean_that_seems_slower_does_not_pass(void **state)
{
	const struct script script = { .scatter = 0.002, .rare = true, .added = 0.02 };
	struct gate *gate = run(&script, 1, 0.01, 10);
	struct gate_cell *cell = &gate->cells[0];

	assert_int_equal(gate->verdict, VERDICT_CANNOT_TELL);
	assert_int_equal(cell->pair_count, 10);
	assert_true(cell->slowdown.high < log1p(0.01) && cell->mean.theta > log1p(0.01));
	assert_float_equal(cell->levels.low, LOOK_LEVEL, 1e-12);
	assert_float_equal(cell->mean_levels.low, 1.0 / 1024, 1e-12);
	assert_non_null(strstr(cell->reason, "the mean seems slower by "));
	assert_non_null(strstr(cell->reason, " %; it is not decided after 10 pairs; about "));
	assert_non_null(strstr(cell->reason, " would do (--max-runs "));
	end();
}

static void test_undecided_says_what_would_do(void **state)
{
	struct gate *gate = run_one((struct script){ .slower = 0.006, .scatter = 0.01 }, 0.01);
	struct gate_cell *cell = &gate->cells[0];

	assert_int_equal(gate->verdict, VERDICT_CANNOT_TELL);
	assert_int_equal(cell->pair_count, 24);
	assert_int_equal(cell->looks, 4);
	assert_true(isfinite(cell->slowdown.low) && isfinite(cell->slowdown.high));
	assert_non_null(strstr(cell->reason, "it is not decided after 24 pairs; about 37 would do (--max-runs 37)"));
	assert_non_null(strstr(gate->conclusion, "c0 is "));
	assert_false(gate->doubts & (1u << GATE_DOUBT_BUDGET));
	end();
}

static void test_max_runs(void **state)
{
	const struct script script = { .slower = 0.006, .scatter = 0.02 };
	struct gate *gate = run(&script, 1, 0.01, 48);

	assert_int_equal(gate->cells[0].pair_count, 48);
	end();
}

/* ---- The end of the time ---- */

static void test_few_pairs_are_shown(void **state)
{
	struct gate *gate = run_one((struct script){ .slower = 0.004, .scatter = 0.002, .ends_at = 7 }, 0.01);
	struct gate_cell *cell = &gate->cells[0];

	assert_int_equal(gate->verdict, VERDICT_CANNOT_TELL);
	assert_int_equal(cell->pair_count, 7);
	assert_int_equal(cell->looks, 0);
	assert_true(isfinite(cell->slowdown.low) && isfinite(cell->slowdown.high));
	assert_float_equal(cell->levels.low, 1.0 / 128, 1e-12);
	assert_float_equal(cell->levels.high, 1.0 / 128, 1e-12);
	assert_non_null(strstr(cell->reason, "--budget was over after 7 pairs; about 9 would do (--budget "));
	assert_true(gate->doubts & (1u << GATE_DOUBT_BUDGET));
	end();
	gate = run_one((struct script){ .scatter = 0.002, .ends_at = 1 }, 0.01);
	assert_non_null(strstr(gate->cells[0].reason, "--budget was over after 1 pair; about 9 would do (--budget "));
	end();
}

static void test_the_end_of_the_time_is_a_look(void **state)
{
	const struct script scripts[] = { { .slower = 0.005, .scatter = 0.004, .ends_at = 11 } };
	struct gate *gate = run(scripts, 1, 0.012, 0);
	struct gate_cell *cell = &gate->cells[0];

	assert_int_equal(cell->pair_count, 11);
	assert_int_equal(cell->looks, 2);
	assert_true(gate->aa.done);
	end();
}

/* Cells that were not begun take time, too; those that no time decides take none. */
static void test_the_budget_that_would_do(void **state)
{
	const double limit = log1p(0.01);
	const uint64_t second_ns = 1000000000;
	struct gate_cell cells[] = {
		{ .slowdown = { 0, -1, 1.9 * limit }, .pair_count = 12, .out_of_time = true },
		{ .slowdown = { 0, -1, 10 * limit }, .pair_count = 12, .out_of_time = true },
		{ .out_of_time = true },
	};
	struct gate gate = { .tolerance = 0.01, .margin = 0.001, .cells = cells, .cell_count = 3 };
	struct campaign_cell known = { .opened = true, .open_ns = 300 * second_ns, .pair_ns = 100 * second_ns };
	struct campaign_state campaign = {
		.gate = &gate,
		.cells = (struct campaign_cell[]){ known, known, { .opened = false } },
		.looks = { 9, 24 },
		.look_count = 2,
		.began_ns = clock_ns(),
	};

	for (size_t i = 0; i < 3; i++)
		cells[i].verdict = VERDICT_CANNOT_TELL;
	campaign_advise(&campaign);
	assert_string_equal(cells[0].reason, "the time of --budget was over after 12 pairs; about 44 would do "
					     "(--budget 80m --max-runs 44)"); /* 32 pairs, and 300 s and 9 pairs */
	assert_string_equal(cells[1].reason, "the time of --budget was over after 12 pairs; it would take over 400: "
					     "a larger --tolerance or a quieter machine helps");
	assert_string_equal(cells[2].reason, "the time of --budget was over after 0 pairs; about 9 would do "
					     "(--budget 80m)");
}

/* ---- Several cells ---- */

static void test_one_of_ten(void **state)
{
	struct script scripts[CELLS_MOST];
	struct gate *gate;

	for (size_t i = 0; i < CELLS_MOST; i++)
		scripts[i] = (struct script){ .slower = i == 6 ? 0.015 : 0, .scatter = 0.001, .added = 0.02 };
	gate = run(scripts, CELLS_MOST, 0.01, 0);
	assert_int_equal(gate->verdict, VERDICT_REGRESSED);
	assert_float_equal(gate->level, 0.00025, 1e-12);
	for (size_t i = 0; i < CELLS_MOST; i++) {
		struct gate_cell *cell = &gate->cells[i];

		assert_int_equal(cell->verdict, i == 6 ? VERDICT_REGRESSED : VERDICT_PASS);
		assert_int_equal(cell->pair_count, i == 6 ? 12 : 9); /* 9 pairs cannot reach a tenth of the level */
		assert_int_equal(cell->pairs[0].has_control, i == 0);
	}
	end();
}

/* Where the first cell is too slow for a look, the control is in the next one; and it says what would do. */
static void test_a_slow_cell_lets_the_others_go_first(void **state)
{
	const struct script scripts[] = { { .scatter = 0.001, .pair_ns = FOREVER / 10 }, { .scatter = 0.001 },
					  { .scatter = 0.001 }, { .scatter = 0.001, .pair_ns = 2 * FOREVER } };
	struct gate *gate = run(scripts, 4, 0.01, 0);

	assert_string_equal(gate->aa.cell, "c1");
	assert_true(gate->aa.done && gate->aa.holds);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(gate->cells[i].verdict, VERDICT_PASS);
	assert_false(gate->cells[0].pairs[0].has_control);
	assert_true(gate->cells[1].pairs[0].has_control);
	assert_true(gate->cells[0].pairs[0].started_ns > gate->cells[2].pairs[8].started_ns);
	assert_int_equal(gate->cells[3].pair_count, 0);
	assert_non_null(strstr(gate->cells[3].reason, "was over after 0 pairs; about 9 would do (--budget "));
	end();
}

/* So it is where the time is over for the cell of the control alone. */
static void test_the_control_moves_on(void **state)
{
	const struct script scripts[] = { { .scatter = 0.001, .pair_ns = 2 * FOREVER }, { .scatter = 0.001 } };
	struct gate *gate = run(scripts, 2, 0.01, 0);

	assert_int_equal(gate->cells[0].verdict, VERDICT_CANNOT_TELL);
	assert_int_equal(gate->cells[1].verdict, VERDICT_PASS);
	assert_string_equal(gate->aa.cell, "c1");
	assert_null(strstr(gate->conclusion, "a control failed"));
	end();
}

/* What is wide gets the next pair, when all have had their first look. */
static void test_the_time_goes_to_the_undecided(void **state)
{
	const struct script scripts[] = { { .scatter = 0.0005 },
					  { .slower = 0.006, .scatter = 0.006 },
					  { .slower = 0.006, .scatter = 0.03, .ends_at = 12 } };
	struct gate *gate = run(scripts, 3, 0.01, 0);

	assert_int_equal(gate->cells[0].pair_count, 9);
	assert_int_equal(gate->cells[1].pair_count, 9);
	assert_int_equal(gate->cells[2].pair_count, 12);
	end();
}

/* ---- Controls and deaths ---- */

static void test_controls_fail(void **state)
{
	struct gate *gate = run_one((struct script){ .scatter = 0.001, .added = 0.02, .blind = true }, 0.01);

	assert_true(gate->aa.holds && !gate->plus.holds);
	assert_int_equal(gate->verdict, VERDICT_CANNOT_TELL);
	assert_non_null(strstr(gate->conclusion, "a slow-down that was added to the baseline was not seen"));
	end();
	gate = run_one((struct script){ .scatter = 0.001, .added = 0.02, .unlike = 0.03 }, 0.01);
	assert_false(gate->aa.holds);
	assert_int_equal(gate->verdict, VERDICT_CANNOT_TELL);
	end();
}

/* Where A is slower than itself in the mean, by chance, so may B be. */
static void test_the_mean_of_a_control(void **state)
{
	const struct script three[] = { { .scatter = 0.002, .rare = true, .rare_itself = true, .added = 0.02 },
					{ .scatter = 0.002, .rare = true },
					{ .slower = 0.03, .scatter = 0.002 } };
	struct gate *gate = run_one(three[0], 0.01);

	assert_true(gate->aa.holds && gate->plus.holds && gate->aa.rare);
	assert_true(gate->aa.mean.low > 0 && gate->aa.mean.theta > 0.01);
	assert_int_equal(gate->verdict, VERDICT_CANNOT_TELL);
	assert_true(gate->cells[0].mean.low > 0);
	assert_non_null(strstr(gate->conclusion, ": it is slower in the mean, by which A differed from itself, too; "));
	end();
	gate = run(three, 3, 0.01, 0);
	assert_int_equal(gate->cells[1].verdict, VERDICT_CANNOT_TELL);
	assert_int_equal(gate->cells[2].verdict, VERDICT_REGRESSED); /* by undisturbed time */
	end();
	gate = run_one((struct script){ .scatter = 0.002, .rare_itself = true, .added = 0.02 }, 0.01);
	assert_true(gate->aa.rare);
	assert_int_equal(gate->verdict, VERDICT_PASS);
	end();
	gate = run_one((struct script){ .scatter = 0.002, .rare_a = true, .added = 0.02 }, 0.01);
	assert_true(gate->aa.mean.high < 0); /* A's first process is the slower one */
	assert_true(gate->aa.rare);
	end();
}

static void test_a_side_dies(void **state)
{
	const struct script scripts[] = { { .scatter = 0.001, .dies_at = 3 }, { .scatter = 0.001, .added = 0.02 } };
	struct gate *gate = run(scripts, 2, 0.01, 0);

	assert_true(gate->cells[0].failed);
	assert_string_equal(gate->cells[0].reason, "side B failed: it died");
	assert_int_equal(gate->cells[0].pair_count, 2);
	assert_int_equal(gate->cells[1].verdict, VERDICT_PASS);
	assert_true(gate->cells[1].pairs[0].has_control && gate->aa.done && gate->aa.holds);
	assert_string_equal(gate->aa.cell, "c1");
	end();
}

static void test_a_run_that_slept_counts_with_its_sleep(void **state)
{
	const struct trial awake = { .wall_ns = 12, .run_queue_ns = 3, .cpu_ns = 8.9, .asleep = 0.1 / 9 };
	const struct trial slept = { .wall_ns = 22, .run_queue_ns = 3, .cpu_ns = 8.9, .asleep = 10.1 / 19 };

	assert_true(trial_judged_ns(&awake, JUDGED_CPU) == 8.9);
	assert_true(trial_judged_ns(&slept, JUDGED_CPU) == 19);
	assert_true(trial_judged_ns(&slept, JUDGED_WALL) == 22);
}

/* Where a machine is busy a program that only computes seems to sleep, by shares such as these: it is not by luck that
 * its CPU time is judged. */
static void test_noise_is_no_sleep(void **state)
{
	const struct trial trials[] = {
		{ .side = SIDE_A, .asleep = 0.13 },  { .side = SIDE_B, .asleep = 0.003 },
		{ .side = SIDE_A, .asleep = 0.002 }, { .side = SIDE_B, .asleep = 0.016 },
		{ .side = SIDE_A, .asleep = 0.21 },  { .side = SIDE_B, .asleep = 0.07 },
	};
	double a = trials_least_asleep(trials, 6, SIDE_A, INFINITY);
	double b = trials_least_asleep(trials, 6, SIDE_B, INFINITY);

	assert_true(a == 0.002 && b == 0.003);
	assert_true(trials_awake(a, b, 0.01));
	assert_false(trials_awake(a, b + 0.006, 0.01));
	assert_true(trials_awake(0.001, 0.005, 0.01));
	assert_false(trials_awake(0.001, 0.0065, 0.01)); /* longer by more than half of the tolerance */
	assert_false(trials_awake(0.5, 0.5, 0.01));
	assert_true(trials_least_asleep(trials, 6, SIDE_A, -0.5) == -0.5);
}

static void test_files_add_up(void **state)
{
	struct trial sum = { .wall_ns = 12, .run_queue_ns = 2, .cpu_ns = 7, .asleep = 0.3 };
	const struct trial awake = { .wall_ns = 15, .run_queue_ns = 5, .cpu_ns = 8 };

	trial_add(&sum, &awake);
	assert_float_equal(sum.asleep, 0.15, 1e-12); /* and not the 0.25 that CPU time lacks */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_itself_passes),
		cmocka_unit_test(test_slower_is_regressed),
		cmocka_unit_test(test_rarely_slower_is_regressed),
		cmocka_unit_test(test_a_mean_that_seems_slower_does_not_pass),
		cmocka_unit_test(test_undecided_says_what_would_do),
		cmocka_unit_test(test_max_runs),
		cmocka_unit_test(test_few_pairs_are_shown),
		cmocka_unit_test(test_the_end_of_the_time_is_a_look),
		cmocka_unit_test(test_the_budget_that_would_do),
		cmocka_unit_test(test_one_of_ten),
		cmocka_unit_test(test_a_slow_cell_lets_the_others_go_first),
		cmocka_unit_test(test_the_control_moves_on),
		cmocka_unit_test(test_the_time_goes_to_the_undecided),
		cmocka_unit_test(test_controls_fail),
		cmocka_unit_test(test_the_mean_of_a_control),
		cmocka_unit_test(test_a_side_dies),
		cmocka_unit_test(test_a_run_that_slept_counts_with_its_sleep),
		cmocka_unit_test(test_noise_is_no_sleep),
		cmocka_unit_test(test_files_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
