/* harness/verbs/help.txt, which the launcher shows where nothing is built, is what the program prints: `unit-help
 * --write`. */
#include "tests/test.h"

#include "base/root.h"
#include "base/text.h"
#include "command/help.h"
#include "verbs/verbs.h"

#include <limits.h>

static const char lead[] = "Every page of help, as the program prints it, for the launcher, which shows them where\n"
			   "nothing is built. `build/tests/unit-help --write` writes this file.\n";

static void print_pages(FILE *out, const struct verb *verb, const char *path)
{
	fprintf(out, "# %s\n", path);
	help_print(out, verb, path);
	for (const struct verb *const *inner = verb->verbs; inner && *inner; inner++) {
		char *inner_path = text_format("%s %s", path, (*inner)->name);

		print_pages(out, *inner, inner_path);
		free(inner_path);
	}
}

static void print_all(FILE *out)
{
	fputs(lead, out);
	print_pages(out, &program, program.name);
}

static FILE *pages_open(const char *mode)
{
	char root[PATH_MAX], path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/harness/verbs/help.txt", project_root(root));
	return fopen(path, mode);
}

static int pages_write(void)
{
	FILE *out = pages_open("w");

	if (out)
		print_all(out);
	return out && fclose(out) == 0 ? 0 : 1;
}

static void test_the_file_has_the_pages_of_the_program(void **state)
{
	char *printed = NULL, *line = NULL;
	size_t size, room = 0, at = 0;
	FILE *out = open_memstream(&printed, &size), *file = pages_open("r");
	ssize_t length;

	assert_non_null(file);
	print_all(out);
	fclose(out);
	while ((length = getline(&line, &room, file)) > 0 && strncmp(printed + at, line, (size_t)length) == 0)
		at += (size_t)length;
	if (length > 0 || at != size)
		fail_msg("'%s' is not what the program prints: build/tests/unit-help --write", length > 0 ? line : "");
	fclose(file);
	free(line);
	free(printed);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_file_has_the_pages_of_the_program),
	};

	if (argc == 2 && strcmp(argv[1], "--write") == 0)
		return pages_write();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
