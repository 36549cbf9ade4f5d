/* The workload `payload`: it finds damaged inputs and outputs, and all processes of a run do as many steps. */
#include "tests/unit/items.h"

#include <sys/wait.h>

extern const struct workload workload_payload;
static const struct workload *const payload = &workload_payload;

#define SPEED "payload.speed"

static void init(struct sandbox *box, const char *in, const char *out, const char *us)
{
	sandbox_init(box);
	sandbox_presets(box, payload);
	sandbox_set(box, payload, "in", in);
	sandbox_set(box, payload, "out", out);
	sandbox_set(box, payload, "us", us);
}

static void finds_damaged_inputs(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct buffer out = { 0 };
	struct bytes in;
	uint8_t copy[101];

	init(&box, "100", "8", "0");
	sandbox_open(&box, payload, &open);
	assert_int_equal(payload->input(open.data, 5, &in), 0);
	assert_int_equal(in.size, 100);
	memcpy(copy, in.data, 100);
	for (size_t i = 0; i < 100; i++) {
		copy[i] ^= 1;
		assert_int_equal(item_do_with(payload, &open, 5, (struct bytes){ copy, 100 }, &out), -EBADMSG);
		copy[i] ^= 1;
	}
	assert_int_equal(item_do_with(payload, &open, 5, (struct bytes){ copy, 100 }, &out), 0);
	assert_int_equal(item_do_with(payload, &open, 5, (struct bytes){ copy, 99 }, &out), -EBADMSG);
	assert_int_equal(item_do_with(payload, &open, 5, (struct bytes){ copy, 101 }, &out), -EBADMSG);
	assert_int_equal(item_do_with(payload, &open, 5, (struct bytes){ 0 }, &out), -EBADMSG);
	assert_int_equal(item_do_with(payload, &open, 6, (struct bytes){ copy, 100 }, &out), -EBADMSG);
	free(out.data);
	payload->close(open.data);
	sandbox_release(&box);
}

static void finds_damaged_outputs(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct buffer out = { 0 };

	init(&box, "7", "77", "0");
	sandbox_open(&box, payload, &open);
	item_do(payload, &open, 5, &out);
	assert_int_equal(out.size, 77);
	for (size_t i = 0; i < 77; i++) {
		((uint8_t *)out.data)[i] ^= 0x80;
		assert_int_equal(item_check(payload, &open, 5, &out), -EBADMSG);
		((uint8_t *)out.data)[i] ^= 0x80;
	}
	assert_int_equal(item_check(payload, &open, 5, &out), 0);
	assert_int_equal(item_check(payload, &open, 5 + 16, &out), -EBADMSG); /* of the same input */
	free(out.data);
	payload->close(open.data);
	sandbox_release(&box);
}

static void takes_any_size(void **state)
{
	static const struct {
		const char *in, *out, *us;
	} cases[] = { { "0", "0", "0" },	 { "0", "1", "0.5" }, { "1", "0", "0" },
		      { "31", "33", "0.001" }, { "32", "8", "0" },  { "1000003", "999999", "1.25" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sandbox box;
		struct workload_state open;
		struct buffer out = { 0 };
		struct bytes in;

		init(&box, cases[i].in, cases[i].out, cases[i].us);
		sandbox_open(&box, payload, &open);
		assert_int_equal(open.items, 1000);
		assert_int_equal(open.output_max, atoi(cases[i].out));
		assert_int_equal(payload->input(open.data, 999, &in), 0);
		assert_int_equal(in.size, atoi(cases[i].in));
		item_do(payload, &open, 999, &out);
		assert_int_equal(out.size, atoi(cases[i].out));
		assert_int_equal(item_check(payload, &open, 999, &out), 0);
		free(out.data);
		payload->close(open.data);
		sandbox_release(&box);
	}
}

static void open_and_close(struct sandbox *box)
{
	struct workload_state open;

	sandbox_open(box, payload, &open);
	payload->close(open.data);
}

static void measures_once_a_run(void **state)
{
	struct sandbox box;
	struct buffer text;

	init(&box, "8", "8", "10");
	open_and_close(&box);
	text = sandbox_read(box.run, SPEED);
	assert_true(atoi(text.data) > 0);
	free(text.data);
	sandbox_write(box.run, SPEED, "12345\n", 6); /* no machine has just this speed */
	open_and_close(&box);
	text = sandbox_read(box.run, SPEED);
	assert_string_equal(text.data, "12345\n");
	free(text.data);
	sandbox_release(&box);
}

static void measures_again_when_damaged(void **state)
{
	static const char *const damaged[] = { "", "0\n", "123", "abc\n", "-5\n", "5 6\n", "99999999999999999999\n" };
	struct sandbox box;

	init(&box, "8", "8", "10");
	for (size_t i = 0; i < sizeof(damaged) / sizeof(*damaged); i++) {
		struct buffer text;

		sandbox_write(box.run, SPEED, damaged[i], strlen(damaged[i]));
		open_and_close(&box);
		text = sandbox_read(box.run, SPEED);
		assert_true(atoi(text.data) > 0);
		assert_string_not_equal(text.data, damaged[i]);
		free(text.data);
	}
	sandbox_release(&box);
}

/* Processes that begin at the same time all find the same number of steps. */
static void processes_agree(void **state)
{
	struct sandbox box;
	struct buffer text, seen;
	pid_t children[4];

	init(&box, "8", "8", "10");
	for (size_t i = 0; i < 4; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			char name[16];

			open_and_close(&box);
			text = sandbox_read(box.run, SPEED);
			snprintf(name, sizeof(name), "%zu", i);
			sandbox_write(box.scratch, name, text.data, text.size);
			free(text.data);
			_exit(0);
		}
	}
	for (size_t i = 0; i < 4; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	text = sandbox_read(box.run, SPEED);
	for (size_t i = 0; i < 4; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%zu", i);
		seen = sandbox_read(box.scratch, name);
		items_equal(&seen, &text);
		free(seen.data);
	}
	free(text.data);
	sandbox_release(&box);
}

static void names_a_folder_that_cannot_be_used(void **state)
{
	struct sandbox box;
	char missing[2 * SANDBOX_PATH];

	init(&box, "8", "8", "10");
	snprintf(missing, sizeof(missing), "%s/none", box.run);
	box.options.run = missing;
	sandbox_refused(&box, payload, -ENOENT, "/none': No such file or directory");
	snprintf(missing, sizeof(missing), "%s/" SPEED, box.run);
	assert_int_equal(mkdir(missing, 0777), 0);
	box.options.run = box.run;
	sandbox_refused(&box, payload, -EISDIR, "/payload.speed': Is a directory");
	sandbox_release(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_damaged_inputs),
		cmocka_unit_test(finds_damaged_outputs),
		cmocka_unit_test(takes_any_size),
		cmocka_unit_test(measures_once_a_run),
		cmocka_unit_test(measures_again_when_damaged),
		cmocka_unit_test(processes_agree),
		cmocka_unit_test(names_a_folder_that_cannot_be_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
