/* Cell processes that take turns: they execute when told to and rest otherwise, and one that dies, hangs or spins harms
 * no other. The cell process is this program, called as `NAME --cell FD` or, as a
 * nursery, `NAME --cell FD,FD`. */
#include "base/addresses.h"
#include "base/clock.h"
#include "base/interrupts.h"
#include "model/registry.h"
#include "run/supervise/running.h"
#include "tests/test.h"
#include "verbs/verbs.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#define CELLS 2
#define LATE_NS UINT64_C(60000000000) /* never comes, unless something is wrong */

static char *itself[] = { (char *)"/proc/self/exe", NULL };
static const char *none[] = { NULL };

/* Two cell processes, the first of them with a crew of its own. */
struct turns {
	struct cell_launcher launchers[CELLS];
	struct spec specs[CELLS];
	struct invocation_result results[CELLS];
	struct running *all[CELLS];
	char folder[32], scratch[CELLS][48];
	sigset_t before;
};

static struct turns begin_two(const char *mode, char *const *environment)
{
	struct turns t = { .folder = "/tmp/bench-turns-XXXXXX" };
	int signals = interrupts_catch(&t.before);

	assert_true(signals >= 0);
	assert_non_null(mkdtemp(t.folder));
	for (size_t i = 0; i < CELLS; i++) {
		t.launchers[i] = (struct cell_launcher){
			.program = itself, .environment = environment, .timeout_ns = LATE_NS, .signal_fd = signals,
			.same_addresses = true,
		};
		t.specs[i] = (struct spec){
			.cell = { .workload = "null", .values = none, .mode = i ? "sequential" : mode, .workers = 1,
				  .items = 4, .schedule = i ? NULL : "dynamic", .chunk = i ? 0 : 1 },
			.items_asked = 4, .run_ns = clock_ns(), .by_turns = true, .mapping = 3,
			.counters = { .sources = registry_counter_sources },
		};
	}
	t.specs[0].cell.workers = 2;
	t.specs[0].cell.transport = registry_mode(mode)->processes ? "shm" : NULL;
	return t;
}

static bool is_sanitized(void)
{
	const char *sanitizer = getenv("BENCH_SANITIZER");

	return sanitizer && strcmp(sanitizer, "none") != 0;
}

static void name_scratch(struct turns *t)
{
	for (size_t i = 0; i < CELLS; i++) {
		snprintf(t->scratch[i], sizeof(t->scratch[i]), "%s/%zu", t->folder, i);
		t->specs[i].scratch = t->scratch[i];
	}
}

static void await_both(struct turns *t)
{
	running_await(t->all, CELLS);
	for (size_t i = 0; i < CELLS; i++)
		if (running_state(t->all[i]) != RUNNING_RESTS)
			fail_msg("cell %zu does not rest: %s", i, t->results[i].failure.message);
}

static void start(struct turns *t)
{
	name_scratch(t);
	for (size_t i = 0; i < CELLS; i++) {
		t->all[i] = running_begin(&t->launchers[i], &t->specs[i], NULL, NULL, NULL, &t->results[i]);
		assert_non_null(t->all[i]);
	}
	await_both(t);
}

static void start_twins(struct turns *t)
{
	struct spec *specs[] = { &t->specs[0], &t->specs[1] };
	struct invocation_result *results[] = { &t->results[0], &t->results[1] };

	name_scratch(t);
	assert_int_equal(running_begin_twins(t->all, CELLS, &t->launchers[0], specs, results), 0);
	await_both(t);
}

static void end_two(struct turns *t)
{
	for (size_t i = 0; i < CELLS; i++)
		running_end(t->all[i]);
	interrupts_let(t->launchers[0].signal_fd, &t->before);
	assert_int_equal(rmdir(t->folder), 0);
}

static void release(struct turns *t)
{
	for (size_t i = 0; i < CELLS; i++)
		invocation_release(&t->results[i]);
}

/* The second cell process, which executes its items itself. */
static pid_t second_of(const struct turns *t)
{
	return (pid_t)t->results[1].samples[0].worker[0].pid;
}

static void are_taken(void **state)
{
	struct turns t = begin_two("pool", NULL);

	(void)state;
	start(&t);
	assert_true(t.results[0].sample_count == 1 && t.results[1].sample_count == 1); /* the warm-up rounds */
	running_turn(t.all[0], 2);
	assert_int_equal(running_state(t.all[0]), RUNNING_BUSY);
	running_await(t.all, CELLS);
	assert_true(t.results[0].sample_count == 3 && t.results[1].sample_count == 1);
	for (int i = 0; i < 3; i++) {
		running_turn(t.all[1], 1);
		running_await(t.all, CELLS);
		assert_int_equal(running_state(t.all[1]), RUNNING_RESTS);
	}
	assert_true(t.results[0].sample_count == 3 && t.results[1].sample_count == 4);
	end_two(&t);
	for (size_t i = 0; i < CELLS; i++)
		assert_true(!t.results[i].failed && t.results[i].has_crew && t.results[i].took_ns > 0);
	assert_int_equal(t.results[0].facts.fixed_addresses, addresses_can_be_fixed());
	assert_false(t.results[0].crew.spins || t.results[1].crew.spins);
	release(&t);
}

/* A turn that goes on while the second one's process is killed. */
static void assert_first_goes_on(struct turns *t, const char *phase)
{
	running_turn(t->all[0], 1);
	running_await(t->all, CELLS);
	assert_int_equal(running_state(t->all[0]), RUNNING_RESTS);
	while (running_state(t->all[1]) != RUNNING_OVER) { /* it may die a little later */
		running_turn(t->all[0], 1);
		running_await(t->all, CELLS);
	}
	end_two(t);
	assert_false(t->results[0].failed);
	assert_true(t->results[0].has_crew && t->results[1].failed);
	assert_int_equal(t->results[1].failure.kind, FAILURE_SIGNAL);
	assert_int_equal(t->results[1].failure.signal, SIGKILL);
	assert_non_null(strstr(t->results[1].failure.message, phase));
	release(t);
}

static void killed_at_rest(void **state)
{
	struct turns t = begin_two("threads", NULL);

	(void)state;
	start(&t);
	kill(second_of(&t), SIGKILL);
	assert_first_goes_on(&t, "in phase 'rest'");
}

static void killed_in_its_turn(void **state)
{
	struct turns t = begin_two("pool", NULL);

	(void)state;
	start(&t);
	kill(second_of(&t), SIGSTOP);
	running_turn(t.all[1], 1);
	kill(second_of(&t), SIGKILL);
	assert_first_goes_on(&t, "in phase 'round'");
}

static void one_hangs(void **state)
{
	struct turns t = begin_two("pool", NULL);

	(void)state;
	start(&t);
	kill(second_of(&t), SIGSTOP);
	t.launchers[1].timeout_ns = 100000000;
	running_turn(t.all[0], 1);
	running_turn(t.all[1], 1);
	running_await(t.all, CELLS);
	assert_int_equal(running_state(t.all[0]), RUNNING_RESTS);
	end_two(&t);
	assert_true(!t.results[0].failed && t.results[0].has_crew);
	assert_true(t.results[1].failed && t.results[1].stopped);
	assert_int_equal(t.results[1].failure.kind, FAILURE_TIMEOUT);
	assert_non_null(strstr(t.results[1].failure.message, "phase 'round' did not end within"));
	release(&t);
}

/* One that rests may do so for longer than a phase may take, but for the end of the run. */
static void rest_has_no_deadline(void **state)
{
	struct turns t = begin_two("threads", NULL);

	(void)state;
	start(&t);
	t.launchers[1].timeout_ns = 1;
	running_turn(t.all[0], 5);
	running_await(t.all, CELLS);
	assert_true(t.results[0].sample_count == 6);
	assert_int_equal(running_state(t.all[1]), RUNNING_RESTS);
	t.launchers[1].timeout_ns = LATE_NS;
	end_two(&t);
	assert_false(t.results[0].failed || t.results[1].failed);
	release(&t);
}

static void interrupted(void **state)
{
	struct turns t = begin_two("pool", NULL);
	pid_t pid;

	(void)state;
	start(&t);
	pid = second_of(&t);
	kill(pid, SIGSTOP);
	running_turn(t.all[1], 1);
	raise(SIGINT);
	running_await(t.all, CELLS);
	assert_true(running_state(t.all[0]) == RUNNING_OVER && running_state(t.all[1]) == RUNNING_OVER);
	end_two(&t);
	assert_true(t.results[0].interrupted == SIGINT && t.results[1].interrupted == SIGINT);
	assert_false(t.results[0].failed || t.results[1].failed);
	assert_true(kill(pid, 0) && errno == ESRCH);
	release(&t);
}

/* A supervisor that is killed; the other end of `fd` is open as long as a process is left. */
static _Noreturn void be_killed(int fd)
{
	struct turns t = begin_two("pool", NULL);

	dup2(fd, STDERR_FILENO); /* which the cell processes get, too */
	start(&t);
	rmdir(t.scratch[0]), rmdir(t.scratch[1]), rmdir(t.folder);
	kill(getpid(), SIGKILL);
	_exit(1);
}

static void nothing_outlives_the_supervisor(void **state)
{
	int ends[2], status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0)
		be_killed(ends[1]);
	close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
}

/* Waits until a process that rests has used a processor: on a busy machine it may not get one at once. */
static void await_spinning(pid_t pid)
{
	uint64_t used_ns = 0, until_ns = clock_ns() + LATE_NS;
	struct timespec begun, now;
	clockid_t clock;

	assert_int_equal(clock_getcpuclockid(pid, &clock), 0);
	clock_gettime(clock, &begun);
	while (used_ns < 3000000 && clock_ns() < until_ns) {
		usleep(1000);
		clock_gettime(clock, &now);
		used_ns = (uint64_t)(now.tv_sec - begun.tv_sec) * 1000000000 + (uint64_t)now.tv_nsec -
			  (uint64_t)begun.tv_nsec;
	}
}

static void spinning_is_seen(void **state)
{
	char *environment[] = { (char *)"OMP_WAIT_POLICY=active", NULL };
	struct turns t;

	(void)state;
	if (!registry_mode("openmp") || is_sanitized()) /* which leaves OpenMP out */
		return;
	t = begin_two("openmp", environment);
	start(&t);
	running_turn(t.all[0], 1);
	running_await(t.all, CELLS);
	await_spinning((pid_t)t.results[0].samples[0].worker[0].pid);
	running_turn(t.all[1], 1);
	running_await(t.all, CELLS);
	end_two(&t);
	assert_false(t.results[0].failed || t.results[1].failed);
	assert_true(t.results[0].crew.spins);
	assert_false(t.results[1].crew.spins);
	release(&t);
}

/* ---- Twins ---- */

/* Lists what lies where in the memory of a process: "55d8e000-55d90000 rw-p [heap]" each. */
static void read_layout(pid_t pid, char *text, size_t size)
{
	char path[32], line[512], range[64], access[8], name[256];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "r");
	assert_non_null(maps);
	text[0] = '\0';
	while (fgets(line, sizeof(line), maps)) {
		name[0] = '\0';
		assert_true(sscanf(line, "%63s %7s %*s %*s %*s %255s", range, access, name) >= 2);
		snprintf(text + strlen(text), size - strlen(text), "%s %s %s\n", range, access, name);
	}
	fclose(maps);
}

/* Whether both cell processes, which must be alike, have the same layout. */
static bool lie_alike(const struct turns *t)
{
	static char layouts[CELLS][65536];

	for (size_t i = 0; i < CELLS; i++)
		read_layout((pid_t)t->results[i].samples[0].worker[0].pid, layouts[i], sizeof(layouts[i]));
	return !strcmp(layouts[0], layouts[1]);
}

/* Twins of one cell, or two fresh processes of it. */
static bool are_alike(bool twins, bool same_addresses, uint32_t mapping)
{
	struct turns t = begin_two("sequential", NULL);
	bool alike;

	t.specs[0].cell = t.specs[1].cell;
	t.specs[1].mapping = mapping;
	t.launchers[0].same_addresses = t.launchers[1].same_addresses = same_addresses;
	twins ? start_twins(&t) : start(&t);
	alike = lie_alike(&t);
	end_two(&t);
	assert_false(t.results[0].failed || t.results[1].failed);
	release(&t);
	return alike;
}

static void lie_in_memory_alike(void **state)
{
	(void)state;
	assert_true(are_alike(true, true, 3));
	assert_true(are_alike(true, false, 3)); /* where the system permits no fixed addresses */
	assert_false(are_alike(true, true, 4));
	if (!is_sanitized()) /* whose memory is anywhere */
		assert_int_equal(are_alike(false, true, 3), addresses_can_be_fixed());
}

static void twins_take_turns(void **state)
{
	struct turns t = begin_two("pool", NULL);

	(void)state;
	start_twins(&t);
	running_turn(t.all[0], 2);
	running_await(t.all, CELLS);
	running_turn(t.all[1], 1);
	running_await(t.all, CELLS);
	end_two(&t);
	assert_true(t.results[0].sample_count == 3 && t.results[1].sample_count == 2);
	for (size_t i = 0; i < CELLS; i++)
		assert_true(!t.results[i].failed && t.results[i].has_crew && t.results[i].took_ns > 0);
	release(&t);
}

static void a_twin_is_killed(void **state)
{
	struct turns t = begin_two("pool", NULL);
	pid_t pid;

	(void)state;
	start_twins(&t);
	pid = second_of(&t);
	kill(pid, SIGKILL);
	assert_first_goes_on(&t, "was killed by SIGKILL in phase 'rest'");
	t = begin_two("pool", NULL);
	start_twins(&t);
	kill(second_of(&t), SIGSTOP);
	running_turn(t.all[1], 1);
	kill(second_of(&t), SIGKILL);
	assert_first_goes_on(&t, "was killed by SIGKILL in phase 'round'");
}

static pid_t parent_of(pid_t pid)
{
	char path[64];
	int parent = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*d (%*[^)]) %*c %d", &parent), 1);
	fclose(file);
	return parent;
}

static void the_parent_of_twins_is_killed(void **state)
{
	struct turns t = begin_two("pool", NULL);
	pid_t parent;

	(void)state;
	start_twins(&t);
	parent = parent_of(second_of(&t));
	kill(parent, SIGKILL);
	running_turn(t.all[1], 1);
	running_await(t.all, CELLS);
	end_two(&t);
	assert_true(t.results[1].failed && t.results[1].failure.signal == SIGKILL);
	assert_int_equal(t.results[1].failure.pid, parent);
	assert_non_null(strstr(t.results[1].failure.message, "that the cell processes of all sides were forked from"));
	release(&t);
}

/* The one that hangs ends first, and the other one is left alone. */
static void a_twin_hangs(void **state)
{
	struct turns t = begin_two("pool", NULL);
	pid_t pid;

	(void)state;
	start_twins(&t);
	pid = second_of(&t);
	kill(pid, SIGSTOP);
	t.launchers[0].timeout_ns = 100000000; /* of both */
	running_turn(t.all[1], 1);
	running_await(t.all, CELLS);
	t.launchers[0].timeout_ns = LATE_NS;
	running_end(t.all[1]);
	t.all[1] = NULL;
	assert_true(kill(pid, 0) && errno == ESRCH);
	running_turn(t.all[0], 1);
	running_await(t.all, 1);
	end_two(&t);
	assert_true(!t.results[0].failed && t.results[0].sample_count == 2 && t.results[0].has_crew);
	assert_true(t.results[1].failed && t.results[1].stopped && t.results[1].failure.pid == (int32_t)pid);
	release(&t);
}

static void no_twins_are_known(void **state)
{
	char *refuses[] = { (char *)"sh", (char *)"-c", (char *)"exit 2", NULL };
	struct turns t = begin_two("pool", NULL);
	struct spec *specs[] = { &t.specs[0], &t.specs[1] };
	struct invocation_result *results[] = { &t.results[0], &t.results[1] };

	(void)state;
	name_scratch(&t);
	t.launchers[0].program = refuses;
	assert_int_equal(running_begin_twins(t.all, CELLS, &t.launchers[0], specs, results), 0);
	running_await(t.all, CELLS);
	end_two(&t);
	for (size_t i = 0; i < CELLS; i++) {
		assert_int_equal(t.results[i].failure.kind, FAILURE_EXIT);
		assert_int_equal(t.results[i].failure.exit_status, 2);
	}
	release(&t);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(are_taken),
		cmocka_unit_test(killed_at_rest),
		cmocka_unit_test(killed_in_its_turn),
		cmocka_unit_test(one_hangs),
		cmocka_unit_test(rest_has_no_deadline),
		cmocka_unit_test(interrupted),
		cmocka_unit_test(nothing_outlives_the_supervisor),
		cmocka_unit_test(spinning_is_seen),
		cmocka_unit_test(lie_in_memory_alike),
		cmocka_unit_test(twins_take_turns),
		cmocka_unit_test(a_twin_is_killed),
		cmocka_unit_test(the_parent_of_twins_is_killed),
		cmocka_unit_test(a_twin_hangs),
		cmocka_unit_test(no_twins_are_known),
	};

	if (argc == 3 && strcmp(argv[1], "--cell") == 0)
		return call_cell(argc, argv);
	return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}
