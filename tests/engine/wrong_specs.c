/* A cell process that gets a specification with a value missing, or of a wrong type: it does its work, or it says what
 * is wrong, but it does not crash. */
#include "model/registry.h"
#include "run/cell/cell.h"
#include "run/crew/arena.h"
#include "run/wire/frames.h"
#include "run/wire/spec.h"
#include "tests/test.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const wrong_values[] = { "null", "true", "-1", "1.5", "\"\"", "\"later\"", "[]", "[{}]", "{}",
					    "{\"a\": null}", "9223372036854775807" };

/* A specification that is right, as JSON. */
static json_t *right_spec(const char *mode, int arena)
{
	static struct cpus bind[2] = { { .bits[0] = 1 }, { .bits[0] = 1 } };
	const struct mode *own = registry_mode(mode);
	struct spec spec = {
		.cell = { .workload = "sumsq", .values = (const char *[]){ "10" }, .mode = mode,
			  .transport = own->processes ? "pipe" : NULL, .schedule = own->parallel ? "dynamic" : NULL,
			  .chunk = own->parallel, .workers = own->parallel ? 2 : 1, .items = 4, .bind = "core" },
		.cache = ".", .run = ".", .scratch = ".", .rounds = 1, .items_asked = 4,
		.bind = own->parallel ? bind : NULL, .arena_fd = arena,
		.counters = { .infos[0] = { .name = "cpu_time", .unit = "ns" }, .count = 1 },
	};
	char *text = spec_encode(&spec);
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(json);
	free(text);
	return json;
}

/* Lets a cell process of its own do what the specification says; returns how it ended, as wait(2) has it. */
static int run_cell(const json_t *spec)
{
	char *text = json_dumps(spec, JSON_COMPACT | JSON_ENCODE_ANY);
	char drain[4096];
	int ends[2], status;
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		signal(SIGSEGV, SIG_DFL); /* cmocka's would go on with the tests */
		signal(SIGFPE, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		signal(SIGABRT, SIG_DFL);
		alarm(60);
		_exit(cell_main(ends[1]));
	}
	close(ends[1]);
	frame_send(ends[0], FRAME_SPEC, text, strlen(text));
	frame_send(ends[0], FRAME_WEIGHTS, NULL, 0);
	while (read(ends[0], drain, sizeof(drain)) > 0)
		;
	close(ends[0]);
	free(text);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void assert_exits(const json_t *spec, const char *mode, const char *key, const char *value)
{
	int status = run_cell(spec);

	if (!WIFEXITED(status))
		fail_msg("%s: '%s' is %s: signal %d", mode, key, value, WTERMSIG(status));
}

/* Tries an object's keys one by one: without it, and with each of the wrong values. */
static void try_keys(const json_t *whole, json_t *object, const char *mode)
{
	void *next;

	for (void *at = json_object_iter(object); at; at = next) {
		const char *key = json_object_iter_key(at);
		json_t *right = json_incref(json_object_iter_value(at));

		next = json_object_iter_next(object, at);
		for (size_t i = 0; i < sizeof(wrong_values) / sizeof(*wrong_values); i++) {
			json_t *wrong = json_loads(wrong_values[i], JSON_DECODE_ANY, NULL);

			if (json_is_integer(wrong) && (!strcmp(key, "rounds") || !strcmp(key, "initializer_ns"))) {
				json_decref(wrong); /* a large number is right, and takes for ever */
				continue;
			}
			json_object_set_new(object, key, wrong);
			assert_exits(whole, mode, key, wrong_values[i]);
		}
		json_object_set_new(object, key, right);
	}
}

static void any_value_may_be_wrong(void **state)
{
	static const char *const modes[] = { "sequential", "threads", "pool", "executor" };

	for (size_t m = 0; m < sizeof(modes) / sizeof(*modes); m++) {
		int arena = arena_create();
		json_t *spec = right_spec(modes[m], arena);

		assert_exits(spec, modes[m], "nothing", "wrong");
		try_keys(spec, spec, modes[m]);
		try_keys(spec, json_object_get(spec, "calling"), modes[m]);
		try_keys(spec, json_object_get(spec, "log"), modes[m]);
		try_keys(spec, json_array_get(json_object_get(spec, "counters"), 0), modes[m]);
		json_decref(spec);
		close(arena);
	}
}

static void no_specification(void **state)
{
	static const char *const texts[] = { "null", "[]", "{}", "{\"workload\": {}}" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		json_t *json = json_loads(texts[i], JSON_DECODE_ANY, NULL);

		assert_exits(json, "none", "all", texts[i]);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_value_may_be_wrong),
		cmocka_unit_test(no_specification),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
