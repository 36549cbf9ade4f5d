/* What is kept of a child's output: its digest, however it comes in pieces, and its last lines. */
#include "base/output.h"
#include "tests/test.h"

#include <unistd.h>

static int open_pipe(void **state)
{
	struct output *o = calloc(1, sizeof(*o));

	*state = o;
	return !o || output_open(o);
}

static int close_pipe(void **state)
{
	output_close(*state);
	free(*state);
	return 0;
}

/* Writes bytes as a child would, in pieces of `piece` bytes. */
static void print(struct output *o, const char *data, size_t size, size_t piece)
{
	output_begin(o);
	for (size_t at = 0; at < size; at += piece) {
		size_t part = size - at < piece ? size - at : piece;

		assert_int_equal(write(o->child_fd, data + at, part), part);
		output_end(o);
	}
	output_end(o); /* also if nothing was printed */
}

static uint64_t digest_of(struct output *o, const char *data, size_t size, size_t piece)
{
	print(o, data, size, piece);
	return output_digest(o);
}

static void pieces(void **state)
{
	static char data[3 * OUTPUT_BLOCK + 5];
	const size_t size = sizeof(data);
	uint64_t digest;

	for (size_t i = 0; i < size; i++)
		data[i] = (char)(i * i / 7);
	digest = digest_of(*state, data, size, 60000);
	assert_int_equal(digest_of(*state, data, size, 1000), digest);
	assert_int_equal(digest_of(*state, data, size, 65536), digest);
	assert_int_not_equal(digest_of(*state, data, size - 1, 60000), digest);
	data[0]++;
	assert_int_not_equal(digest_of(*state, data, size, 60000), digest);
	assert_int_not_equal(digest_of(*state, "\0", 1, 1), digest_of(*state, "", 0, 1));
}

static void are_last(struct output *o, const char *printed, const char *expected)
{
	char text[512];

	print(o, printed, strlen(printed), 100);
	assert_string_equal(output_last_lines(o, text, sizeof(text)), expected);
}

static void last_lines(void **state)
{
	struct output *o = *state;
	char text[8] = "x";

	are_last(o, "", "");
	are_last(o, "\n\r\n", "");
	are_last(o, "one", "one");
	are_last(o, "one\n\ntwo\rthree\n", "one / two / three");
	are_last(o, "zero\none\ntwo\nthree\n", "one / two / three");
	are_last(o, "a\tb \033[31m\001\001\001c\x7f", "a b \\x1b[31m\\x01c\\x7f");
	are_last(o, "\xc3\xa9 \xe2\x82\xac \xc2\x9b \xe2\x82 \x9b",
		 "\xc3\xa9 \xe2\x82\xac \\xc2\\x9b \\xe2\\x82 \\x9b");
	assert_string_equal(output_last_lines(NULL, text, sizeof(text)), "");
	are_last(o, "a line that is longer than the text", "a line that is longer than the text");
	output_last_lines(o, text, sizeof(text));
	assert_true(strlen(text) < sizeof(text));
}

/* Lines lie across blocks; what lies further back is forgotten. */
static void across_blocks(void **state)
{
	static char data[OUTPUT_BLOCK + 3];
	struct output *o = *state;
	char text[512];

	memset(data, 'x', sizeof(data));
	memcpy(data + OUTPUT_BLOCK - 10, "\nlast line\nhe", 13);
	print(o, data, sizeof(data), 50000);
	output_last_lines(o, text, sizeof(text));
	assert_non_null(strstr(text, "x / last line / he"));
	assert_int_equal(strncmp(text, "..xxx", 5), 0);
}

/* What one child has printed is kept when another one starts, until neither can write. */
static void several_at_a_time(void **state)
{
	struct output *o = *state;
	char text[64];

	output_begin(o);
	assert_int_equal(write(o->child_fd, "one\n", 4), 4);
	output_begin(o);
	assert_int_equal(write(o->child_fd, "two\n", 4), 4);
	output_end(o);
	assert_string_equal(output_last_lines(o, text, sizeof(text)), "one / two");
	output_end(o);
	are_last(o, "three", "three");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pieces, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(last_lines, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(across_blocks, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(several_at_a_time, open_pipe, close_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
