/* The workload `triad`: the array is really written, all of it, and its sums are right for every size. */
#include "tests/unit/items.h"

extern const struct workload workload_triad;
static const struct workload *const triad = &workload_triad;

#define ANSWER 72 /* bytes */

static void open_arrays(struct sandbox *box, struct workload_state *open, const char *size)
{
	sandbox_init(box);
	sandbox_presets(box, triad);
	sandbox_set(box, triad, "size", size);
	sandbox_open(box, triad, open);
}

static void writes_the_whole_array(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct buffer out = { 0 };
	const double *a;

	open_arrays(&box, &open, "64000");
	for (uint64_t item = 0; item < 10; item++) {
		free(out.data);
		out.data = calloc(1, open.output_max + 1);
		item_do(triad, &open, item, &out);
		a = (const double *)(((uintptr_t)out.data + ANSWER + 63) & ~(uintptr_t)63);
		for (uint64_t i = 0; i < 8000; i++)
			assert_true(a[i] == (double)(i % 1021 + (1 + item % 7) * (i % 509)));
	}
	free(out.data);
	triad->close(open.data);
	sandbox_release(&box);
}

/* The harness may put the output anywhere, and nothing is written behind its end. */
static void needs_no_aligned_output(void **state)
{
	struct sandbox box;
	struct workload_state open;
	uint8_t *memory, want[ANSWER];

	open_arrays(&box, &open, "640");
	memory = malloc(open.output_max + 64);
	assert_non_null(memory);
	for (size_t shift = 0; shift < 64; shift += sizeof(double)) {
		struct buffer out = { memory + shift, open.output_max, 0 };

		memory[shift + open.output_max] = 0xa5;
		assert_int_equal(triad->work(open.data, 3, (struct bytes){ 0 }, &out), 0);
		assert_int_equal(out.size, ANSWER);
		assert_int_equal(memory[shift + open.output_max], 0xa5);
		if (shift == 0)
			memcpy(want, memory, ANSWER);
		assert_memory_equal(memory + shift, want, ANSWER);
	}
	free(memory);
	triad->close(open.data);
	sandbox_release(&box);
}

static void adds_up_for_every_size(void **state)
{
	static const char *const sizes[] = { "64", "128", "4096", "8192", "32704", "65536", "1000000" };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct sandbox box;
		struct workload_state open;
		struct buffer out = { 0 };

		open_arrays(&box, &open, sizes[i]);
		for (uint64_t item = 0; item < 16; item++) {
			item_do(triad, &open, item, &out);
			assert_int_equal(item_check(triad, &open, item, &out), 0);
			((uint8_t *)out.data)[item * 4 + 6] ^= 1; /* in the sum and in samples */
			assert_int_equal(item_check(triad, &open, item, &out), -EBADMSG);
		}
		free(out.data);
		triad->close(open.data);
		sandbox_release(&box);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_whole_array),
		cmocka_unit_test(needs_no_aligned_output),
		cmocka_unit_test(adds_up_for_every_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
