/* The plan: which cells a command line asks for, in which order, and what they are called. */
#include "command/plan.h"

#include "command/words.h"
#include "model/registry.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Options, the facts of their workloads (48 items each, unless --items says otherwise) and the plan. */
struct fixture {
	struct options options;
	struct workload_facts facts[16];
	struct plan plan;
};

/* Reads a command line whose words are separated by blanks; `copy` must live as long as the options. */
static void read_options(struct options *options, char *copy)
{
	char *argv[32], *word, why[512];
	int argc = 0;

	while ((word = strsep(&copy, " ")))
		argv[argc++] = word;
	if (options_parse(options, argc, argv, WHY(why)) != 0)
		fail_msg("refused: %s", why);
}

static void setup(struct fixture *f, char *copy, unsigned processors)
{
	read_options(&f->options, copy);
	for (size_t i = 0; i < f->options.workloads.count; i++) {
		const struct workload *workload = registry_workload(f->options.workloads.word[i]);

		f->facts[i] = (struct workload_facts){
			.name = workload->name,
			.values = options_values(&f->options, workload, 0),
			.items = f->options.items ? f->options.items : 48,
		};
	}
	assert_int_equal(plan_make(&f->plan, &f->options, f->facts, f->options.workloads.count, processors), 0);
}

static void teardown(struct fixture *f)
{
	for (size_t i = 0; i < f->options.workloads.count; i++)
		free((void *)f->facts[i].values);
	plan_release(&f->plan);
	options_release(&f->options);
	plan_release(&f->plan); /* accepts what it left */
}

/* Each line of `expected` is the id of one cell, in order. */
static void check_ids(const char *line, unsigned processors, const char *expected)
{
	char *copy = strdup(line), *ids = NULL;
	struct fixture f;
	size_t size;
	FILE *out = open_memstream(&ids, &size);

	setup(&f, copy, processors);
	for (size_t i = 0; i < f.plan.count; i++)
		fprintf(out, "%s\n", f.plan.cells[i].id);
	fclose(out);
	assert_string_equal(ids, expected);
	teardown(&f);
	free(ids);
	free(copy);
}

static void test_ids(void **state)
{
	static const struct {
		const char *line, *ids;
	} cases[] = {
		{ "--workload resize --mode pool",
		  "resize/sequential/-/-/1\n"
		  "resize/pool/shm/dynamic:12/1\n"
		  "resize/pool/shm/dynamic:6/2\n" },
		{ "--workload resize --mode sequential",
		  "resize/sequential/-/-/1\n" },
		{ "--workload resize --mode pool,sequential,pool --workers 2,2",
		  "resize/sequential/-/-/1\n"
		  "resize/pool/shm/dynamic:6/2\n" },
		{ "--workload null,wait --mode thread_pool --workers 3",
		  "null/sequential/-/-/1\n"
		  "null/thread_pool/-/dynamic:4/3\n"
		  "wait/sequential/-/-/1\n"
		  "wait/thread_pool/-/dynamic:4/3\n" },
		{ "--workload null --mode threads,pool --transport shm,pipe --workers 2 --schedule static,steal",
		  "null/sequential/-/-/1\n"
		  "null/threads/-/static:6/2\n"
		  "null/threads/-/steal:6/2\n"
		  "null/pool/shm/static:6/2\n"
		  "null/pool/shm/steal:6/2\n"
		  "null/pool/pipe/static:6/2\n"
		  "null/pool/pipe/steal:6/2\n" },
		{ "--workload null --mode pool --transport shm,pipe --workers 1 --schedule static,guided --chunk 5,7",
		  "null/sequential/-/-/1\n"
		  "null/pool/shm/static:5/1\n"
		  "null/pool/shm/static:7/1\n"
		  "null/pool/shm/guided:5/1\n"
		  "null/pool/shm/guided:7/1\n"
		  "null/pool/pipe/static:5/1\n"
		  "null/pool/pipe/static:7/1\n"
		  "null/pool/pipe/guided:5/1\n"
		  "null/pool/pipe/guided:7/1\n" },
		{ "--workload null --mode processes,threads,pool --per item --workers 4 --chunk 1,2 --schedule all",
		  "null/sequential/-/-/1\n"
		  "null/processes:item/shm/-/4\n"
		  "null/threads:item/-/-/4\n"
		  "null/pool/shm/static:1/4\n"
		  "null/pool/shm/static:2/4\n"
		  "null/pool/shm/dynamic:1/4\n"
		  "null/pool/shm/dynamic:2/4\n"
		  "null/pool/shm/guided:1/4\n"
		  "null/pool/shm/guided:2/4\n"
		  "null/pool/shm/steal:1/4\n"
		  "null/pool/shm/steal:2/4\n" },
		{ "--workload null --mode processes,pool --per item --transport pipe,shm --schedule steal --workers 1",
		  "null/sequential/-/-/1\n"
		  "null/processes:item/pipe/-/1\n"
		  "null/processes:item/shm/-/1\n"
		  "null/pool/pipe/steal:12/1\n"
		  "null/pool/shm/steal:12/1\n" },
		{ "--workload null --mode pool --workers 1 --bind none",
		  "null/sequential/-/-/1@none\n"
		  "null/pool/shm/dynamic:12/1@none\n" },
		{ "--workload null --mode pool --workers 1 --bind 0,2-3 --items 7",
		  "null/sequential/-/-/1@0,2-3\n"
		  "null/pool/shm/dynamic:2/1@0,2-3\n" },
		{ "--workload resize --mode pool --workers 1 -p quality=50 -p size=10x10",
		  "resize?size=10x10,quality=50/sequential/-/-/1\n"
		  "resize?size=10x10,quality=50/pool/shm/dynamic:12/1\n" },
		{ "--workload resize --mode sequential -p quality=75 -p size=1x1 -p size=300x300",
		  "resize/sequential/-/-/1\n" },
		{ "--workload resize --mode sequential -p keep=/a\\,b?c%d=e@f",
		  "resize?keep=%2Fa%2Cb%3Fc%25d=e@f/sequential/-/-/1\n" },
		{ "--workload resize --mode sequential -p keep=\n\t\x7f\xc3\xbc\x01z",
		  "resize?keep=%0A%09%7F%C3%BC%01z/sequential/-/-/1\n" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		check_ids(cases[i].line, 2, cases[i].ids);
}

static void test_cells(void **state)
{
	char line[] = "--workload resize --mode pool --workers 2 --input pics --bind pu --items 1000 -p size=9x9";
	struct fixture f;

	setup(&f, line, 8);
	assert_int_equal(f.plan.count, 2);
	for (size_t i = 0; i < f.plan.count; i++) {
		const struct cell *cell = &f.plan.cells[i];

		assert_string_equal(cell->workload, "resize");
		assert_ptr_equal(cell->values, f.facts[0].values);
		assert_string_equal(cell->input, "pics");
		assert_string_equal(cell->bind, "pu");
		assert_int_equal(cell->items, 1000);
		assert_null(cell->unavailable);
		assert_false(cell->per_item);
	}
	assert_string_equal(f.plan.cells[0].mode, "sequential");
	assert_null(f.plan.cells[0].transport);
	assert_null(f.plan.cells[0].schedule);
	assert_int_equal(f.plan.cells[0].chunk, 0);
	assert_int_equal(f.plan.cells[0].workers, 1);
	assert_string_equal(f.plan.cells[1].transport, "shm");
	assert_string_equal(f.plan.cells[1].schedule, "dynamic");
	assert_int_equal(f.plan.cells[1].chunk, 125);
	assert_int_equal(f.plan.cells[1].workers, 2);
	teardown(&f);
}

/* ceil(items / (4 x workers)), and never 0. */
static void test_chunks(void **state)
{
	static const struct {
		const char *line;
		uint64_t chunk;
	} cases[] = {
		{ "--workload null --mode pool --workers 1 --items 1", 1 },
		{ "--workload null --mode pool --workers 1024 --items 1", 1 },
		{ "--workload null --mode pool --workers 2 --items 8", 1 },
		{ "--workload null --mode pool --workers 2 --items 9", 2 },
		{ "--workload null --mode pool --workers 3 --items 100", 9 },
		{ "--workload null --mode pool --workers 1 --items 2000000000", 500000000 },
		{ "--workload null --mode pool --workers 1 --items 5 --chunk 2000000000", 2000000000 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char *copy = strdup(cases[i].line);
		struct fixture f;

		setup(&f, copy, 2);
		assert_int_equal(f.plan.count, 2);
		assert_int_equal(f.plan.cells[1].chunk, cases[i].chunk);
		teardown(&f);
		free(copy);
	}
}

static void test_sweep(void **state)
{
	static const struct {
		unsigned processors;
		const char *numbers;
	} cases[] = {
		{ 0, "1 " }, { 1, "1 " }, { 2, "1 2 " }, { 3, "1 2 3 " }, { 4, "1 2 4 " }, { 6, "1 2 4 6 " },
		{ 64, "1 2 4 8 16 32 64 " }, { 65, "1 2 4 8 16 32 64 65 " },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct numbers sweep = plan_sweep(cases[i].processors);
		char text[128] = "";

		for (size_t j = 0; j < sweep.count; j++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%ju ", (uintmax_t)sweep.number[j]);
		assert_string_equal(text, cases[i].numbers);
		numbers_release(&sweep);
	}
}

/* `steal` is listed with a reason where ranges are not shared, and runs everywhere else. */
static void test_unavailable(void **state)
{
	char line[] = "--workload null,resize --mode all --transport all --schedule all";
	struct fixture f;

	setup(&f, line, 4);
	for (size_t i = 0; i < f.plan.count; i++) {
		const struct cell *cell = &f.plan.cells[i];
		bool steals = cell->schedule && strcmp(cell->schedule, "steal") == 0;
		bool shared = !cell->transport || registry_transport(cell->transport)->shared_ranges;

		assert_int_equal(cell->unavailable != NULL,
				 steals && (!shared || registry_mode(cell->mode)->cannot_steal));
	}
	teardown(&f);
}

static void test_reason(void **state)
{
	char line[] = "--workload null --mode pool --transport pipe --schedule steal --workers 2";
	struct fixture f;

	setup(&f, line, 2);
	assert_null(f.plan.cells[0].unavailable);
	assert_string_equal(f.plan.cells[1].unavailable,
			    "schedule 'steal' needs ranges in shared memory, which transport 'pipe' has not");
	teardown(&f);
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(((const struct cell *)a)->id, ((const struct cell *)b)->id);
}

/* What a lost worker did to shared memory cannot be undone. So workloads whose items share memory are not available
 * where items may be executed twice or never; everywhere else they are, and other workloads are everywhere. */
static void test_shared_items(void **state)
{
	static const struct {
		const char *line;
		bool available;
	} rows[] = {
		{ "--workload counter --mode executor --workers 2", true },
		{ "--workload counter --mode executor --workers 2 --on-death retry", false },
		{ "--workload queue --mode executor --workers 2 --item-timeout 1s", false },
		{ "--workload array --mode executor --workers 2 --cancel-after 9", false },
		{ "--workload wait --mode executor --workers 2 --on-death retry", true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *copy = strdup(rows[i].line);
		struct fixture f = { 0 };

		setup(&f, copy, 2);
		assert_int_equal(f.plan.count, 2);
		assert_null(f.plan.cells[0].unavailable);
		assert_int_equal(f.plan.cells[1].unavailable == NULL, rows[i].available);
		teardown(&f);
		free(copy);
	}
}

/* With everything at once no two cells have the same id, and each workload begins with its baseline. */
static void test_ids_are_unique(void **state)
{
	static const char *const lines[] = {
		"--workload null,resize --mode all --transport all --schedule all --workers 1-3 --chunk 1,48",
		"--workload null,resize --mode all --transport all --schedule all --workers 1-9 --call map,imap",
		"--workload null,resize --mode all --transport all --schedule all --workers 1-9 --per item",
	};

	for (size_t i = 0; i < COUNT(lines); i++) {
		char *copy = strdup(lines[i]);
		struct fixture f;
		const char *workload = "";

		setup(&f, copy, 4);
		assert_true(f.plan.count > 200);
		for (size_t j = 0; j < f.plan.count; j++) {
			const struct cell *cell = &f.plan.cells[j];

			if (strcmp(cell->workload, workload) != 0)
				assert_false(registry_mode(cell->mode)->parallel);
			workload = cell->workload;
		}
		qsort(f.plan.cells, f.plan.count, sizeof(f.plan.cells[0]), compare_ids);
		for (size_t j = 1; j < f.plan.count; j++)
			assert_string_not_equal(f.plan.cells[j - 1].id, f.plan.cells[j].id);
		teardown(&f);
		free(copy);
	}
}

static void test_too_many(void **state)
{
	char line[] = "--workload null --mode pool --workers 1-1024 --chunk 1-10";
	struct workload_facts facts = { .name = "null", .items = 1 };
	struct options options;
	struct plan plan;

	read_options(&options, line);
	assert_int_equal(plan_make(&plan, &options, &facts, 1, 2), -E2BIG);
	assert_int_equal(plan.count, 0);
	assert_null(plan.cells);
	options_release(&options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_sweep),
		cmocka_unit_test(test_unavailable),
		cmocka_unit_test(test_reason),
		cmocka_unit_test(test_shared_items),
		cmocka_unit_test(test_ids_are_unique),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
