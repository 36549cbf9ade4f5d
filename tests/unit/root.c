/* Where the project is found: above a path, or where the environment says. */
#include "base/root.h"
#include "tests/test.h"

#include <sys/stat.h>

static const char *const entries[] = { "/meson.build", "/results/schema.json" };

/* Makes a checkout with a folder below it, and without files. */
static int setup(void **state)
{
	const char *folders[] = { "/plots", "/results", "/build", "/build/deep" };
	char path[PATH_MAX], *home = strdup("/tmp/bench-root-XXXXXX");

	assert_non_null(home);
	*state = mkdtemp(home);
	assert_non_null(*state);
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), "%s%s", home, folders[i]);
		assert_int_equal(mkdir(path, 0777), 0);
	}
	return 0;
}

static void put(const char *home, const char *entry)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s", home, entry);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
}

static int teardown(void **state)
{
	char command[PATH_MAX];

	snprintf(command, sizeof(command), "rm -r '%s'", (char *)*state);
	free(*state);
	return system(command) ? -1 : 0;
}

static void test_above(void **state)
{
	const char *home = *state;
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
		snprintf(path, sizeof(path), "%s/build/deep/bench", home);
		assert_null(checkout_above(path)); /* as long as one mark is missing */
		put(home, entries[i]);
	}
	snprintf(path, sizeof(path), "%s/build/deep/bench (deleted)", home);
	assert_ptr_equal(checkout_above(path), path);
	assert_string_equal(path, home);
}

static void test_environment_first(void **state)
{
	char root[PATH_MAX];

	setenv("BENCH_ROOT", *state, 1);
	assert_string_equal(project_root(root), *state);
}

/* The tests' programs lie in a folder below the checkout, unless it was built elsewhere. */
static void test_of_the_program(void **state)
{
	char root[PATH_MAX], kept[PATH_MAX], *real;
	const char *found;

	real = realpath(getenv("BENCH_ROOT"), kept);
	assert_non_null(real);
	unsetenv("BENCH_ROOT");
	found = project_root(root);
	assert_true(strcmp(found, real) == 0 || strcmp(found, ".") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_the_program),
		cmocka_unit_test_setup_teardown(test_above, setup, teardown),
		cmocka_unit_test_setup_teardown(test_environment_first, setup, teardown),
	};

	return cmocka_run_group_tests_name("root", tests, NULL, NULL);
}
