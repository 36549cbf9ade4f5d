/* The specification of an invocation: what a cell process reads is what the supervisor wrote; and of a text that says
 * less, as one of another build may, the rest is 0, false or NULL. */
#include "model/registry.h"
#include "run/wire/spec.h"
#include "tests/test.h"

static void round_trip(void **state)
{
	const char *values[] = { "2", NULL };
	const uint64_t picked[] = { 1, 5 };
	struct cpus bind[2] = { { .bits[0] = 1 }, { .bits[CPUS_WORDS - 1] = UINT64_MAX } };
	struct spec found, spec = {
		.cell = { .workload = "wait", .values = values, .mode = "pool", .per_item = true, .transport = "pipe",
			  .schedule = "guided", .chunk = 3, .workers = 2, .items = 2, .items_of = UINT64_MAX,
			  .picked = picked, .input = "\xff\xfe/\"",
			  .calling = { .call = "imap", .recycle = 4, .in_flight = 5, .retry = true } },
		.describe = true, .probe_only = true, .object = "o.so", .cache = "c", .run = "r", .scratch = "s",
		.invocation = 6, .rounds = 7, .run_ns = 8, .deadline_ns = 9, .items_asked = 10, .digest_first = 11,
		.digest_count = 12, .bind = bind, .instructions = true, .arena_fd = 13,
		.by_turns = true, .ring_fd = 15, .seat = 2, .mapping = 16,
		.log = { .level = LOG_DEBUG, .fd = 14 },
		.counters = { .infos[0] = { .name = "answer", .unit = "1" }, .source[0] = 1, .count = 1 },
	};
	char *text = spec_encode(&spec), *again;

	(void)state;
	assert_non_null(text);
	assert_int_equal(spec_decode(&found, text, strlen(text)), 0);
	assert_string_equal(found.cell.input, "\xff\xfe/\""); /* a name of a file is any bytes */
	assert_string_equal(found.cell.values[0], "2");
	assert_true(found.cell.items_of == UINT64_MAX && found.cell.calling.retry && found.arena_fd == 13);
	assert_true(found.by_turns && found.ring_fd == 15 && found.seat == 2 && found.mapping == 16);
	assert_memory_equal(found.bind, bind, sizeof(bind));
	assert_memory_equal(found.cell.picked, picked, sizeof(picked));
	again = spec_encode(&found);
	assert_string_equal(again, text);
	spec_release(&found);
	free(again);
	free(text);
}

static void less_is_said(void **state)
{
	const char *text = "{\"workload\": \"wait\", \"of a later build\": {\"a\": [1]}}";
	struct spec found;

	(void)state;
	assert_int_equal(spec_decode(&found, text, strlen(text)), 0);
	assert_string_equal(found.cell.workload, "wait");
	assert_true(!found.cell.mode && !found.cell.workers && !found.bind && !found.rounds && !found.instructions);
	spec_release(&found);
	assert_int_equal(spec_decode(&found, text, strlen(text) - 1), -EINVAL);
	spec_release(&found);
}

/* ---- What this build cannot do ---- */

static void assert_refused(const char *text, const char *words)
{
	struct spec found;
	char why[256] = "";

	assert_int_equal(spec_decode(&found, text, strlen(text)), 0);
	if (spec_check(&found, WHY(why)) == 0) {
		const struct workload *workload = spec_workload(&found, WHY(why));

		assert_true(!workload || spec_check_values(&found, workload, WHY(why)) == -EINVAL);
	}
	if (!strstr(why, words))
		fail_msg("'%s' does not say '%s'", why, words);
	spec_release(&found);
}

#define WAIT "\"workload\": \"wait\", \"values\": [\"1\"], "
#define POOL WAIT "\"mode\": \"pool\", \"transport\": \"shm\", \"workers\": 2, "

static void what_is_not_there(void **state)
{
	assert_refused("{}", "names no workload");
	assert_refused("[]", "names no workload");
	assert_refused("{\"workload\": 5}", "names no workload");
	assert_refused("{\"workload\": \"none\", \"probe_only\": true}", "no workload 'none'");
	assert_refused("{\"workload\": \"wait\", \"probe_only\": true}", "'wait' has a parameter 'ms'");
	assert_refused("{\"workload\": \"wait\", \"values\": [1], \"probe_only\": true}", "parameter 'ms'");
	assert_refused("{" WAIT "\"workers\": 1}", "no mode ''");
	assert_refused("{" WAIT "\"mode\": \"later\"}", "no mode 'later'");
	assert_refused("{" WAIT "\"mode\": \"pool\", \"workers\": 1}", "'pool' of this build needs a transport");
	assert_refused("{" WAIT "\"mode\": \"threads\", \"transport\": \"shm\"}", "does not take a transport");
	assert_refused("{" POOL "\"transport\": \"later\"}", "no transport 'later'");
	assert_refused("{" POOL "\"schedule\": \"later\"}", "no schedule 'later'");
	assert_refused("{" POOL "\"workers\": \"2\"}", "not 0");
	assert_refused("{" POOL "\"workers\": 1025}", "1 to 1024 workers, not 1025");
	assert_refused("{" POOL "\"items\": 3, \"picked\": [0, 1]}", "picks 2 items, not 3");
	assert_refused("{" POOL "\"items\": 2, \"items_of\": 2000000001}", "at most 2000000000 items");
	assert_refused("{" POOL "\"bind\": [[1]]}", "does not place each");
	assert_refused("{" POOL "\"ring_fd\": 5}", "takes no turns");
	assert_refused("{" POOL "\"by_turns\": true, \"ring_fd\": 5, \"seat\": 3}", "3 seats, not 4");
	assert_refused("{" POOL "\"calling\": {\"call\": \"later\"}}", "no call 'later'");
	assert_refused("{" POOL "\"calling\": {\"retry\": true}}", "mode 'pool' of this build has no 'retry'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(less_is_said),
		cmocka_unit_test(what_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
