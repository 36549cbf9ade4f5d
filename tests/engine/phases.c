/* The order of phases in a cell process: in which order the workload, the mode and a counter source are called, and the
 * frames are sent. All three are fakes that record their calls; the registries of this program have nothing else. */
#include "model/registry.h"
#include "run/cell/cell.h"
#include "run/wire/frames.h"
#include "run/wire/spec.h"
#include "run/worker/worker.h"
#include "tests/test.h"

#include <sys/socket.h>
#include <unistd.h>

static char calls[4096]; /* " open start ..." */

static void note(const char *call)
{
	snprintf(calls + strlen(calls), sizeof(calls) - strlen(calls), " %s", call);
}

static int fake_open(const struct workload_options *options, struct workload_state *state)
{
	note("open");
	if (!strcmp(options->values[0], "yes")) {
		why_say(WHY(state->why), "refused as told");
		return -EINVAL;
	}
	state->data = calls;
	state->items = !strcmp(options->values[0], "items") ? 0 : 2;
	return 0;
}

static int fake_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	note("work");
	return 0;
}

static int fake_check(const void *data, uint64_t item, struct bytes out)
{
	note("check");
	return 0;
}

static void fake_close(void *data)
{
	note("close");
}

static const struct param fake_params[] = { { "refuse", "no", NULL, "yes|no|items", "open fails" }, { 0 } };

static const struct workload fake_workload = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "fake",
	.item = "item",
	.params = fake_params,
	.open = fake_open,
	.work = fake_work,
	.check = fake_check,
	.close = fake_close,
};

static int fake_start(struct crew *crew)
{
	note("start");
	crew->own = worker_create(crew, 0);
	return crew->own ? 0 : -errno;
}

static int fake_round(struct crew *crew, struct round *round)
{
	note(round->warmup ? "warmup[" : "round[");
	round->start_ns = crew->arena->start_ns = clock_ns();
	worker_round(crew->own);
	round->end_ns = clock_ns();
	note("]");
	return 0;
}

static void fake_stop(struct crew *crew)
{
	note("stop");
	worker_destroy(crew->own);
}

static const struct mode fake_mode = { .name = "fake", .start = fake_start, .round = fake_round, .stop = fake_stop };

static size_t counter_list(struct counter_info *infos, size_t max)
{
	return 0;
}

static void *counter_open(const struct counter_info *infos, const bool *wanted, size_t count)
{
	note("counters");
	return calls;
}

static void counter_begin(void *state)
{
	note("begin");
}

static void counter_end(void *state, const struct counter_info *infos, double *values, size_t count)
{
	note("end");
	values[0] = 42;
}

static void counter_close(void *state)
{
	note("uncounters");
}

static const struct counter_source fake_source = {
	.name = "fake",
	.cheap = true,
	.list = counter_list,
	.open = counter_open,
	.begin = counter_begin,
	.end = counter_end,
	.close = counter_close,
};

const struct workload *const registry_workloads[] = { &fake_workload, NULL };
const struct mode *const registry_modes[] = { &fake_mode, NULL };
const struct transport *const registry_transports[] = { NULL };
const struct counter_source *const registry_counter_sources[] = { &fake_source, NULL };

/* Runs one invocation in this process; leaves its frames in `frames`, one letter each. */
static void invoke(const char *refuse, bool probe_only, char *frames, size_t size, struct sample *last)
{
	static const char letters[] = "?SWp-fscCF.";
	struct spec spec = {
		.cell = { .workload = "fake", .values = &refuse, .mode = "fake", .workers = 1, .items = 2 },
		.probe_only = probe_only,
		.rounds = 1,
		.counters = { .sources = registry_counter_sources,
			      .infos = { { .name = "answer", .unit = "1" } },
			      .count = 1 },
		.arena_fd = arena_create(),
	};
	struct frame_buffer buffer = { 0 };
	struct frame_head head;
	const void *data;
	char *text = spec_encode(&spec);
	int ends[2];

	calls[0] = '\0';
	memset(frames, 0, size);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	frame_send(ends[0], FRAME_SPEC, text, strlen(text));
	frame_send(ends[0], FRAME_WEIGHTS, NULL, 0);
	assert_int_equal(cell_main(ends[1]), 0);
	close(ends[1]);
	while (frame_receive(&buffer, ends[0], &head, &data) == 1) {
		frames[strlen(frames)] = letters[head.type];
		if (head.type != FRAME_SAMPLE)
			continue;
		*last = (struct sample){ 0 };
		assert_int_equal(frame_read_record(&head, data, last), 0);
		free(last->worker);
	}
	frame_release(&buffer);
	close(ends[0]);
	close(spec.arena_fd);
	free(text);
}

static void assert_begins(const char *text, const char *with)
{
	if (strncmp(text, with, strlen(with)))
		fail_msg("'%s' does not begin with '%s'", text, with);
}

static void assert_ends(const char *text, const char *with)
{
	if (strlen(text) < strlen(with) || strcmp(text + strlen(text) - strlen(with), with))
		fail_msg("'%s' does not end with '%s'", text, with);
}

/* Disturbed rounds may be repeated, so the middle is not asserted. */
static void whole_invocation(void **state)
{
	struct sample last;
	char frames[256];

	invoke("no", false, frames, sizeof(frames), &last);
	assert_begins(calls, " open start warmup[ counters begin work check work check end ]"
			     " round[ begin work work end ] round[");
	assert_ends(calls, " ] stop uncounters close");
	assert_begins(frames, "pfpppsps"); /* open, facts, start, round, check, sample, round, sample */
	assert_ends(frames, "pcC.");	   /* stop, costs, crew, end */
	assert_false(last.warmup);
	assert_int_equal(last.items, 2);
	assert_true(last.total.counters[0] == 42);
}

static void probe_only_opens(void **state)
{
	struct sample last;
	char frames[256];

	invoke("no", true, frames, sizeof(frames), &last);
	assert_string_equal(calls, " open close");
	assert_string_equal(frames, "pf.");
}

/* An invocation that fails ends its process without releasing anything, so it runs in a child. */
static void assert_told(const char *refuse, const char *message)
{
	struct spec spec = {
		.cell = { .workload = "fake", .values = &refuse, .mode = "fake", .workers = 1 }
	};
	struct frame_buffer buffer = { 0 };
	struct frame_head head;
	struct failure failure = { 0 };
	const void *data;
	char *text = spec_encode(&spec);
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	frame_send(ends[0], FRAME_SPEC, text, strlen(text));
	frame_send(ends[0], FRAME_WEIGHTS, NULL, 0);
	if (fork() == 0) {
		cell_main(ends[1]);
		_exit(1);
	}
	close(ends[1]);
	assert_int_equal(frame_receive(&buffer, ends[0], &head, &data), 1);
	assert_int_equal(head.type, FRAME_PHASE);
	assert_int_equal(frame_receive(&buffer, ends[0], &head, &data), 1);
	assert_int_equal(head.type, FRAME_FAILURE);
	assert_int_equal(frame_read_record(&head, data, &failure), 0);
	assert_string_equal(failure.message, message);
	assert_int_equal(frame_receive(&buffer, ends[0], &head, &data), 1);
	assert_int_equal(head.type, FRAME_END);
	frame_release(&buffer);
	close(ends[0]);
	free(text);
}

static void refusal_is_told(void **state)
{
	assert_told("yes", "refused as told");
	assert_told("items", "open() has set no items");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_invocation),
		cmocka_unit_test(probe_only_opens),
		cmocka_unit_test(refusal_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
