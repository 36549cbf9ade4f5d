/* Workloads whose items share memory: threads and processes leave there what the items must leave, and
 * what they do not leave is seen. */
#include "plan/registry.h"
#include "tests/unit/sandbox.h"
#include "workloads/locks.h"

#include <pthread.h>

#define WORKERS 4

/* The items of a round, and who takes them. */
struct team {
	const struct workload *workload;
	const struct workload_state *state;
	_Atomic uint64_t *next; /* item, in shared memory */
	uint64_t end;
};

static int do_item(const struct workload *w, const struct workload_state *state, uint64_t item)
{
	uint64_t output[8];
	struct buffer out = { output, sizeof(output), 0 };

	if (state->output_max > sizeof(output))
		return -EMSGSIZE;
	return w->work(state->data, item, (struct bytes){ 0 }, &out);
}

/* Returns the first error as a pointer, as threads do. */
static void *do_items(void *argument)
{
	const struct team *team = argument;

	for (;;) {
		uint64_t item = atomic_fetch_add(team->next, 1);
		int err = item < team->end ? do_item(team->workload, team->state, item) : 0;

		if (err || item >= team->end)
			return (void *)(intptr_t)err;
	}
}

static void do_in_threads(struct team *team)
{
	pthread_t threads[WORKERS];

	for (size_t i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, do_items, team), 0);
	for (size_t i = 0; i < WORKERS; i++) {
		void *err;

		assert_int_equal(pthread_join(threads[i], &err), 0);
		assert_int_equal((intptr_t)err, 0);
	}
}

static void do_in_processes(struct team *team)
{
	pid_t pids[WORKERS];

	for (size_t i = 0; i < WORKERS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			_exit(do_items(team) != NULL);
	}
	for (size_t i = 0; i < WORKERS; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
}

static void do_alone(struct team *team)
{
	assert_null(do_items(team));
}

/* How the items below `end` are done. */
static void (*const ways[])(struct team *team) = { do_alone, do_in_threads, do_in_processes };

static void do_round(struct sandbox *box, const struct workload *w, const struct workload_state *state,
		     void (*way)(struct team *team), uint64_t end)
{
	struct team team = { w, state, sandbox_shared(box, sizeof(*team.next)), end };

	assert_non_null(team.next);
	way(&team);
}

static double measured(const struct measure *measures, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(measures[i].name, name) == 0)
			return measures[i].value;
	fail_msg("no measure '%s'", name);
	return 0;
}

/* Opens `name` with its presets, but with small values; "param=value" words end with NULL. */
static const struct workload *open_with(struct sandbox *box, const char *name, const char *const *words,
					struct workload_state *state)
{
	const struct workload *w = registry_workload(name);

	assert_non_null(w);
	sandbox_presets(box, w);
	for (; *words; words++) {
		const char *equals = strchr(*words, '=');
		char param[32];

		assert_non_null(equals);
		snprintf(param, sizeof(param), "%.*s", (int)(equals - *words), *words);
		sandbox_set(box, w, param, equals + 1);
	}
	sandbox_open(box, w, state);
	return w;
}

/* Two rounds in each way leave what they must, the second since the first is settled; and a round of
 * which an item is missing does not. */
static void settles_in_every_way(const char *name, const char *const *words)
{
	struct sandbox box;
	struct workload_state open;
	struct measure measures[16];
	const struct workload *w;

	sandbox_init(&box);
	box.options.items = 12;
	for (size_t way = 0; way < sizeof(ways) / sizeof(*ways); way++) {
		w = open_with(&box, name, words, &open);
		for (int round = 0; round < 2; round++) {
			do_round(&box, w, &open, ways[way], open.items);
			assert_true(w->settle(open.data, open.items, measures, 16) >= 0);
		}
		do_round(&box, w, &open, ways[way], open.items - 1);
		assert_int_equal(w->settle(open.data, open.items, measures, 16), -EBADMSG);
		w->close(open.data);
	}
	sandbox_release(&box);
}

/* ---- Locks ---- */

static struct lock *make_lock(struct sandbox *box, enum lock_kind kind)
{
	struct lock *lock = sandbox_shared(box, sizeof(*lock));

	assert_non_null(lock);
	assert_int_equal(lock_init(lock, kind), 0);
	return lock;
}

static void locks_are_taken_once(void **state)
{
	struct sandbox box;

	(void)state;
	sandbox_init(&box);
	for (enum lock_kind kind = LOCK_MUTEX; kind <= LOCK_FUTEX; kind++) {
		struct lock *lock = make_lock(&box, kind);

		assert_int_equal(lock_take(lock, kind, sandbox_waits), 0);
		assert_int_equal(lock_try(lock, kind), EBUSY);
		lock_drop(lock, kind);
		assert_int_equal(lock_take(lock, kind, sandbox_waits), 0);
		lock_drop(lock, kind);
	}
	sandbox_release(&box);
}

static void robust_goes_on_after_a_death(void **state)
{
	struct sandbox box;
	struct lock *lock;
	pid_t pid;

	(void)state;
	sandbox_init(&box);
	lock = make_lock(&box, LOCK_ROBUST);
	pid = fork();
	if (pid == 0) {
		lock_take(lock, LOCK_ROBUST, sandbox_waits);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(lock_take(lock, LOCK_ROBUST, sandbox_waits), LOCK_RECOVERED);
	lock_drop(lock, LOCK_ROBUST);
	assert_int_equal(lock_take(lock, LOCK_ROBUST, sandbox_waits), 0);
	lock_drop(lock, LOCK_ROBUST);
	sandbox_release(&box);
}

/* ---- Workloads ---- */

static void counter_loses_nothing_with_a_lock(void **state)
{
	static const char *const locks[] = { "lock=atomic", "lock=mutex", "lock=robust", "lock=semaphore",
					     "lock=spin", "lock=futex" };
	static const char *const layouts[] = { "layout=one", "layout=padded", "layout=shared" };

	(void)state;
	for (size_t i = 0; i < sizeof(locks) / sizeof(*locks); i++)
		settles_in_every_way("counter", (const char *[]){ "adds=200", locks[i], layouts[i % 3], NULL });
}

static void counter_shows_what_is_lost(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct measure measures[16];
	const struct workload *w;
	int count;

	(void)state;
	sandbox_init(&box);
	box.options.items = 12;
	w = open_with(&box, "counter", (const char *[]){ "adds=200", "lock=none", NULL }, &open);
	do_round(&box, w, &open, do_alone, 9); /* of 12: the rest is as good as lost */
	count = w->settle(open.data, 12, measures, 16);
	assert_true(measured(measures, count, "lost_updates") == 600);
	assert_true(measured(measures, count, "increments") == 2400);
	for (size_t way = 0; way < sizeof(ways) / sizeof(*ways); way++) {
		do_round(&box, w, &open, ways[way], 12);
		count = w->settle(open.data, 12, measures, 16);
		assert_true(measured(measures, count, "lost_updates") <= (ways[way] == do_alone ? 0 : 2400));
	}
	do_round(&box, w, &open, do_alone, 12);
	assert_int_equal(w->settle(open.data, 11, measures, 16), -EBADMSG); /* more than there can be */
	w->close(open.data);
	sandbox_release(&box);
}

static void array_holds_every_update(void **state)
{
	(void)state;
	settles_in_every_way("array", (const char *[]){ "updates=300", "locks=array", "elements=7", NULL });
	settles_in_every_way("array", (const char *[]){ "updates=300", "locks=stripe", "elements=7", NULL });
	settles_in_every_way("array", (const char *[]){ "updates=300", "locks=stripe", "elements=100", NULL });
	settles_in_every_way("array", (const char *[]){ "updates=300", "locks=element", "elements=7", NULL });
	settles_in_every_way("array", (const char *[]){ "updates=3", "locks=element", "elements=1", NULL });
}

/* A worker that was started afresh opens the workload itself, and finds the memory. */
static void fresh_workers_find_the_memory(void **state)
{
	static const char *const names[] = { "array", "counter" };
	struct sandbox box;

	(void)state;
	sandbox_init(&box);
	box.options.items = 12;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct workload_state open, again;
		struct measure measures[16];
		const struct workload *w;
		size_t found = box.piece_count;

		w = open_with(&box, names[i], (const char *[]){ NULL }, &open);
		box.options.again = true;
		box.found = found;
		sandbox_open(&box, w, &again);
		box.options.again = false;
		do_round(&box, w, &open, do_alone, 5);
		for (uint64_t item = 5; item < 12; item++)
			assert_int_equal(do_item(w, &again, item), 0);
		assert_true(w->settle(open.data, 12, measures, 16) >= 0);
		w->close(again.data);
		w->close(open.data);
	}
	sandbox_release(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locks_are_taken_once),
		cmocka_unit_test(robust_goes_on_after_a_death),
		cmocka_unit_test(counter_loses_nothing_with_a_lock),
		cmocka_unit_test(counter_shows_what_is_lost),
		cmocka_unit_test(array_holds_every_update),
		cmocka_unit_test(fresh_workers_find_the_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
