/* Child processes: what they have of their parent, when waiting for them is over, and what is said of their end. */
#include "base/child.h"
#include "base/clock.h"
#include "base/interrupts.h"
#include "base/program.h"
#include "tests/test.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOON_NS 50000000
#define LATE_NS UINT64_C(20000000000)

static char *shell[] = { "sh", "-c", NULL, NULL };

static char *const *script(const char *text)
{
	shell[2] = (char *)text;
	return shell;
}

/* Runs it to its end. Returns its status. */
static int run(const struct child_setup *setup, const char *text)
{
	struct child_setup with_script = *setup;
	struct child child;

	with_script.argv = script(text);
	assert_int_equal(child_start(&child, &with_script), 0);
	assert_int_equal(child_wait(&child, clock_ns() + LATE_NS, -1), 0);
	return child_end(&child, NULL);
}

static void assert_ends(const char *text, const char *words)
{
	char said[CHILD_TEXT];

	assert_string_equal(child_ended_text(said, run(&(struct child_setup){ 0 }, text)), words);
}

static void test_ends_in_words(void **state)
{
	(void)state;
	assert_ends("exit 3", "exited with status 3");
	assert_ends("kill -SEGV $$", "was killed by SIGSEGV");
	assert_ends("kill -PIPE $$", "was killed by SIGPIPE"); /* although we ignore it */
	assert_int_equal(run(&(struct child_setup){ 0 }, "true"), 0);
}

static void test_what_waitid_tells(void **state)
{
	siginfo_t exited = { .si_code = CLD_EXITED, .si_status = 3 }, dumped = { .si_code = CLD_DUMPED };
	char said[CHILD_TEXT];

	(void)state;
	dumped.si_status = SIGABRT;
	assert_string_equal(child_ended_text(said, child_status(&exited)), "exited with status 3");
	assert_string_equal(child_ended_text(said, child_status(&dumped)), "was killed by SIGABRT");
}

static void test_no_program(void **state)
{
	char *none[] = { "bench-there-is-no-such-program", NULL }, *folder[] = { "/tmp", NULL };
	struct child child;

	(void)state;
	assert_int_equal(child_start(&child, &(struct child_setup){ .argv = none }), 0);
	assert_int_equal(child_wait(&child, 0, -1), 0);
	assert_int_equal(WEXITSTATUS(child_end(&child, NULL)), CHILD_NOT_FOUND);
	assert_int_equal(child_start(&child, &(struct child_setup){ .argv = folder }), 0);
	assert_int_equal(child_wait(&child, 0, -1), 0);
	assert_int_equal(WEXITSTATUS(child_end(&child, NULL)), CHILD_NOT_RUN);
	assert_int_equal(child_end(&child, NULL), -1); /* there is none any more */
}

static void test_deadline(void **state)
{
	char said[CHILD_TEXT];
	struct child child;

	(void)state;
	assert_int_equal(child_start(&child, &(struct child_setup){ .argv = script("exec sleep 60") }), 0);
	assert_int_equal(child_wait(&child, clock_ns() + SOON_NS, -1), -ETIMEDOUT);
	assert_string_equal(child_ended_text(said, child_end(&child, NULL)), "was killed by SIGKILL");
}

static void test_interrupted(void **state)
{
	sigset_t before;
	int signals = interrupts_catch(&before);
	struct child child;

	(void)state;
	assert_true(signals >= 0);
	assert_int_equal(child_start(&child, &(struct child_setup){ .argv = script("exec sleep 60") }), 0);
	raise(SIGTERM);
	assert_int_equal(child_wait(&child, 0, signals), SIGTERM);
	child_end(&child, NULL);
	assert_int_equal(run(&(struct child_setup){ 0 }, "kill -TERM $$; exit 3"), SIGTERM);
	interrupts_let(signals, &before);
}

/* The text that it writes to its output, or to both. */
static void assert_writes(struct child_setup *setup, const char *text, const char *expected)
{
	char found[256] = "";
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	setup->output = ends[1];
	assert_int_equal(run(setup, text), 0);
	close(ends[1]);
	assert_true(read(ends[0], found, sizeof(found) - 1) >= 0);
	close(ends[0]);
	assert_string_equal(found, expected);
}

static void test_environment(void **state)
{
	char *more[] = { "NEW=1", NULL };
	struct child_setup setup = { .environment = more, .without = "CHILD_" };

	(void)state;
	setenv("CHILD_ONE", "1", 1);
	setenv("CHILD_TWO", "1", 1);
	setenv("NO_CHILD", "2", 1);
	assert_writes(&setup, "echo \"$NEW $CHILD_ONE$CHILD_TWO $NO_CHILD\"", "1  2\n");
	assert_null(getenv("NEW"));
	assert_non_null(getenv("CHILD_ONE"));
}

static void test_descriptors(void **state)
{
	int folder = open("/", O_RDONLY | O_DIRECTORY), kept[] = { open("/dev/null", O_RDONLY | O_CLOEXEC), -1 };
	const char *look = "pwd; for fd; do [ -e /proc/self/fd/$fd ] && echo $fd; done; cat";
	struct child_setup setup = { .folder = folder, .keep = kept, .closed = true };
	char numbers[128], expected[64];

	(void)state;
	snprintf(numbers, sizeof(numbers), "set %d %d; %s", folder, kept[0], look);
	snprintf(expected, sizeof(expected), "/\n%d\n", kept[0]);
	assert_writes(&setup, numbers, expected);
	close(folder);
	close(kept[0]);
}

/* Runs a kept child that leaves a process behind, and ends it; then that process has ended, too. */
static void assert_leaves_nothing(const char *text)
{
	struct child_setup setup = { .argv = script(text), .kept = true };
	struct child child;
	pid_t left = 0;
	int ends[2];
	FILE *said;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	setup.output = ends[1];
	assert_int_equal(child_start(&child, &setup), 0);
	assert_int_equal(getpgid(child.pid), child.pid);
	close(ends[1]);
	said = fdopen(ends[0], "r");
	assert_int_equal(fscanf(said, "%d", &left), 1);
	child_end(&child, NULL);
	assert_int_equal(kill(left, 0), -1);
	fclose(said);
}

static void test_kept(void **state)
{
	(void)state;
	assert_leaves_nothing("(sleep 60 & echo $!) & wait; sleep 60");
	assert_leaves_nothing("setsid sh -c 'sleep 60 & echo $!; wait' & sleep 60");
	assert_leaves_nothing("setsid sh -c 'sleep 60 & echo $!' & wait"); /* its parents have ended before */
}

static void test_status_of_kept(void **state)
{
	struct rusage used = { 0 };
	struct child child;

	(void)state;
	assert_int_equal(run(&(struct child_setup){ .kept = true }, "exit 3"), 3 << 8);
	assert_int_equal(run(&(struct child_setup){ .kept = true }, "kill -SEGV $$"), SIGSEGV);
	assert_int_equal(child_start(&child, &(struct child_setup){ .argv = script("exit 0"), .kept = true }), 0);
	assert_int_equal(child_wait(&child, clock_ns() + LATE_NS, -1), 0);
	child_end(&child, &used);
	assert_true(used.ru_maxrss > 0);
}

/* Of a child whose parent has died; `ends`: which it holds as long as it lives. */
static void orphan(int ends[2], const struct child_setup *setup, const char *text)
{
	struct child_setup with_script = *setup;
	struct child child;
	pid_t pid = fork();

	if (pid == 0) {
		with_script.argv = script(text);
		with_script.output = ends[1];
		_exit(child_start(&child, &with_script) != 0);
	}
	close(ends[1]);
	waitpid(pid, NULL, 0);
}

static void assert_dies(const struct child_setup *setup, const char *text)
{
	int ends[2];
	char byte;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	orphan(ends, setup, text);
	assert_int_equal(read(ends[0], &byte, 1), 0); /* its end, long before 60 s */
	close(ends[0]);
}

static void test_dies_with_its_parent(void **state)
{
	(void)state;
	assert_dies(&(struct child_setup){ 0 }, "exec sleep 60"); /* else the shell dies, but not its child */
	assert_dies(&(struct child_setup){ .kept = true }, "setsid sleep 60 & sleep 60");
	assert_dies(&(struct child_setup){ .kept = true, .death_signal = SIGTERM }, "trap '' TERM; sleep 60");
}

static void test_first_line(void **state)
{
	char line[16];

	(void)state;
	program_line(script("echo one; echo two"), line, sizeof(line));
	assert_string_equal(line, "one");
	program_line(script("echo one; exit 1"), line, sizeof(line));
	assert_string_equal(line, "");
}

static void test_what_was_said(void **state)
{
	static const char failing[] = "echo 'fatal: no  such\n\tthing' >&2; exit 1";
	char line[16], why[64];

	(void)state;
	assert_int_equal(program_ask(script("echo one; echo fine >&2"), line, sizeof(line), WHY(why)), 0);
	assert_string_equal(line, "one");
	assert_int_equal(program_ask(script(failing), line, sizeof(line), WHY(why)), -EINVAL);
	assert_string_equal(line, "");
	assert_string_equal(why, "no such thing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends_in_words),
		cmocka_unit_test(test_what_waitid_tells),
		cmocka_unit_test(test_no_program),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_status_of_kept),
		cmocka_unit_test(test_dies_with_its_parent),
		cmocka_unit_test(test_first_line),
		cmocka_unit_test(test_what_was_said),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
