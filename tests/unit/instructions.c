/* Counts as callgrind writes them, and the verdicts that follow from them; a fake runner writes them. */
#include "texts.h"

#include "gate/count/instructions.h"
#include "tests/test.h"

#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char folder[] = "/tmp/bench-instructions-XXXXXX";

/* A file as callgrind makes it. */
static void put(const char *name, const char *text)
{
	put_text(folder, name, text);
}

static bool has_word(char *const *words, const char *word)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words;
}

static int setup(void **state)
{
	strcpy(folder, "/tmp/bench-instructions-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

/* Fails if any file is left. */
static int teardown(void **state)
{
	return rmdir(folder);
}

static void test_marked(void **state)
{
	uint64_t instructions;

	put("count.12", "totals: 5\n");
	put("count.12.1", "summary: 30\n\ntotals: 30\n");
	put("count.12.2", "totals: 12345678901234\n");
	put("count.13.1", "fn=(1) totals: 7\ntotals: 400\n");
	put("said.12", "");
	assert_int_equal(callgrind_collect(folder, COUNTED_MARKED, &instructions), 0);
	assert_int_equal(instructions, 12345678901664);
	assert_int_equal(callgrind_collect(folder, COUNTED_MARKED, &instructions), -ENODATA); /* all is gone */
}

static void test_all(void **state)
{
	uint64_t instructions;

	put("count.12", "totals: 5\n");
	put("count.13", "totals: 6\n");
	assert_int_equal(callgrind_collect(folder, COUNTED_ALL, &instructions), 0);
	assert_int_equal(instructions, 11);
	put("count.12", "events: Ir\nsummary: 5\n"); /* killed while it wrote */
	assert_int_equal(callgrind_collect(folder, COUNTED_ALL, &instructions), -ENODATA);
	assert_int_equal(callgrind_collect("/nowhere", COUNTED_ALL, &instructions), -ENOENT);
}

static void test_complaint(void **state)
{
	uint64_t instructions;
	char text[64];

	callgrind_complaint(folder, text, sizeof(text));
	assert_string_equal(text, "");
	put("said.12", "==12== \n==12== vex amd64->IR: unhandled instruction\n==12== more\n");
	callgrind_complaint(folder, text, sizeof(text));
	assert_string_equal(text, "vex amd64->IR: unhandled instruction");
	put("said.12", "no prefix\n");
	callgrind_complaint(folder, text, sizeof(text));
	assert_string_equal(text, "no prefix");
	assert_int_equal(callgrind_collect(folder, COUNTED_ALL, &instructions), -ENODATA);
}

static void test_words(void **state)
{
	char *const program[] = { "./prog", "100%s", NULL };
	char **words = callgrind_wrap(program, "/f", COUNTED_MARKED), **last = words;

	assert_non_null(words);
	assert_string_equal(words[0], "valgrind");
	while (last[2])
		last++;
	assert_string_equal(last[0], "./prog");
	assert_string_equal(last[1], "100%s");
	assert_true(has_word(words, "--callgrind-out-file=/f/count.%p"));
	assert_true(has_word(words, "--zero-before=instructions_begin"));
	callgrind_forget(words);
	words = callgrind_wrap(program, "/f", COUNTED_ALL);
	assert_false(has_word(words, "--zero-before=instructions_begin"));
	callgrind_forget(words);
}

static void test_no_valgrind(void **state)
{
	char *path = strdup(getenv("PATH")), text[200] = "";

	setenv("PATH", "/nowhere", 1);
	assert_int_equal(callgrind_find(&(struct why){ text, sizeof(text) }), -EINVAL);
	assert_non_null(strstr(text, "install the package 'valgrind'"));
	setenv("PATH", path, 1);
	free(path);
}

/* ---- Two sides ---- */

/* What each run counts, in their order; 0: nothing is marked. */
struct script {
	uint64_t counts[5];
	int next, error;
};

static int play(void *context, int side, char *const *words)
{
	struct script *script = context;
	uint64_t count = script->counts[script->next];
	char text[64];

	assert_int_equal(side, script->next % 2);
	assert_true(has_word(words, side ? "b" : "a"));
	script->next++;
	if (script->error) {
		put("said.1", "==1== why\n");
		return script->error;
	}
	snprintf(text, sizeof(text), "totals: %llu\n", (unsigned long long)count);
	put(count ? "count.1.1" : "count.1", text);
	return 0;
}

static int compare(struct script *script, struct counts *counts)
{
	char *const a[] = { "a", NULL }, *const b[] = { "b", NULL };
	const struct counting counting = { folder, { a, b }, COUNTED_MARKED, 0.005, play, script };

	return instructions_compare(&counting, counts);
}

static void test_within_tolerance(void **state)
{
	struct script script = { .counts = { 100000, 100499 } };
	struct counts counts;

	assert_int_equal(compare(&script, &counts), 0);
	assert_false(counts.risen);
	assert_int_equal(counts.instructions[0], 100000);
	assert_int_equal(counts.instructions[1], 100499);
	assert_int_equal(script.next, 2);
}

static void test_risen(void **state)
{
	struct script script = { .counts = { 100000, 100501, 100000, 100501 } };
	struct script once = { .counts = { 100000, 100501, 100100, 100501 } }; /* once within, counted again */
	struct counts counts;

	assert_int_equal(compare(&script, &counts), 0);
	assert_true(counts.risen);
	assert_int_equal(script.next, 4);
	assert_int_equal(compare(&once, &counts), 0);
	assert_false(counts.risen);
}

static void test_cannot_tell(void **state)
{
	struct script restless = { .counts = { 100000, 110000, 100000, 109000 } }, old = { .counts = { 0, 0 } };
	struct script failed = { .error = -ECHILD };
	struct counts counts;

	assert_int_equal(compare(&restless, &counts), -ENODATA);
	assert_non_null(strstr(counts.reason, "side B had 110000 instructions and then 109000"));
	assert_int_equal(compare(&old, &counts), -ENODATA);
	assert_non_null(strstr(counts.reason, "side A has no marks"));
	assert_int_equal(compare(&failed, &counts), -ECHILD);
	assert_string_equal(counts.reason, "why");
}

static void test_items(void **state)
{
	assert_int_equal(instructions_items(1000, 20e6), 1000);
	assert_int_equal(instructions_items(1000, 40e6), 256); /* 500 would take 20 ms */
	assert_int_equal(instructions_items(3, 1e9), 1);
	assert_int_equal(instructions_items(1, 1e9), 1);
}

static void test_excluded(void **state)
{
	struct cell cell = { .mode = "pool", .workers = 1 };

	assert_null(instructions_excluded(&cell));
	cell.workers = 2;
	assert_non_null(strstr(instructions_excluded(&cell), "one worker"));
	cell.workers = 1;
	cell.mode = "python_pool";
	assert_non_null(strstr(instructions_excluded(&cell), "another program"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_marked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_complaint, setup, teardown),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_no_valgrind),
		cmocka_unit_test_setup_teardown(test_within_tolerance, setup, teardown),
		cmocka_unit_test_setup_teardown(test_risen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cannot_tell, setup, teardown),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_excluded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
