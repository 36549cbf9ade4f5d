/* A worker sends messages that make no sense: over every transport the parent names the worker, whatever it sent, and
 * never believes a length, counts a result twice or accepts one that it has not asked for. Half a message of a dead
 * worker is dropped. */
#include "model/registry.h"
#include "run/crew/dealer.h"
#include "run/crew/deaths.h"
#include "run/crew/futures.h"
#include "run/crew/message.h"
#include "run/crew/parent.h"
#include "run/crew/succession.h"
#include "tests/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 2
#define LIAR 1
#define ITEMS 40
#define OUTPUT_MAX 400000 /* bytes; more than any transport takes at once */
#define HEADS 4           /* of a case */
#define TURNS 5           /* turns in which the parent listens to half a message, so that some of it has come */

struct fixture {
	const struct transport *transport;
	struct cell cell;
	struct workload workload;
	struct crew crew;
	struct round round;
	pid_t pids[WORKERS];
	uint64_t results;
};

static void count_result(void *context, const struct result *result)
{
	(void)result;
	++*(uint64_t *)context;
}

static void make_crew(struct fixture *f)
{
	struct arena_layout layout = { .workers = WORKERS, .items = ITEMS, .chunk = 1, .schedule = SCHEDULE_DYNAMIC };
	struct crew *crew = &f->crew;
	int fd = arena_create();

	layout.submits = f->transport->shared_ranges;
	crew->arena = arena_map(fd, &layout);
	assert_non_null(crew->arena);
	close(fd);
	crew->submissions = arena_submissions(crew->arena);
	crew->dealer = dealer_create(crew);
	crew->futures = futures_create(crew->call, &f->cell.calling, ITEMS);
	assert_true(crew->dealer && crew->futures);
	crew_prepare(crew, &f->round);
	crew->round = &f->round;
}

/* Makes the crew of an executor, with one item in flight. Returns whether this system has the transport. */
static bool setup(struct fixture *f, const struct transport *transport)
{
	*f = (struct fixture){ .transport = transport };
	f->cell = (struct cell){ .workers = WORKERS, .items = ITEMS, .calling = { .in_flight = 1, .retry = true } };
	f->workload = (struct workload){ .name = "none", .item = "item" };
	f->crew = (struct crew){
		.cell = &f->cell,
		.mode = registry_mode("executor"),
		.workload = &f->workload,
		.state = { .items = ITEMS, .output_max = OUTPUT_MAX },
		.talks = true,
		.transport = transport,
		.call = &call_as_completed,
		.pids = f->pids,
	};
	f->round = (struct round){ .number = 1, .sink = { count_result, &f->results } };
	f->crew.channels = transport->open(WORKERS);
	if (!f->crew.channels)
		return false;
	make_crew(f);
	return true;
}

static void teardown(struct fixture *f)
{
	crew_kill(&f->crew);
	f->transport->close(f->crew.channels);
	dealer_destroy(f->crew.dealer);
	futures_destroy(f->crew.futures);
	arena_unmap(f->crew.arena);
}

static void say(const struct fixture *f, const void *data, size_t size)
{
	while (size) {
		ssize_t n = f->transport->send(f->crew.channels, LIAR, END_WORKER, data, size);

		if (n < 0)
			_exit(1);
		if (n == 0)
			f->transport->wait(f->crew.channels, LIAR, END_WORKER, NULL, 1000);
		data = (const char *)data + n;
		size -= (size_t)n;
	}
}

/* Starts a worker that sends these bytes and nothing more. */
static void start_liar(struct fixture *f, const void *data, size_t size)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		say(f, data, size);
		for (;;)
			pause();
	}
	f->pids[LIAR] = pid;
	atomic_store(&arena_slot(f->crew.arena, LIAR)->pid, pid);
}

static void is_named(struct fixture *f, const char *what)
{
	while (crew_serve(&f->crew, &f->round) == 0)
		;
	if (f->crew.failure.kind != FAILURE_ERROR || f->crew.failure.pid != f->pids[LIAR] ||
	    strcmp(f->crew.failure.message, "worker 1: sent what is not a message"))
		fail_msg("%s: %s: %s", f->transport->name, what, f->crew.failure.message);
}

/* ---- Heads of messages ---- */

struct lie {
	const char *what;
	struct message heads[HEADS];
	unsigned count;
};

#define HEAD(kind_, first_, size_)                                                                                     \
	{ .kind = (kind_), .check = MESSAGE_CHECK ^ (kind_), .first = (first_), .size = (size_) }
#define ASK HEAD(MESSAGE_REQUEST, 0, 0)
#define HUGE_SIZE (UINT64_C(1) << 63)

/* Each begins by asking for items, and so has item 0; where ranges are shared asking is a lie already. */
static const struct lie lies[] = {
	{ "zeroes", { ASK, { 0 } }, 2 },
	{ "a wrong check", { ASK, { MESSAGE_END, MESSAGE_CHECK, 0, 0 } }, 2 },
	{ "no kind", { ASK, HEAD(0, 0, 0) }, 2 },
	{ "a kind that there is not", { ASK, HEAD(MESSAGE_INPUT + 1, 0, 0) }, 2 },
	{ "what only the parent says", { ASK, HEAD(MESSAGE_RANGE, 0, 1) }, 2 },
	{ "an input", { ASK, HEAD(MESSAGE_INPUT, 0, 0) }, 2 },
	{ "arguments", { ASK, HEAD(MESSAGE_ARGUMENTS, 0, 0) }, 2 },
	{ "a huge result", { ASK, HEAD(MESSAGE_RESULT, 0, HUGE_SIZE) }, 2 },
	{ "a result whose end wraps around", { ASK, HEAD(MESSAGE_RESULT, 0, UINT64_MAX - 8) }, 2 },
	{ "a result one byte too long", { ASK, HEAD(MESSAGE_RESULT, 0, OUTPUT_MAX + 1) }, 2 },
	{ "a result of no item", { ASK, HEAD(MESSAGE_RESULT, ITEMS, 0) }, 2 },
	{ "a result of an item below 0", { ASK, HEAD(MESSAGE_RESULT, UINT64_MAX, 0) }, 2 },
	{ "a result of an item that nobody has", { ASK, HEAD(MESSAGE_RESULT, ITEMS - 1, 0) }, 2 },
	{ "a result twice", { ASK, HEAD(MESSAGE_RESULT, 0, 0), HEAD(MESSAGE_RESULT, 0, 0) }, 3 },
	{ "a result after its error", { ASK, HEAD(MESSAGE_ERROR, 0, EIO), HEAD(MESSAGE_RESULT, 0, 0) }, 3 },
	{ "no error", { ASK, HEAD(MESSAGE_ERROR, 0, 0) }, 2 },
	{ "an error beyond all", { ASK, HEAD(MESSAGE_ERROR, 0, 4096) }, 2 },
	{ "a huge error", { ASK, HEAD(MESSAGE_ERROR, 0, HUGE_SIZE) }, 2 },
	{ "an error of no item", { ASK, HEAD(MESSAGE_ERROR, ITEMS, EIO) }, 2 },
	{ "a request before the answer", { ASK, ASK, ASK }, 3 },
	{ "a request of no items", { HEAD(MESSAGE_REQUEST, ITEMS, 1) }, 1 },
	{ "a request of items below 0", { HEAD(MESSAGE_REQUEST, UINT64_MAX, 1) }, 1 },
	{ "a huge request", { HEAD(MESSAGE_REQUEST, 0, HUGE_SIZE) }, 1 },
	{ "that it leaves, and may not", { ASK, HEAD(MESSAGE_LEAVE, 0, 0) }, 2 },
};

static void heads(void **state)
{
	for (size_t t = 0; registry_transports[t]; t++)
		for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
			struct fixture f;
			unsigned asks = lies[i].count > 1 && registry_transports[t]->shared_ranges &&
					lies[i].heads[1].kind != MESSAGE_REQUEST;

			if (!setup(&f, registry_transports[t]))
				continue;
			start_liar(&f, lies[i].heads + asks, (lies[i].count - asks) * sizeof(struct message));
			is_named(&f, lies[i].what);
			assert_true(f.results <= 1);
			teardown(&f);
		}
}

/* ---- Noise ---- */

static void noise(void **state)
{
	static const size_t sizes[] = { sizeof(struct message), 1000, 70000, 1000000 };
	unsigned char *data = malloc(1000000);
	uint64_t random = 88172645463325252u;

	assert_non_null(data);
	for (size_t i = 0; i < 1000000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		data[i] = (unsigned char)random;
	}
	for (size_t t = 0; registry_transports[t]; t++)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			struct fixture f;

			if (!setup(&f, registry_transports[t]))
				continue;
			start_liar(&f, data, sizes[i]);
			is_named(&f, "noise");
			assert_int_equal(f.results, 0);
			teardown(&f);
		}
	free(data);
}

/* ---- Half a message ---- */

/* Starts a worker that sends `size` bytes of the result of item 0, which it asks for before if it must. */
static void start_half(struct fixture *f, size_t size)
{
	static const struct message heads[] = { ASK, HEAD(MESSAGE_RESULT, 0, OUTPUT_MAX) };
	size_t asks = f->transport->shared_ranges ? 0 : sizeof(heads[0]);
	char *data = calloc(1, sizeof(heads) + OUTPUT_MAX);

	assert_non_null(data);
	memcpy(data, &heads[asks == 0], sizeof(heads[1]) + asks);
	start_liar(f, data, asks + size);
	free(data);
}

/* Replaces the mode's launch(): the next worker sends the whole result. */
static int launch_whole(struct crew *crew, unsigned w, enum worker_task task)
{
	(void)w, (void)task;
	start_half(crew->own, sizeof(struct message) + OUTPUT_MAX);
	return 0;
}

static void serve_until(struct fixture *f, uint64_t results)
{
	unsigned w;
	int moved = 0;

	while (f->results < results && moved >= 0) {
		moved = dealer_serve(f->crew.dealer, &w);
		if (moved == 0)
			dealer_wait(f->crew.dealer, 50);
	}
	if (moved < 0)
		fail_msg("%s: %s", f->transport->name, strerror(-moved));
}

static void half(void **state)
{
	static const size_t sizes[] = { 10, sizeof(struct message), sizeof(struct message) + 100,
					sizeof(struct message) + OUTPUT_MAX - 1 };
	struct mode mode = *registry_mode("executor");

	mode.launch = launch_whole;
	for (size_t t = 0; registry_transports[t]; t++)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			struct fixture f;
			unsigned w;

			if (!setup(&f, registry_transports[t]))
				continue;
			f.crew.mode = &mode;
			f.crew.own = &f;
			start_half(&f, sizes[i]);
			for (unsigned turn = 0; turn < TURNS; turn++) {
				assert_true(dealer_serve(f.crew.dealer, &w) >= 0);
				dealer_wait(f.crew.dealer, 1);
			}
			assert_int_equal(crew_replace_lost(&f.crew, LIAR), 0);
			assert_int_equal(f.results, 0);
			serve_until(&f, 1);
			teardown(&f);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads),
		cmocka_unit_test(noise),
		cmocka_unit_test(half),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
