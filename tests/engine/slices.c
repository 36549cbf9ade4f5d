/* Pairs of cell processes that take turns by slices, as a gate makes them. The cell process is this program, called as
 * `NAME --cell FD`. */
#include "base/clock.h"
#include "base/interrupts.h"
#include "base/janitor.h"
#include "gate/pairs/pairing.h"
#include "tests/test.h"
#include "verbs/verbs.h"

#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define MORTAL "BENCH_TEST_MORTAL" /* a cell process with this variable is killed when it has executed for a while */

static const char *values[] = { "50000" }; /* an item takes some 20 us */
static const struct cell cell = { .workload = "sumsq", .values = values, .mode = "sequential", .workers = 1 };

/* What the sides of one gate need. */
struct fixture {
	char folder[32];
	struct side sides[2];
	struct cpus bind;
	struct trial_plan trial;
	struct pair_plan plan;
	struct trial_setup setup;
	struct gate_cell cell;
	sigset_t before;
};

static void begin(struct fixture *f, char *variable_of_b)
{
	char name[48];

	*f = (struct fixture){ .folder = "/tmp/bench-slices-XXXXXX", .cell = { .id = "sumsq", .cell = &cell } };
	assert_non_null(mkdtemp(f->folder));
	for (int side = 0; side < 2; side++) {
		f->sides[side].program[0] = (char *)"/proc/self/exe";
		f->sides[side].root = side ? variable_of_b : (char *)"BENCH_TEST=1";
		snprintf(name, sizeof(name), "%s/%c", f->folder, "ab"[side]);
		assert_int_equal(mkdir(name, 0700), 0);
	}
	assert_int_equal(sched_getaffinity(0, sizeof(f->bind), (cpu_set_t *)&f->bind), 0);
	f->trial = (struct trial_plan){ .bind = &f->bind, .items = 600 };
	f->plan = (struct pair_plan){ .trial = &f->trial, .added = 0.05 };
	f->setup = (struct trial_setup){ .sides = f->sides, .cache = f->folder, .scratch = f->folder, .random = 7 };
	f->setup.launcher.timeout_ns = 60000000000;
	f->setup.launcher.signal_fd = interrupts_catch(&f->before);
	f->setup.rounds = 4;
}

static void end(struct fixture *f)
{
	pairing_slices.release(&f->plan);
	interrupts_let(f->setup.launcher.signal_fd, &f->before);
	remove_tree(f->folder);
}

static void a_pair_has_times_of_all_sides(void **state)
{
	struct fixture f;
	struct gate_pair pair = { 0 }, more = { 0 };

	begin(&f, (char *)"BENCH_TEST=2");
	assert_int_equal(pairing_slices.open(&f.setup, &f.cell, &f.plan), 0);
	assert_true(f.cell.slice_ns > 0);
	assert_int_equal(pairing_slices.run(&f.setup, &f.cell, &f.plan, false, false, &pair), 0);
	assert_int_equal(pair.rounds, 4);
	assert_true(pair.slices > 0);
	for (size_t side = SIDE_A; side <= SIDE_B; side++)
		assert_true(pair.times[side].undisturbed_ns > 0 && pair.times[side].mean_ns > 0);
	assert_true(pair.times[SIDE_A].digest == pair.times[SIDE_B].digest && pair.times[SIDE_A].digest);
	assert_true(pair.times[SIDE_CONTROL].undisturbed_ns == 0 && pair.added == 0);
	assert_int_equal(pairing_slices.run(&f.setup, &f.cell, &f.plan, true, true, &more), 0);
	assert_true(more.times[SIDE_CONTROL].undisturbed_ns > 0);
	assert_true(more.slices < 50 ? more.added == 0 : more.added > 0 && more.added < 1);
	gate_pair_release(&pair);
	gate_pair_release(&more);
	end(&f);
}

static void the_side_that_dies_is_to_blame(void **state)
{
	struct fixture f;

	begin(&f, (char *)MORTAL "=1");
	f.setup.rounds = 100;
	if (pairing_slices.open(&f.setup, &f.cell, &f.plan) == 0) {
		struct gate_pair pair = { 0 };

		assert_int_equal(pairing_slices.run(&f.setup, &f.cell, &f.plan, true, false, &pair), -ECHILD);
		gate_pair_release(&pair);
	}
	assert_true(f.cell.failed);
	assert_int_equal(f.cell.failed_side, SIDE_B);
	assert_int_equal(f.cell.failure.kind, FAILURE_SIGNAL);
	assert_int_equal(f.cell.failure.signal, SIGPROF);
	end(&f);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_has_times_of_all_sides),
		cmocka_unit_test(the_side_that_dies_is_to_blame),
	};

	if (argc > 2 && !strcmp(argv[1], "--cell")) {
		if (getenv(MORTAL)) /* by CPU time, so that it has the token when it dies */
			setitimer(ITIMER_PROF, &(struct itimerval){ .it_value.tv_usec = 100000 }, NULL);
		return call_cell(argc, argv);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
