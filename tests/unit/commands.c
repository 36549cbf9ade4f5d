/* Commands of a gate: split into words, by a shell or not, with files in their places; and the files of a folder. */
#include "gate/sides/commands.h"
#include "gate/sides/inputs.h"
#include "tests/test.h"

#include <sys/stat.h>
#include <unistd.h>

#define ODD "a  b'c\"d$HOME`e`\\ *(f)" /* a name, in which each letter means something to a shell */

/* Checks that the command, split and with ODD in its places, has these words. */
static void fills(const char *command, char *const *words)
{
	char why[256] = "", **split = command_split(command, false, WHY(why)), **filled;
	size_t i = 0;

	assert_non_null(split);
	filled = command_fill(split, ODD);
	for (; words[i]; i++)
		assert_string_equal(filled[i], words[i]);
	assert_null(filled[i]);
	command_free(filled);
	command_free(split);
}

static void test_places(void **state)
{
	(void)state;
	fills("cat {}", (char *[]){ "cat", ODD, NULL });
	fills("dd if={} '{}:{}' {}{}", (char *[]){ "dd", "if=" ODD, ODD ":" ODD, ODD ODD, NULL });
	fills("echo { } '{' }", (char *[]){ "echo", "{", "}", "{", "}", NULL });
}

/* What a shell prints for a command with ODD in its places. */
static void prints(const char *command, const char *expected)
{
	char why[256] = "", **split = command_split(command, true, WHY(why)), **filled, text[512] = "";
	int ends[2];
	size_t size = 0;
	ssize_t more;

	assert_non_null(split);
	filled = command_fill(split, ODD);
	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execv(filled[0], filled);
		_exit(1);
	}
	close(ends[1]);
	while ((more = read(ends[0], text + size, sizeof(text) - 1 - size)) > 0)
		size += (size_t)more;
	close(ends[0]);
	assert_string_equal(text, expected);
	command_free(filled);
	command_free(split);
}

static void test_shell(void **state)
{
	(void)state;
	prints("printf '<%s>' {} x{}", "<" ODD "><x" ODD ">");
	prints("printf '<%s>' '{}' \"{} {}\"", "<" ODD "><" ODD " " ODD ">");
	prints("printf '<%s>' \"$(printf '%s' {})\" \"$(printf '%s' \"{}\")\" $(printf x)", "<" ODD "><" ODD "><x>");
	prints("printf '<%s>' \\'{} \"\\\"{}\"", "<'" ODD "><\"" ODD ">");
	prints("(printf '<%s>' {}); printf '%s' \"{}\" \"$((1 + 1))\" {}", "<" ODD ">" ODD "2" ODD);
	prints("printf '%s' $0 $#", "/bin/sh0");
}

static void make(const char *folder, const char *name, size_t bytes)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	for (size_t i = 0; i < bytes; i++)
		fputc('x', file);
	fclose(file);
}

static void lists(char *const *paths, const char *folder, const char *const *names)
{
	char path[4096];
	size_t i = 0;

	for (; names[i]; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		assert_string_equal(paths[i], path);
	}
	assert_int_equal(inputs_count(paths), i);
}

static void test_inputs(void **state)
{
	char folder[] = "/tmp/bench-commands-XXXXXX", path[256], why[256] = "", **paths;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_null(inputs_list(folder, WHY(why)));
	assert_non_null(strstr(why, "no file in"));
	for (size_t i = 0; i < 9; i++)
		make(folder, (char[]){ (char)('i' - i), '\0' }, i * i);
	make(folder, "B", 1000);
	snprintf(path, sizeof(path), "%s/sub", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	paths = inputs_list(folder, WHY(why));
	lists(paths, folder, (const char *[]){ "B", "a", "b", "c", "d", "e", "f", "g", "h", "i", NULL });
	assert_int_equal(inputs_keep(paths, 3), 0);
	lists(paths, folder, (const char *[]){ "a", "d", "h", NULL });
	assert_int_equal(inputs_keep(paths, 1), 0);
	lists(paths, folder, (const char *[]){ "d", NULL });
	inputs_free(paths);
	assert_null(inputs_list("/nowhere", WHY(why)));
	assert_string_equal(why, "cannot read '/nowhere': No such file or directory");
	snprintf(path, sizeof(path), "rm -r %s", folder);
	assert_int_equal(system(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_shell),
		cmocka_unit_test(test_inputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
