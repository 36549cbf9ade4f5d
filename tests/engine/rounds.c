/* Pairs by rounds: two crews of one build in turn, and a control; and what becomes of a pair if one of them fails. The
 * cell process is this program, called as `NAME --cell FD`. */
#include "base/clock.h"
#include "base/interrupts.h"
#include "base/janitor.h"
#include "gate/pairs/pairing.h"
#include "model/registry.h"
#include "tests/test.h"
#include "verbs/verbs.h"

#include <sys/stat.h>
#include <unistd.h>

#define LATE_NS UINT64_C(60000000000) /* never comes, unless something is wrong */

/* A gate of a build against itself. */
struct fixture {
	char folder[32];
	struct side sides[2];
	struct trial_setup setup;
	struct cpus bind[2];
	struct trial_plan trial;
	struct pair_plan plan;
	sigset_t before;
};

static const char *none[] = { NULL };
static const struct cell pool = {
	.workload = "null", .values = none, .mode = "pool", .transport = "shm", .schedule = "dynamic", .chunk = 1,
	.workers = 2,
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	*f = (struct fixture){ .folder = "/tmp/bench-rounds-XXXXXX", .trial = { .bind = f->bind, .items = 16 } };
	*state = f;
	if (!mkdtemp(f->folder))
		return -1;
	for (int side = 0; side < 2; side++) {
		char folder[64];

		snprintf(folder, sizeof(folder), "%s/%c", f->folder, "ab"[side]);
		mkdir(folder, 0700);
		f->sides[side].program[0] = (char *)"/proc/self/exe";
		f->sides[side].root = (char *)"BENCH_ROOT=.";
		f->bind[side] = (struct cpus){ .bits[0] = 1 };
	}
	f->plan.trial = &f->trial;
	f->setup = (struct trial_setup){ .sides = f->sides, .started_ns = clock_ns(), .random = 1 };
	f->setup.cache = f->setup.scratch = f->folder;
	f->setup.launcher = (struct cell_launcher){ .timeout_ns = LATE_NS, .signal_fd = interrupts_catch(&f->before) };
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	interrupts_let(f->setup.launcher.signal_fd, &f->before);
	remove_tree(f->folder);
	free(f);
	return 0;
}

static void assert_measured(struct fixture *f, struct gate_cell *cell, bool control)
{
	struct gate_pair pair = { 0 };

	assert_int_equal(pairing_rounds.run(&f->setup, cell, &f->plan, control, false, &pair), 0);
	assert_int_equal(pair.slices, 1);
	assert_true(pair.rounds >= 5 && pair.added == 0);
	for (enum gate_side side = SIDE_A; side < SIDE_COUNT; side++) {
		const struct pair_time *time = &pair.times[side];

		if (side == SIDE_CONTROL && !control) {
			assert_true(time->mean_ns == 0 && !time->round_ns);
			continue;
		}
		assert_true(time->undisturbed_ns > 0 && time->undisturbed_ns <= time->mean_ns);
		for (uint32_t r = 0; r < pair.rounds; r++)
			assert_true(time->round_ns[r] > 0);
	}
	assert_int_equal(pair.times[SIDE_A].digest, pair.times[SIDE_B].digest);
	gate_pair_release(&pair);
}

static void are_measured(void **state)
{
	struct gate_cell cell = { .cell = &pool };
	struct fixture *f = *state;

	assert_int_equal(pairing_rounds.open(&f->setup, &cell, &f->plan), 0);
	assert_measured(f, &cell, false);
	assert_measured(f, &cell, true);
	assert_int_equal(cell.judged, JUDGED_WALL);
	assert_false(cell.failed || cell.doubts & 1u << GATE_DOUBT_SPINS);
}

static void number_is_given(void **state)
{
	struct gate_cell cell = { .cell = &pool };
	struct gate_pair pair = { 0 };
	struct fixture *f = *state;

	f->setup.rounds = 3;
	assert_int_equal(pairing_rounds.open(&f->setup, &cell, &f->plan), 0);
	assert_int_equal(pairing_rounds.run(&f->setup, &cell, &f->plan, false, false, &pair), 0);
	assert_int_equal(pair.rounds, 3);
	gate_pair_release(&pair);
}

static void one_fails(void **state)
{
	struct gate_cell cell = { .cell = &pool };
	struct fixture *f = *state;

	f->sides[SIDE_B].program[0] = (char *)"false";
	assert_int_equal(pairing_rounds.open(&f->setup, &cell, &f->plan), -ECHILD);
	assert_true(cell.failed);
	assert_int_equal(cell.failed_side, SIDE_B);
	assert_int_equal(cell.failure.exit_status, 1);
}

static void interrupted(void **state)
{
	struct gate_cell cell = { .cell = &pool };
	struct fixture *f = *state;

	raise(SIGINT);
	assert_int_equal(pairing_rounds.open(&f->setup, &cell, &f->plan), -EINTR);
	assert_int_equal(f->setup.signal, SIGINT);
	assert_false(cell.failed);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(are_measured, set_up, tear_down),
		cmocka_unit_test_setup_teardown(number_is_given, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_fails, set_up, tear_down),
		cmocka_unit_test_setup_teardown(interrupted, set_up, tear_down),
	};

	if (argc == 3 && strcmp(argv[1], "--cell") == 0)
		return call_cell(argc, argv);
	return cmocka_run_group_tests_name("rounds", tests, NULL, NULL);
}
