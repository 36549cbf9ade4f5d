/* Workloads whose items share memory: threads and processes leave there what the items must leave, and if they do not,
 * that is found. */
#include "model/registry.h"
#include "tests/unit/sandbox.h"
#include "workloads/parts/locks.h"
#include "workloads/parts/manager_server.h"
#include "workloads/parts/ring.h"

#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>

#define WORKERS 4

/* The items of a round, and what the workers need to take them. */
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

/* The ways to do the items below `end`. */
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

/* Two rounds in each way leave what they must (the second because settle() has reset the memory), and a round in which
 * an item is missing does not. */
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

/* ---- The manager's server ---- */

static void serve_small_book(void *listener)
{
	manager_serve(*(int *)listener, 4, 4);
}

/* Starts a server in the sandbox; end_servers() or sandbox_release() end it. */
static struct manager_address start_server(struct sandbox *box)
{
	struct manager_address address;
	int listener;

	sandbox_init(box);
	listener = manager_listen(&address);
	assert_true(listener >= 0);
	assert_int_equal(sandbox_server(box, serve_small_book, &listener), 0);
	close(listener);
	return address;
}

static void end_servers(struct sandbox *box)
{
	while (box->server_count) {
		kill(box->servers[--box->server_count], SIGKILL);
		waitpid(box->servers[box->server_count], NULL, 0);
	}
}

static int connect_to(const struct manager_address *address)
{
	int fd = manager_connect(address);

	assert_true(fd >= 0);
	return fd;
}

static void assert_total(int fd, enum total total, uint64_t due)
{
	uint64_t value;

	assert_int_equal(manager_ask(fd, MANAGER_TOTAL, total, &value), 0);
	assert_true(value == due);
}

static void server_keeps_a_book(void **state)
{
	struct sandbox box;
	struct manager_address address = start_server(&box);
	int fd = connect_to(&address);
	uint64_t value;

	for (uint64_t i = 1; i <= 3; i++) {
		assert_int_equal(manager_ask(fd, MANAGER_UPDATE, 77, &value), 0);
		assert_true(value == i);
	}
	for (uint64_t key = 0; key < 3; key++)
		assert_int_equal(manager_ask(fd, MANAGER_UPDATE, key, &value), 0);
	assert_int_equal(manager_ask(fd, MANAGER_UPDATE, 78, &value), -ENOSPC); /* the fifth key of four */
	for (uint64_t i = 1; i <= 4; i++) {
		assert_int_equal(manager_ask(fd, MANAGER_APPEND, 9, &value), 0);
		assert_true(value == i);
	}
	assert_int_equal(manager_ask(fd, MANAGER_APPEND, 9, &value), -ENOSPC);
	assert_total(fd, TOTAL_VALUES, 6);
	assert_total(fd, TOTAL_DICTIONARY,
		     book_summand(77, 3) + book_summand(0, 1) + book_summand(1, 1) + book_summand(2, 1));
	assert_total(fd, TOTAL_LENGTH, 4);
	assert_total(fd, TOTAL_LIST, 4 * book_summand(9, 1));
	assert_int_equal(manager_ask(fd, MANAGER_TOTAL, TOTAL_COUNT, &value), -EINVAL);
	assert_int_equal(manager_ask(fd, MANAGER_RESET, 0, &value), 0);
	for (enum total total = 0; total < TOTAL_COUNT; total++)
		assert_total(fd, total, 0);
	close(fd);
	sandbox_release(&box);
}

static void server_cuts_off_garbage(void **state)
{
	static const struct manager_request wrong[] = {
		{ .magic = 0, .verb = MANAGER_UPDATE },
		{ .magic = MANAGER_MAGIC, .verb = MANAGER_VERBS },
		{ .magic = MANAGER_MAGIC, .verb = UINT32_MAX },
	};
	struct sandbox box;
	struct manager_address address = start_server(&box);
	int good = connect_to(&address);
	uint64_t value;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		int fd = connect_to(&address);
		char byte;

		assert_int_equal(write(fd, &wrong[i], sizeof(wrong[i])), sizeof(wrong[i]));
		assert_int_equal(recv(fd, &byte, 1, 0), 0);
		close(fd);
		assert_int_equal(manager_ask(good, MANAGER_UPDATE, 1, &value), 0);
		assert_true(value == i + 1);
	}
	close(good);
	sandbox_release(&box);
}

static void server_waits_for_nobody(void **state)
{
	const struct manager_request request = { MANAGER_MAGIC, MANAGER_UPDATE, 1 };
	struct sandbox box;
	struct manager_address address = start_server(&box);
	int good = connect_to(&address), half = connect_to(&address), deaf = connect_to(&address);
	int dead = connect_to(&address);
	struct manager_answer answer;
	uint64_t value, sent = 0;

	assert_int_equal(write(half, &request, 5), 5);
	assert_int_equal(write(dead, &request, sizeof(request)), sizeof(request));
	assert_int_equal(write(dead, &request, 7), 7);
	close(dead);
	while (send(deaf, &request, sizeof(request), MSG_DONTWAIT) == sizeof(request) && sent < 1000000)
		sent++;
	assert_true(sent > 64 && sent < 1000000); /* in the end the server accepts no more */
	assert_int_equal(manager_ask(good, MANAGER_UPDATE, 2, &value), 0);
	assert_int_equal(write(half, (const char *)&request + 5, sizeof(request) - 5), sizeof(request) - 5);
	assert_int_equal(recv(half, &answer, sizeof(answer), MSG_WAITALL), sizeof(answer));
	assert_int_equal(answer.status, 0);
	for (uint64_t i = 0; i < sent; i++) { /* the server has lost none */
		assert_int_equal(recv(deaf, &answer, sizeof(answer), MSG_WAITALL), sizeof(answer));
		assert_true(answer.key == 1);
	}
	assert_total(good, TOTAL_VALUES, sent + 3);
	close(good);
	close(half);
	close(deaf);
	sandbox_release(&box);
}

/* ---- The ring ---- */

static struct ring *make_ring(struct sandbox *box, enum ring_kind kind)
{
	const struct ring_shape shape = { kind, 4, sizeof(uint64_t) };
	struct ring *ring = sandbox_shared(box, ring_size(&shape));

	assert_non_null(ring);
	assert_int_equal(ring_init(ring, &shape), 0);
	return ring;
}

static void ring_keeps_the_order(void **state)
{
	struct sandbox box;

	sandbox_init(&box);
	for (enum ring_kind kind = RING_LOCK; kind <= RING_LOCKFREE; kind++) {
		struct ring *ring = make_ring(&box, kind);

		for (uint64_t round = 0, put = 0, taken = 0; round < 5; round++) { /* more than once around */
			for (; put < 4 * (round + 1); put++)
				assert_int_equal(ring_put(ring, &put, sandbox_waits), 0);
			assert_true(ring_length(ring) == 4);
			for (; taken < put; taken++) {
				uint64_t message, place;

				assert_int_equal(ring_take(ring, &message, &place, sandbox_waits), 0);
				assert_true(message == taken && place == taken);
			}
			assert_true(ring_length(ring) == 0);
		}
	}
	sandbox_release(&box);
}

static void *take_one(void *ring)
{
	uint64_t message, place;
	int err = ring_take(ring, &message, &place, sandbox_waits);

	return (void *)(intptr_t)(err ? err : (int)message);
}

static void *put_seven(void *ring)
{
	const uint64_t seven = 7;

	return (void *)(intptr_t)ring_put(ring, &seven, sandbox_waits);
}

static int result_of(pthread_t thread)
{
	void *result;

	assert_int_equal(pthread_join(thread, &result), 0);
	return (int)(intptr_t)result;
}

static void ring_waits_for_messages_and_for_room(void **state)
{
	struct sandbox box;

	sandbox_init(&box);
	for (enum ring_kind kind = RING_LOCK; kind <= RING_LOCKFREE; kind++) {
		struct ring *ring = make_ring(&box, kind);
		long before = atomic_load(&sandbox_waited);
		pthread_t other;

		assert_int_equal(pthread_create(&other, NULL, take_one, ring), 0);
		while (atomic_load(&sandbox_waited) == before)
			sched_yield();
		put_seven(ring);
		assert_int_equal(result_of(other), 7);
		for (int i = 0; i < 4; i++)
			put_seven(ring);
		before = atomic_load(&sandbox_waited);
		assert_int_equal(pthread_create(&other, NULL, put_seven, ring), 0);
		while (atomic_load(&sandbox_waited) == before)
			sched_yield();
		assert_int_equal((intptr_t)take_one(ring), 7);
		assert_int_equal(result_of(other), 0);
		assert_true(ring_length(ring) == 4);
	}
	sandbox_release(&box);
}

static void broken_ring_holds_nobody(void **state)
{
	struct sandbox box;

	sandbox_init(&box);
	for (enum ring_kind kind = RING_LOCK; kind <= RING_LOCKFREE; kind++) {
		struct ring *ring = make_ring(&box, kind);
		long before = atomic_load(&sandbox_waited);
		pthread_t others[2];

		for (size_t i = 0; i < 2; i++)
			assert_int_equal(pthread_create(&others[i], NULL, take_one, ring), 0);
		while (atomic_load(&sandbox_waited) < before + 2)
			sched_yield();
		ring_break(ring);
		for (size_t i = 0; i < 2; i++)
			assert_int_equal(result_of(others[i]), -ECANCELED);
		assert_int_equal((intptr_t)take_one(ring), -ECANCELED);
		ring_reset(ring);
		assert_int_equal((intptr_t)put_seven(ring), 0);
		assert_int_equal((intptr_t)take_one(ring), 7);
	}
	sandbox_release(&box);
}

/* ---- Workloads ---- */

static void counter_loses_nothing_with_a_lock(void **state)
{
	static const char *const locks[] = { "lock=atomic", "lock=mutex", "lock=robust", "lock=semaphore",
					     "lock=spin", "lock=futex" };
	static const char *const layouts[] = { "layout=one", "layout=padded", "layout=shared" };

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
	settles_in_every_way("array", (const char *[]){ "updates=300", "locks=array", "elements=7", NULL });
	settles_in_every_way("array", (const char *[]){ "updates=300", "locks=stripe", "elements=7", NULL });
	settles_in_every_way("array", (const char *[]){ "updates=300", "locks=stripe", "elements=100", NULL });
	settles_in_every_way("array", (const char *[]){ "updates=300", "locks=element", "elements=7", NULL });
	settles_in_every_way("array", (const char *[]){ "updates=3", "locks=element", "elements=1", NULL });
}

static void manager_holds_every_update(void **state)
{
	settles_in_every_way("manager", (const char *[]){ "via=server", "updates=30", "keys=1", NULL });
	settles_in_every_way("manager", (const char *[]){ "via=server", "updates=30", "keys=20", NULL });
	settles_in_every_way("manager", (const char *[]){ "via=memory", "updates=300", "keys=1", NULL });
	settles_in_every_way("manager", (const char *[]){ "via=memory", "updates=300", "keys=1000", NULL });
}

static void manager_knows_that_its_server_is_gone(void **state)
{
	struct sandbox box;
	struct workload_state open;
	const struct workload *w;

	sandbox_init(&box);
	w = open_with(&box, "manager", (const char *[]){ NULL }, &open);
	assert_int_equal(do_item(w, &open, 0), 0);
	end_servers(&box);
	assert_int_equal(do_item(w, &open, 1), -ECONNRESET);
	w->close(open.data);
	sandbox_release(&box);
}

/* A child of a process that has a connection makes its own, so that the two do not read each other's answers. */
static void manager_does_not_share_connections(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct measure measures[16];
	const struct workload *w;

	sandbox_init(&box);
	box.options.items = 12;
	w = open_with(&box, "manager", (const char *[]){ "updates=20", NULL }, &open);
	for (int round = 0; round < 3; round++) { /* settle() connects its process */
		do_round(&box, w, &open, do_in_processes, 12);
		assert_true(w->settle(open.data, 12, measures, 16) >= 0);
	}
	w->close(open.data);
	sandbox_release(&box);
}

static void queue_delivers_each_message_once(void **state)
{
	static const char *const kinds[] = { "kind=lock", "kind=lockfree" };

	for (size_t i = 0; i < 2; i++) {
		settles_in_every_way("queue", (const char *[]){ kinds[i], "messages=100", "size=64", NULL });
		settles_in_every_way("queue", (const char *[]){ kinds[i], "messages=100", "size=1", "batch=4",
							       "capacity=4", NULL });
		settles_in_every_way("queue", (const char *[]){ kinds[i], "messages=50", "size=1001", "batch=1",
							       "capacity=2", NULL });
		settles_in_every_way("queue", (const char *[]){ kinds[i], "messages=20", "size=65536", "batch=10",
							       "capacity=10", NULL });
	}
}

static void queue_measures_latency(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct measure measures[16];
	const struct workload *w;
	int count;

	sandbox_init(&box);
	box.options.items = 2;
	w = open_with(&box, "queue", (const char *[]){ "messages=1000", NULL }, &open);
	do_round(&box, w, &open, do_alone, 2);
	count = w->settle(open.data, 2, measures, 16);
	assert_true(measured(measures, count, "messages") == 2000);
	assert_true(measured(measures, count, "latency_median_ns") == 1); /* one call of the clock later */
	assert_true(measured(measures, count, "latency_p99_ns") == 1);
	w->close(open.data);
	sandbox_release(&box);
}

static void queue_refuses_what_does_not_fit(void **state)
{
	const struct workload *w = registry_workload("queue");
	struct sandbox box;

	sandbox_init(&box);
	sandbox_presets(&box, w);
	sandbox_set(&box, w, "size", "65536");
	sandbox_set(&box, w, "capacity", "65536");
	sandbox_refused(&box, w, -EINVAL, "capacity x size must be at most 1 GiB, not '65536 x 65536'");
	box.options.items = UINT64_MAX;
	sandbox_refused(&box, w, -EINVAL, "messages of all items must be at most 268435456");
	sandbox_release(&box);
}

/* A worker that was started as a new program opens the workload itself, and finds the memory. */
static void fresh_workers_find_the_memory(void **state)
{
	static const char *const names[] = { "array", "counter", "manager", "queue" };
	struct sandbox box;

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
		cmocka_unit_test(server_keeps_a_book),
		cmocka_unit_test(server_cuts_off_garbage),
		cmocka_unit_test(server_waits_for_nobody),
		cmocka_unit_test(ring_keeps_the_order),
		cmocka_unit_test(ring_waits_for_messages_and_for_room),
		cmocka_unit_test(broken_ring_holds_nobody),
		cmocka_unit_test(counter_loses_nothing_with_a_lock),
		cmocka_unit_test(counter_shows_what_is_lost),
		cmocka_unit_test(array_holds_every_update),
		cmocka_unit_test(manager_holds_every_update),
		cmocka_unit_test(manager_knows_that_its_server_is_gone),
		cmocka_unit_test(manager_does_not_share_connections),
		cmocka_unit_test(queue_delivers_each_message_once),
		cmocka_unit_test(queue_measures_latency),
		cmocka_unit_test(queue_refuses_what_does_not_fit),
		cmocka_unit_test(fresh_workers_find_the_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
