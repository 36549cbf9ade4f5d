/* Which small programs (compiled here), scripts, folders and commands count as the same content. */
#include "gate/sides/content.h"
#include "tests/test.h"

#include <unistd.h>

static void shell(const char *format, ...)
{
	char command[1024];
	va_list list;

	va_start(list, format);
	vsnprintf(command, sizeof(command), format, list);
	va_end(list);
	if (system(command))
		fail_msg("'%s' failed", command);
}

/* Makes the tests' folder the current one. */
static int setup(void **state)
{
	char folder[] = "/tmp/bench-content-XXXXXX";

	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	shell("echo 'int main(void) { return 0; }' >zero.c");
	shell("echo 'int main(void) { return 1; }' >one.c");
	return 0;
}

static int teardown(void **state)
{
	shell("rm -r \"$PWD\"");
	return chdir("/");
}

static void compile(const char *source, const char *options, const char *program)
{
	shell("mkdir -p \"$(dirname %s)\" && %s -O1 %s -o %s %s.c", program, getenv("CC"), options, program, source);
}

static void test_code_counts(void **state)
{
	compile("zero", "", "a/program");
	compile("zero", "-Wl,--build-id=0x1234123412341234123412341234123412341234 -g", "deep/below/b");
	compile("one", "", "c");
	assert_int_equal(content_same("a/program", "a/program"), 1);
	assert_int_equal(content_same("a/program", "c"), 0);
	compile("zero", "-Wl,--build-id=0x4321432143214321432143214321432143214321", "d");
	assert_int_equal(content_same("deep/below/b", "d"), 1); /* but for debug information and build id */
	shell("! cmp -s deep/below/b d && strip -o stripped d");
	assert_int_equal(content_same("stripped", "d"), 1);
	compile("zero", "-Wl,-z,execstack", "e");
	assert_int_equal(content_same("a/program", "e"), 0);
}

static void test_libraries_beside_count(void **state)
{
	compile("zero", "-Wl,-rpath,'$ORIGIN'", "a/beside");
	shell("cp a/beside a/copy && mkdir -p b && cp a/beside b");
	assert_int_equal(content_same("a/beside", "a/copy"), 1);
	assert_int_equal(content_same("a/beside", "b/beside"), 0);
}

static void test_other_files(void **state)
{
	shell("echo echo >a.sh && echo echo >b.sh && echo exit >c.sh && : >empty");
	shell("printf '\\177ELF and no more' >odd");
	assert_int_equal(content_same("a.sh", "b.sh"), 1);
	assert_int_equal(content_same("a.sh", "c.sh"), 0);
	assert_int_equal(content_same("odd", "odd"), 1);
	assert_int_equal(content_same("odd", "empty"), 0);
	assert_int_equal(content_same("a.sh", "nowhere"), -ENOENT);
	assert_int_equal(content_same("/dev/null", "a.sh"), -EINVAL);
}

static void test_folders(void **state)
{
	shell("mkdir -p f/x g/x && echo 1 >f/x/1.py && cp f/x/1.py g/x");
	shell("mkdir g/x/__pycache__ && : >g/x/__pycache__/1");
	assert_int_equal(content_same("f", "g"), 1);
	shell("ln -s x f/link && ln -s y g/link");
	assert_int_equal(content_same("f", "g"), 0);
	shell("rm f/link g/link && mv g/x/1.py g/x/2.py");
	assert_int_equal(content_same("f", "g"), 0);
	shell("mv g/x/2.py g/1.py");
	assert_int_equal(content_same("f", "g"), 0);
}

static void test_commands(void **state)
{
	char *const a[] = { "./a/tool", "-n", "4", "in.txt", NULL };
	char *const same[] = { "./b/tool", "-n", "4", "in.txt", NULL };
	char *const other[] = { "./a/tool", "-n", "5", "in.txt", NULL };
	char *const shorter[] = { "./a/tool", "-n", "4", NULL };
	char *const script[] = { "sh", "./a/x.sh", NULL }, *const moved[] = { "sh", "./b/x.sh", NULL };

	compile("zero", "", "a/tool");
	shell("mkdir -p b && cp a/tool b && echo ./y.sh >a/x.sh && cp a/x.sh b");
	assert_true(content_same_commands(a, a));
	assert_true(content_same_commands(a, same));
	assert_false(content_same_commands(a, other));
	assert_false(content_same_commands(a, shorter));
	assert_false(content_same_commands(shorter, a));
	assert_true(content_same_commands(script, script));
	assert_false(content_same_commands(script, moved)); /* it names what is beside it */
	compile("one", "", "b/tool");
	assert_false(content_same_commands(a, same));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code_counts), cmocka_unit_test(test_libraries_beside_count),
		cmocka_unit_test(test_other_files), cmocka_unit_test(test_folders),
		cmocka_unit_test(test_commands),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
