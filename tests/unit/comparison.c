/* Changes between two measurements whose answers are known, and comparisons of runs made from tests/data/run.json. */
#include "analyse/comparison.h"
#include "base/root.h"
#include "report/compare/compare.h"
#include "store/run/rounds.h"
#include "store/run/summary.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct change change_of(const double *a, size_t a_count, const double *b, size_t b_count)
{
	struct change change;

	assert_int_equal(change_find(&change, a, a_count, b, b_count), 0);
	return change;
}

static void assert_near(double value, double expected)
{
	if (!(fabs(value - expected) <= 1e-9 * fmax(1, fabs(expected))))
		fail_msg("%.12g is not %.12g", value, expected);
}

/* ---- Changes ---- */

static const double tens[] = { 10, 10, 10, 10, 10, 10 }, twelves[] = { 12, 12, 12, 12, 12, 12 };

static void test_without_noise(void **state)
{
	struct change more = change_of(tens, 6, twelves, 6), less = change_of(twelves, 6, tens, 6);
	struct change same = change_of(tens, 6, tens, 6);

	assert_near(more.ratio.median, 1.2);
	assert_int_equal(more.direction, DIRECTION_MORE);
	assert_near(more.beyond_noise, 2);
	assert_int_equal(less.direction, DIRECTION_LESS);
	assert_near(less.beyond_noise, -2);
	assert_int_equal(same.direction, DIRECTION_NOT_SHOWN);
	assert_near(same.beyond_noise, 0);
}

/* The probability that four of six draws are one of the two values below 10 is P(B(6, 1/3) >= 4) = 0.10, more than the
 * 2.5 % that the interval leaves out below. */
static void test_noise_hides_a_change(void **state)
{
	const double wide[] = { 9, 9.5, 10.5, 12, 13, 14 };
	struct change change = change_of(tens, 6, wide, 6);

	assert_near(change.ratio.median, 1.125);
	assert_true(change.ratio.low < 1 && change.ratio.high > 1.125);
	assert_int_equal(change.direction, DIRECTION_NOT_SHOWN);
	assert_near(change.beyond_noise, 0);
}

static void test_beyond_is_the_nearer_end(void **state)
{
	const double wide[] = { 12, 13, 14, 15, 16, 17 };
	struct change more = change_of(tens, 6, wide, 6);

	assert_int_equal(more.direction, DIRECTION_MORE);
	assert_near(more.beyond_noise, 10 * (more.ratio.low - 1));
	assert_true(more.beyond_noise > 0 && more.beyond_noise < more.b - more.a);
}

static void test_too_few_values_show_nothing(void **state)
{
	struct change change = change_of(tens, 5, twelves, 5);

	assert_near(change.ratio.median, 1.2);
	assert_int_equal(change.direction, DIRECTION_NOT_SHOWN);
	assert_int_equal(change_of(tens, 1, twelves, 6).direction, DIRECTION_NOT_SHOWN);
}

/* Parts of the account may be 0 or below: then there is no ratio, and the difference is used. */
static void test_values_of_any_sign(void **state)
{
	const double none[6] = { 0 }, below[] = { -4, -4, -4, -4, -4, -4 };
	struct change grown = change_of(none, 6, tens, 6), risen = change_of(below, 6, none, 6);

	assert_true(isnan(grown.ratio.median));
	assert_near(grown.difference.median, 10);
	assert_int_equal(grown.direction, DIRECTION_MORE);
	assert_int_equal(risen.direction, DIRECTION_MORE);
	assert_near(risen.beyond_noise, 4);
}

static void test_unknown_values(void **state)
{
	struct change change = change_of(tens, 6, NULL, 0);

	assert_true(isnan(change.b) && isnan(change.ratio.median));
	assert_int_equal(change.direction, DIRECTION_NOT_SHOWN);
}

static void test_order(void **state)
{
	const double more[] = { 11, 11, 11, 11, 11, 11 }, unsure[] = { 9, 9.5, 10.5, 12, 13, 14 };
	const struct change ranked[] = {
		change_of(twelves, 6, tens, 6), /* 2 less */
		change_of(tens, 6, more, 6),    /* 1 more */
		change_of(tens, 6, unsure, 6),  /* 12.5 % more, not shown */
		change_of(tens, 6, tens, 6),
		change_of(tens, 6, NULL, 0),
	};

	for (size_t i = 0; i < COUNT(ranked); i++) {
		assert_int_equal(change_order(&ranked[i], &ranked[i]), 0);
		for (size_t j = i + 1; j < COUNT(ranked); j++) {
			assert_int_equal(change_order(&ranked[i], &ranked[j]), -1);
			assert_int_equal(change_order(&ranked[j], &ranked[i]), 1);
		}
	}
}

/* ---- Runs ---- */

enum { SEQUENTIAL, POOL_1, POOL_2, PROCESSES_2, CRASHED, UNAVAILABLE, UNMEASURED };

struct fixture {
	json_t *a, *b;
	struct compared compared;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char path[PATH_MAX + 32], root[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/data/run.json", project_root(root));
	f->a = json_load_file(path, 0, NULL);
	f->b = json_deep_copy(f->a);
	assert_non_null(f->b);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	compare_release(&f->compared);
	json_decref(f->a);
	json_decref(f->b);
	free(f);
	return 0;
}

static void compare(struct fixture *f, size_t count)
{
	const json_t *const runs[] = { f->a, f->b, f->b };
	const char *const names[] = { "one", "two", "three" };

	assert_int_equal(compare_make(&f->compared, runs, names, count), 0);
}

static json_t *cell(json_t *run, size_t index)
{
	return json_array_get(json_object_get(run, "cells"), index);
}

/* Makes every round of a cell longer, all of it in dispatch. */
static void slow_down(json_t *cell_json, double factor)
{
	json_t *sample;
	size_t i;

	json_array_foreach(json_object_get(cell_json, "samples"), i, sample) {
		json_t *account = json_object_get(sample, "account_ns"), *part = json_object_get(account, "dispatch");
		json_int_t wall_ns = json_integer_value(json_object_get(sample, "wall_ns"));
		json_int_t more_ns = (json_int_t)((double)wall_ns * (factor - 1));
		json_int_t workers = json_integer_value(json_object_get(cell_json, "workers"));

		json_object_set_new(sample, "wall_ns", json_integer(wall_ns + more_ns));
		json_object_set_new(account, "dispatch", json_integer(json_integer_value(part) + workers * more_ns));
	}
}

static const char *subject_of(const struct remarks *remarks, size_t index)
{
	assert_true(index < remarks->count);
	return remarks->remark[index].subject;
}

static void test_a_run_with_itself(void **state)
{
	struct fixture *f = *state;

	compare(f, 2);
	assert_int_equal(f->compared.pairs, 4);
	for (size_t i = 0; i < f->compared.pairs; i++) {
		const struct pair *pair = &f->compared.pair[i];

		assert_string_equal(pair->a->id, pair->b->id);
		assert_near(pair->wall_ns.ratio.median, 1);
		assert_int_equal(pair->wall_ns.direction, DIRECTION_NOT_SHOWN);
		assert_near(pair->a->value[QUANTITY_WALL].median, pair->wall_ns.a); /* the report's own median */
		assert_near(pair->a->value[QUANTITY_CPU].median, pair->quantity[QUANTITY_CPU].a);
		assert_near(pair->a->value[QUANTITY_MEMORY].median, pair->quantity[QUANTITY_MEMORY].a);
	}
	assert_int_equal(f->compared.unlike.count, 0);
}

/* They are computed from the file as they were when it was written. */
static void test_quantities_are_read_back(void **state)
{
	static const enum quantity_id ids[] = { QUANTITY_WALL, QUANTITY_CPU, QUANTITY_MEMORY, QUANTITY_IPC_SHARE,
						QUANTITY_IPC_ITEM, QUANTITY_CREW_START, QUANTITY_CREW_END };
	const struct fixture *f = *state;
	const json_t *own = cell(f->a, POOL_2), *summary = json_object_get(own, "summary");
	struct stored_rounds rounds;

	assert_int_equal(stored_rounds_init(&rounds, own), 0);
	for (size_t i = 0; i < COUNT(ids); i++) {
		size_t count = stored_rounds_quantity(&rounds, ids[i]);

		assert_near(values_median(rounds.timed.values, count), summary_read(summary, ids[i]).median);
	}
	stored_rounds_release(&rounds);
}

static void test_a_slower_cell_comes_first(void **state)
{
	struct fixture *f = *state;
	const struct pair *first;

	slow_down(cell(f->b, POOL_2), 1.2);
	compare(f, 2);
	first = f->compared.pair;
	assert_string_equal(first->b->id, json_string_value(json_object_get(cell(f->b, POOL_2), "id")));
	assert_int_equal(first->wall_ns.direction, DIRECTION_MORE);
	assert_near(round(1e6 * first->wall_ns.ratio.median), 1.2e6);
	for (size_t i = 0; i < f->compared.parts; i++)
		assert_int_equal(first->part_ns[i].direction, strcmp(f->compared.part[i].name, "dispatch") == 0 ?
								 DIRECTION_MORE : DIRECTION_NOT_SHOWN);
	for (size_t i = 1; i < f->compared.pairs; i++)
		assert_int_equal(f->compared.pair[i].wall_ns.direction, DIRECTION_NOT_SHOWN);
}

static void test_other_work_is_not_compared(void **state)
{
	struct fixture *f = *state;

	json_object_set_new(cell(f->b, POOL_1), "items", json_integer(96));
	json_object_set_new(json_object_get(cell(f->b, POOL_2), "params"), "size", json_string("640x480"));
	compare(f, 2);
	assert_int_equal(f->compared.pairs, 2);
	assert_int_equal(f->compared.unlike.count, 2);
	assert_string_equal(f->compared.unlike.remark[0].text, "items: 48 in a, 96 in b");
	assert_string_equal(f->compared.unlike.remark[1].text, "size: '300x300' in a, '640x480' in b");
}

static void test_a_preset_chunk_may_change(void **state)
{
	struct fixture *f = *state;

	json_object_set_new(cell(f->a, POOL_2), "chunk", json_integer(6));
	json_object_set_new(cell(f->b, POOL_2), "chunk", json_integer(8));
	compare(f, 2);
	assert_int_equal(f->compared.pairs, 3);
	assert_string_equal(f->compared.unlike.remark[0].text, "chunk: 6 in a, 8 in b");
	compare_release(&f->compared);
	json_object_set_new(cell(f->a, POOL_2), "preset_chunk", json_integer(6));
	json_object_set_new(cell(f->b, POOL_2), "preset_chunk", json_integer(8));
	compare(f, 2);
	assert_int_equal(f->compared.pairs, 4);
}

static void test_cells_on_one_side(void **state)
{
	struct fixture *f = *state;

	json_array_remove(json_object_get(f->b, "cells"), POOL_2);
	json_array_remove(json_object_get(f->a, "cells"), POOL_1);
	compare(f, 2);
	assert_int_equal(f->compared.pairs, 2);
	assert_string_equal(subject_of(&f->compared.alone, f->compared.alone.count - 2), "only in a");
	assert_string_equal(subject_of(&f->compared.alone, f->compared.alone.count - 1), "only in b");
}

static void test_a_cell_that_fails_on_one_side(void **state)
{
	struct fixture *f = *state;

	json_object_set_new(cell(f->b, POOL_2), "status", json_string("failed"));
	json_object_set_new(cell(f->b, POOL_2), "failure", json_pack("{s:s, s:s}", "kind", "exit", "message", "gone"));
	compare(f, 2);
	assert_int_equal(f->compared.pairs, 3);
	assert_int_equal(f->compared.failures.count, 3); /* one that failed in both */
	assert_string_equal(f->compared.failures.remark[1].text, "in b, exit: gone");
}

static void test_an_incomplete_cell_is_not_compared(void **state)
{
	struct fixture *f = *state;

	json_object_set_new(cell(f->b, POOL_2), "doubts", json_pack("[{s:s}]", "code", "incomplete"));
	compare(f, 2);
	assert_int_equal(f->compared.pairs, 3);
	assert_string_equal(subject_of(&f->compared.unlike, 0), "incomplete");
}

static void test_the_modes_of_one_run(void **state)
{
	struct fixture *f = *state;

	compare(f, 1);
	assert_int_equal(f->compared.pairs, 3);
	for (size_t i = 0; i < f->compared.pairs; i++)
		assert_true(f->compared.pair[i].a == &f->compared.side[0].rows.row[SEQUENTIAL]);
	assert_int_equal(f->compared.pair[0].wall_ns.direction, DIRECTION_LESS);
	compare_release(&f->compared);
	json_array_remove(json_object_get(f->a, "cells"), SEQUENTIAL);
	compare(f, 1);
	assert_int_equal(f->compared.pairs, 2); /* with the first that is left */
}

static void test_three_runs(void **state)
{
	struct fixture *f = *state;
	size_t of_b = 0;

	compare(f, 3);
	assert_int_equal(f->compared.pairs, 8);
	for (size_t i = 0; i < f->compared.pairs; i++)
		of_b += f->compared.pair[i].side == 1;
	assert_int_equal(of_b, 4);
}

static void test_what_makes_runs_not_comparable(void **state)
{
	static const struct {
		const char *object, *key, *subject;
	} cases[] = {
		{ "machine", "host", "other machine" },       { "machine", "cpu_model", "other processor" },
		{ "machine", "kernel", "other kernel" },      { "versions", "compiler", "other compiler" },
		{ "versions", "bench", "other bench" },
	};
	struct fixture *f = *state;
	struct remarks differences = { 0 };

	compare(f, 2);
	assert_int_equal(compare_runs(&differences, &f->compared, 1), 0);
	assert_int_equal(differences.count, 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		json_t *object = json_object_get(f->b, cases[i].object);
		json_t *old = json_incref(json_object_get(object, cases[i].key));

		assert_non_null(old);
		json_object_set_new(object, cases[i].key, json_string("something else"));
		assert_int_equal(compare_runs(&differences, &f->compared, 1), 0);
		assert_int_equal(differences.count, 1);
		assert_string_equal(subject_of(&differences, 0), cases[i].subject);
		assert_non_null(strstr(differences.remark[0].text, "'something else' in b"));
		remarks_release(&differences);
		json_object_set_new(object, cases[i].key, json_null()); /* it is not known, and there is no remark */
		assert_int_equal(compare_runs(&differences, &f->compared, 1), 0);
		assert_int_equal(differences.count, 0);
		json_object_set_new(object, cases[i].key, old);
	}
	json_object_set_new(f->b, "interrupted", json_string("SIGINT"));
	assert_int_equal(compare_runs(&differences, &f->compared, 1), 0);
	assert_string_equal(subject_of(&differences, 0), "interrupted");
	remarks_release(&differences);
}

static void test_values_of_wrong_types(void **state)
{
	struct fixture *f = *state;
	struct page page;
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(cell(f->b, POOL_2), next, key, value)
		if (strcmp(key, "samples") && strcmp(key, "status"))
			json_object_set_new(cell(f->b, POOL_2), key, json_pack("[{s:s}]", "name", "wall_ns"));
	json_object_set_new(f->b, "machine", json_integer(1));
	json_object_set_new(f->b, "versions", json_string("x"));
	compare(f, 2);
	assert_int_equal(compare_page(&page, &f->compared), 0);
	assert_int_equal(page.error, 0);
	page_release(&page);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_noise),
		cmocka_unit_test(test_noise_hides_a_change),
		cmocka_unit_test(test_beyond_is_the_nearer_end),
		cmocka_unit_test(test_too_few_values_show_nothing),
		cmocka_unit_test(test_values_of_any_sign),
		cmocka_unit_test(test_unknown_values),
		cmocka_unit_test(test_order),
		TEST(test_a_run_with_itself),
		TEST(test_quantities_are_read_back),
		TEST(test_a_slower_cell_comes_first),
		TEST(test_other_work_is_not_compared),
		TEST(test_a_preset_chunk_may_change),
		TEST(test_cells_on_one_side),
		TEST(test_a_cell_that_fails_on_one_side),
		TEST(test_an_incomplete_cell_is_not_compared),
		TEST(test_the_modes_of_one_run),
		TEST(test_three_runs),
		TEST(test_what_makes_runs_not_comparable),
		TEST(test_values_of_wrong_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
