/* Instructions of real cells and commands under valgrind are the same each time, and as many as the work has. */
#include "base/interrupts.h"
#include "gate/count/instructions.h"
#include "model/mode.h"
#include "model/registry.h"
#include "run/supervise/invocation.h"
#include "tests/test.h"

#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NEARLY 1e-5 /* counts that differ by this share or less are the same */

static char folder[] = "/tmp/bench-instructions-XXXXXX", scratch[] = "/tmp/bench-instructions-XXXXXX/cell";

/* Runs `spec` in a cell process or, without one, a command. */
struct runner {
	struct spec *spec;
	struct failure failure;
};

static int run_spec(struct runner *r, char *const *words)
{
	sigset_t set = interrupts();
	struct cell_launcher launcher = { .program = words, .timeout_ns = 100000000000 };
	struct invocation_result report = { 0 };
	int err;

	launcher.signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	assert_true(launcher.signal_fd >= 0);
	invocation_run(&launcher, r->spec, NULL, NULL, NULL, &report);
	r->failure = report.failure;
	err = report.failed ? -ECHILD : 0;
	close(launcher.signal_fd);
	invocation_release(&report);
	return err;
}

static int run(void *context, int side, char *const *words)
{
	struct runner *r = context;
	int status;
	pid_t pid;

	(void)side;
	if (r->spec)
		return run_spec(r, words);
	pid = fork();
	if (pid == 0) {
		execvp(words[0], words);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -ECHILD;
}

static int compare(struct runner *r, char *const *a, char *const *b, struct counts *counts)
{
	enum counted counted = r->spec ? COUNTED_MARKED : COUNTED_ALL;
	const struct counting counting = { folder, { a, b }, counted, 0.005, run, r };

	return instructions_compare(&counting, counts);
}

static struct spec describe(const char *mode, const char *transport, const char *n, const char **values)
{
	values[0] = n;
	values[1] = NULL;
	return (struct spec){
		.cell = { .id = (char *)mode, .workload = "sumsq", .values = values, .mode = mode,
			  .transport = transport, .workers = 1, .chunk = 1,
			  .schedule = registry_mode(mode)->parallel ? "dynamic" : NULL,
			  .calling.call = registry_mode(mode)->takes & TAKES_CALL ? "map" : NULL },
		.cache = folder, .run = folder, .scratch = scratch, .rounds = 1, .items_asked = 3,
		.instructions = true, .counters.sources = registry_counter_sources,
	};
}

static uint64_t count_cell(const char *mode, const char *transport, const char *n)
{
	char *const program[] = { getenv("BENCH"), NULL };
	const char *values[2];
	struct spec spec = describe(mode, transport, n, values);
	struct runner r = { .spec = &spec };
	struct counts counts;
	int err = compare(&r, program, program, &counts);

	if (err)
		fail_msg("%s: %d, %s%s", mode, err, counts.reason, r.failure.message);
	assert_false(counts.risen);
	if (!counts.addresses_vary)
		assert_true((double)counts.instructions[1] < (double)counts.instructions[0] * (1 + NEARLY));
	return counts.instructions[0];
}

/* sumsq computes 3 items of n steps with at least one instruction each; the rest is dispatch, wherever the worker
 * is. */
static void test_counts_the_work_alone(void **state)
{
	uint64_t once = count_cell("sequential", NULL, "100000"), twice = count_cell("sequential", NULL, "200000");
	uint64_t forked = count_cell("processes", "shm", "100000"), spawned = count_cell("spawn", "pipe", "100000");

	assert_true(once > 300000);
	assert_true(twice > once + (once - 10000) && twice < 2 * once);
	assert_true(forked > once && forked < once + 20000);
	assert_true(spawned > once && spawned < once + 40000);
}

/* A build from before there were marks has none either. */
static void test_without_marks(void **state)
{
	char program[256], command[4096], *const words[] = { program, NULL };
	const char *values[2];
	struct spec spec = describe("sequential", NULL, "1000", values);
	struct runner r = { .spec = &spec };
	struct counts counts;

	snprintf(program, sizeof(program), "%s/stripped", folder);
	snprintf(command, sizeof(command), "strip -o %s '%s'", program, getenv("BENCH"));
	assert_int_equal(system(command), 0);
	assert_int_equal(compare(&r, words, words, &counts), -ENODATA);
	assert_non_null(strstr(counts.reason, "no marks"));
	unlink(program);
}

static void test_commands(void **state)
{
	char *const alone[] = { "sh", "-c", ":", NULL };
	char *const parent[] = { "sh", "-c", "/bin/true; :", NULL };
	char *const fails[] = { "false", NULL };
	struct runner r = { 0 };
	struct counts counts;

	assert_int_equal(compare(&r, alone, alone, &counts), 0);
	assert_false(counts.risen);
	assert_true(counts.instructions[0] > 10000);
	assert_int_equal(compare(&r, alone, parent, &counts), 0); /* the child is counted, too */
	assert_true(counts.risen);
	assert_int_equal(compare(&r, fails, alone, &counts), -ECHILD);
}

static int setup(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	memcpy(scratch, folder, strlen(folder));
	return 0;
}

static int teardown(void **state)
{
	return rmdir(folder); /* nothing is left there */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_the_work_alone),
		cmocka_unit_test(test_without_marks),
		cmocka_unit_test(test_commands),
	};
	char why[256];

	if (strcmp(getenv("BENCH_SANITIZER"), "none") || callgrind_find(&(struct why){ why, sizeof(why) })) {
		puts("1..0 # SKIP valgrind does not run sanitizers, or is not there");
		return 0;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
