/* The workload `compress`: it finds frames that are damaged or of another content, and files that have changed. */
#include "tests/unit/items.h"

#include <zstd.h>

extern const struct workload workload_compress;
static const struct workload *const compress = &workload_compress;

#define TEXT "to be, or not to be, that is the question: to be, or not to be"

static void init(struct sandbox *box)
{
	sandbox_init(box);
	sandbox_presets(box, compress);
	box->options.input = box->pics;
	sandbox_write(box->pics, "a", TEXT, sizeof(TEXT));
}

static void knows_damaged_frames(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct buffer out = { 0 };
	size_t size;

	init(&box);
	sandbox_open(&box, compress, &open);
	item_do(compress, &open, 0, &out);
	size = out.size;
	for (out.size = 0; out.size < size; out.size++)
		assert_int_equal(item_check(compress, &open, 0, &out), -EBADMSG);
	for (size_t i = 0; i < size; i++) {
		uint8_t *byte = (uint8_t *)out.data + i;

		if (i == 4) /* a byte of the frame's header, in which some bits change nothing */
			continue;
		*byte ^= 0x20;
		assert_int_equal(item_check(compress, &open, 0, &out), -EBADMSG);
		*byte ^= 0x20;
	}
	assert_int_equal(item_check(compress, &open, 0, &out), 0);
	free(out.data);
	compress->close(open.data);
	sandbox_release(&box);
}

static void knows_frames_of_something_else(void **state)
{
	static const char *const others[] = { "", "x", TEXT TEXT };
	struct sandbox box;
	struct workload_state open;
	char frame[256];

	init(&box);
	sandbox_open(&box, compress, &open);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		size_t size = ZSTD_compress(frame, sizeof(frame), others[i], strlen(others[i]), 3);

		assert_false(ZSTD_isError(size));
		assert_int_equal(compress->check(open.data, 0, (struct bytes){ frame, size }), -EBADMSG);
	}
	compress->close(open.data);
	sandbox_release(&box);
}

static void takes_payloads(void **state)
{
	struct sandbox box;
	struct buffer file, memory;

	init(&box);
	file = item_once(&box, compress, 0);
	sandbox_set(&box, compress, "io", "memory");
	memory = item_once(&box, compress, 0);
	items_equal(&file, &memory);
	free(file.data);
	free(memory.data);
	sandbox_release(&box);
}

/* Content that cannot be compressed becomes larger, and there is room for it. */
static void has_room_for_noise(void **state)
{
	struct sandbox box;
	struct buffer out;
	uint8_t noise[5000];
	uint32_t random = 1;

	init(&box);
	for (size_t i = 0; i < sizeof(noise); i++) {
		random = random * 1664525 + 1013904223;
		noise[i] = (uint8_t)(random >> 24);
	}
	sandbox_write(box.pics, "a", noise, sizeof(noise));
	out = item_once(&box, compress, 0);
	assert_true(out.size > sizeof(noise));
	free(out.data);
	sandbox_release(&box);
}

static void a_higher_level_is_smaller(void **state)
{
	struct sandbox box;
	struct buffer low, high;

	init(&box);
	box.options.input = NULL;
	box.options.items = 1;
	sandbox_set(&box, compress, "level", "1");
	low = item_once(&box, compress, 0);
	sandbox_set(&box, compress, "level", "9");
	high = item_once(&box, compress, 0);
	assert_true(high.size < low.size);
	assert_true(2 * low.size < 512 << 10); /* as text is: not noise, nor all the same */
	assert_true(5 * high.size > 512 << 10);
	free(low.data);
	free(high.data);
	sandbox_release(&box);
}

static void leaves_out_empty_files(void **state)
{
	struct sandbox box;
	struct workload_state open;

	init(&box);
	sandbox_write(box.pics, "b", "", 0);
	sandbox_open(&box, compress, &open);
	assert_int_equal(open.items, 1);
	assert_int_equal(box.skipped, 1);
	assert_string_equal(box.last_file, "b");
	assert_string_equal(box.last_why, "empty file");
	compress->close(open.data);
	sandbox_release(&box);
}

static void fails_on_files_that_change(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct buffer out = { 0 };
	char grown[10000];
	int pics;

	init(&box);
	for (size_t i = 0; i < sizeof(grown); i++)
		grown[i] = (char)(i * i >> 5);
	sandbox_open(&box, compress, &open);
	sandbox_write(box.pics, "a", grown, sizeof(grown));
	assert_int_equal(item_do_with(compress, &open, 0, (struct bytes){ 0 }, &out), -EMSGSIZE);
	pics = folder_open(box.pics);
	assert_int_equal(unlinkat(pics, "a", 0), 0);
	close(pics);
	assert_int_equal(item_do_with(compress, &open, 0, (struct bytes){ 0 }, &out), -ENOENT);
	free(out.data);
	compress->close(open.data);
	sandbox_release(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_damaged_frames),
		cmocka_unit_test(knows_frames_of_something_else),
		cmocka_unit_test(takes_payloads),
		cmocka_unit_test(has_room_for_noise),
		cmocka_unit_test(a_higher_level_is_smaller),
		cmocka_unit_test(leaves_out_empty_files),
		cmocka_unit_test(fails_on_files_that_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
