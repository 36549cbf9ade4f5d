/* What fits a budget: how small rounds become, who is left out first, and which items a round executes. */
#include "base/duration.h"
#include "command/plan.h"
#include "model/registry.h"
#include "run/supervise/fit.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define S 1e9

/* ---- Who is left out first ---- */

/* Leaves out rank after rank of what the command line asks for with so many processors; `expected` are the ids that are
 * left each time, without the workload, in one line. */
static void check_order(const char *line, unsigned processors, const char *const *expected, size_t count)
{
	char *copy = strdup(line), *argv[16], *rest = copy, *word, why[256];
	struct options options;
	struct workload_facts facts = { .name = "sumsq", .items = 64 };
	struct plan plan;
	struct run run = { 0 };
	int argc = 0;

	while ((word = strsep(&rest, " ")))
		argv[argc++] = word;
	assert_int_equal(options_parse(&options, argc, argv, WHY(why)), 0);
	facts.values = options_values(&options, registry_workload("sumsq"), 0);
	assert_int_equal(plan_make(&plan, &options, &facts, 1, processors), 0);
	run.cells = calloc(plan.count, sizeof(*run.cells));
	run.cell_count = plan.count;
	for (size_t i = 0; i < plan.count; i++)
		run.cells[i].cell = &plan.cells[i];
	for (size_t step = 0; step < count; step++) {
		uint32_t greatest = 0;
		char left[1024] = "";

		for (size_t i = 0; i < run.cell_count; i++) {
			uint32_t rank = fit_rank(&run, i, processors);

			if (!run.cells[i].left_out)
				snprintf(left + strlen(left), sizeof(left) - strlen(left), "%s%s", left[0] ? " " : "",
					 plan.cells[i].id + strlen("sumsq/"));
			greatest = !run.cells[i].left_out && rank > greatest ? rank : greatest;
		}
		assert_string_equal(left, expected[step]);
		for (size_t i = 0; i < run.cell_count; i++)
			run.cells[i].left_out |= greatest && fit_rank(&run, i, processors) == greatest;
	}
	free(run.cells);
	plan_release(&plan);
	free((void *)facts.values);
	options_release(&options);
	free(copy);
}

static void references_workers_transports_modes(void **state)
{
	static const char *const expected[] = {
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:8/2 threads/-/static:4/4 "
		"pool/shm/static:16/1 pool/shm/static:8/2 pool/shm/static:4/4 "
		"pool/pipe/static:16/1 pool/pipe/static:8/2 pool/pipe/static:4/4 "
		"python_pool/-/dynamic:16/1 python_pool/-/dynamic:8/2 python_pool/-/dynamic:4/4",
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:8/2 threads/-/static:4/4 "
		"pool/shm/static:16/1 pool/shm/static:8/2 pool/shm/static:4/4 "
		"pool/pipe/static:16/1 pool/pipe/static:8/2 pool/pipe/static:4/4",
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:4/4 "
		"pool/shm/static:16/1 pool/shm/static:4/4 pool/pipe/static:16/1 pool/pipe/static:4/4",
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:4/4 "
		"pool/shm/static:16/1 pool/shm/static:4/4 pool/pipe/static:16/1",
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:4/4 "
		"pool/shm/static:16/1 pool/shm/static:4/4",
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:4/4",
		"sequential/-/-/1",
		"sequential/-/-/1",
	};

	(void)state;
	check_order("--workload sumsq --mode threads,pool,python_pool --transport shm,pipe --schedule static", 4,
		    expected, COUNT(expected));
}

/* Those that are more than the processors go before the others, and the number of the processors is the last. */
static void processors_are_the_last_workers(void **state)
{
	static const char *const expected[] = {
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:8/2 threads/-/static:6/3 threads/-/static:4/4 "
		"threads/-/static:4/5 threads/-/static:3/6",
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:8/2 threads/-/static:6/3 threads/-/static:4/4 "
		"threads/-/static:3/6",
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:8/2 threads/-/static:6/3 threads/-/static:3/6",
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:6/3 threads/-/static:3/6",
		"sequential/-/-/1 threads/-/static:16/1 threads/-/static:3/6",
	};

	(void)state;
	check_order("--workload sumsq --mode threads --schedule static --workers 1-6", 3, expected, COUNT(expected));
}

/* ---- How much ---- */

/* 30 items of 0.1 s; three cells: the baseline, one with two workers, and a reference that takes ten times as long. */
struct photographs {
	struct fit_work work;
	struct fit_cell cells[3];
	struct fit fit;
};

static void take_photographs(struct photographs *p)
{
	*p = (struct photographs){
		.work = { .items = 30, .unit = 2, .known = 30, .item_ns = 0.1 * S },
		.cells = { { .fixed_ns = 0.1 * S, .item_ns = 0.1 * S, .rounds = 2 },
			   { .rank = 1, .fixed_ns = 0.1 * S, .item_ns = 0.05 * S, .rounds = 2 },
			   { .rank = 2, .fixed_ns = 0.1 * S, .item_ns = 0.5 * S, .rounds = 2 } },
	};
	p->fit = (struct fit){ &p->work, 1, p->cells, 3, 0 };
}

static void check_choice(double budget_s, uint64_t known, uint64_t items, unsigned kept, bool fits)
{
	struct photographs p;
	unsigned found = 0;

	take_photographs(&p);
	p.work.known = known;
	assert_true(fit_choose(&p.fit, budget_s * S) == fits);
	for (size_t i = 0; i < 3; i++)
		found += !p.cells[i].out;
	if (p.work.chosen != items || found != kept)
		fail_msg("%g s: %u cells with %u items, not %u with %u", budget_s, found, (unsigned)p.work.chosen, kept,
			 (unsigned)items);
}

static void smaller_rounds_then_fewer_cells(void **state)
{
	(void)state;
	check_choice(236, 30, 30, 3, true); /* 6 x (0.3 + 2 x 30 x 0.65) = 235.8 */
	check_choice(235, 30, 24, 3, true); /* a multiple of four chunks for each worker */
	check_choice(100, 30, 8, 3, true);
	check_choice(64, 30, 6, 3, true); /* less than four: of one chunk */
	check_choice(17.5, 30, 2, 3, true); /* 6 x (0.3 + 2 x 2 x 0.65) = 17.4 */
	check_choice(17, 30, 8, 2, true); /* without the reference 6 x (0.2 + 2 x 8 x 0.15) = 15.6 */
	check_choice(4.9, 30, 2, 2, true);
	check_choice(4, 30, 2, 2, false); /* the last mode stays */
}

/* Larger rounds leave time free; the smallest ones, and which cells are left out, have all of it. */
static void spare_time(void **state)
{
	struct photographs p;

	(void)state;
	take_photographs(&p);
	p.fit.spare = 0.4;
	assert_true(fit_choose(&p.fit, 108 * S)); /* 6 x (0.3 + 2 x 8 x 0.65) = 64.2 */
	assert_true(p.work.chosen == 8 && !p.cells[2].out);
	assert_true(fit_choose(&p.fit, 17.5 * S));
	assert_true(p.work.chosen == 2 && !p.cells[2].out);
	assert_true(fabs(fit_invocation_ns(&p.fit, 1) / S - (0.1 + 2 * 2 * 0.05)) < 1e-6);
}

static void items_that_may_not_be_left_out(void **state)
{
	(void)state;
	check_choice(100, 10, 8, 3, true);
	check_choice(200, 10, 8, 3, true);  /* of 10 it is known what they cost */
	check_choice(236, 10, 30, 3, true); /* of all items nothing needs to be known */
	check_choice(200, 0, 30, 2, true);
	check_choice(50, 0, 30, 2, false);
}

/* Rounds that are too short to be measured are no way to make room. */
static void rounds_that_are_long_enough(void **state)
{
	struct photographs p;

	(void)state;
	take_photographs(&p);
	p.work.least_ns = 0.95 * S; /* 10 items */
	assert_true(fit_choose(&p.fit, 80 * S)); /* 6 x (0.3 + 2 x 10 x 0.65) = 79.8 */
	assert_true(p.work.chosen == 10 && !p.cells[2].out);
	assert_true(fabs(fit_needed_ns(&p.fit) / S - 79.8) < 1e-6);
	assert_true(fit_choose(&p.fit, 79 * S));
	assert_true(p.work.chosen == 30 && p.cells[2].out);
	take_photographs(&p);
	p.work.known = 8;
	p.work.least_ns = 0.95 * S;
	assert_true(fit_choose(&p.fit, 80 * S));
	assert_true(p.work.chosen == 30 && p.cells[2].out); /* 10 are not known */
}

static void what_all_need(void **state)
{
	struct photographs p;

	(void)state;
	take_photographs(&p);
	assert_true(fabs(fit_needed_ns(&p.fit) / S - 6 * (0.3 + 2 * 8 * 0.65)) < 1e-6);
	assert_true(fit_choose(&p.fit, fit_needed_ns(&p.fit) + 1));
	assert_true(!p.cells[2].out && p.work.chosen == 8);
	p.work.known = 0;
	assert_true(fabs(fit_needed_ns(&p.fit) / S - 6 * (0.3 + 2 * 30 * 0.65)) < 1e-6);
}

static void budgets_to_type(void **state)
{
	static const unsigned cases[][2] = { { 1, 10 }, { 41, 50 }, { 58, 60 }, { 61, 90 }, { 100, 120 }, { 239, 240 },
					     { 240, 240 }, { 241, 300 }, { 1250, 1800 }, { 4000, 4200 } };
	char text[DURATION_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(duration_round_up(cases[i][0] * S) / 1000000000, cases[i][1]);
	assert_int_equal(duration_round_up(0) / 1000000000, 10); /* 0 would be no limit */
	assert_string_equal(duration_option(text, duration_round_up(1.2 * S)), "10s");
	assert_string_equal(duration_option(text, duration_round_up(239 * S)), "4m");
	assert_string_equal(duration_option(text, duration_round_up(3599 * S)), "1h");
	assert_string_equal(duration_text(text, duration_round_up(4000 * S)), "70 min");
}

/* ---- Which items ---- */

static void spread_over_the_costs(void **state)
{
	struct priced items[12];

	(void)state;
	for (size_t i = 0; i < COUNT(items); i++) /* the dear ones stand in the middle */
		items[i] = (struct priced){ i, i < 6 ? (double)i : 11.5 - (double)i };
	fit_spread(items, COUNT(items), 3);
	assert_int_equal(items[0].item, 1); /* of costs 0, 0.5, 1, 1.5: 1; then 3, and 5 */
	assert_int_equal(items[1].item, 3);
	assert_int_equal(items[2].item, 5);
	for (size_t i = 0; i < COUNT(items); i++)
		items[i] = (struct priced){ i, 1 };
	fit_spread(items, COUNT(items), COUNT(items));
	for (size_t i = 0; i < COUNT(items); i++)
		assert_int_equal(items[i].item, i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_workers_transports_modes),
		cmocka_unit_test(processors_are_the_last_workers),
		cmocka_unit_test(smaller_rounds_then_fewer_cells),
		cmocka_unit_test(spare_time),
		cmocka_unit_test(items_that_may_not_be_left_out),
		cmocka_unit_test(rounds_that_are_long_enough),
		cmocka_unit_test(what_all_need),
		cmocka_unit_test(budgets_to_type),
		cmocka_unit_test(spread_over_the_costs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
