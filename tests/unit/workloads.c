/* Every workload of the registry opens, does items, finds wrong outputs and refuses wrong values. Then what is
 * particular to `resize`: payloads, output files, errors while writing. */
#include "model/registry.h"
#include "tests/unit/sandbox.h"
#include "workloads/parts/jpeg.h"

#include <pthread.h>

/* The folders of all tests, so that embedded input is made once. */
static int setup(void **state)
{
	struct sandbox *box = malloc(sizeof(*box));

	assert_non_null(box);
	sandbox_init(box);
	*state = box;
	return 0;
}

static int teardown(void **state)
{
	sandbox_release(*state);
	free(*state);
	return 0;
}

static int do_item(const struct workload *w, const struct workload_state *state, uint64_t item, struct buffer *out)
{
	struct bytes in = { 0 };

	out->size = 0;
	out->capacity = state->output_max;
	out->data = realloc(out->data, state->output_max + 1);
	assert_non_null(out->data);
	if (w->input)
		assert_int_equal(w->input(state->data, item, &in), 0);
	return w->work(state->data, item, in, out);
}

static void close_workload(const struct workload *w, struct workload_state *state)
{
	if (w->close)
		w->close(state->data);
}

static void open_preset(struct sandbox *box, const struct workload *w, struct workload_state *state)
{
	sandbox_presets(box, w);
	sandbox_open(box, w, state);
}

static void describe_themselves(void **state)
{
	for (const struct workload *const *w = registry_workloads; *w; w++) {
		assert_int_equal((*w)->abi, BENCH_WORKLOAD_ABI);
		assert_ptr_equal(registry_workload((*w)->name), *w);
		assert_non_null((*w)->summary);
		assert_non_null((*w)->item);
		assert_non_null((*w)->open);
		assert_non_null((*w)->work);
		for (const struct param *p = (*w)->params; p && p->name; p++) {
			assert_non_null(p->preset);
			assert_non_null(p->range);
			assert_non_null(p->help);
		}
	}
}

static void check_item(const struct workload *w, const struct workload_state *state, uint64_t item)
{
	struct buffer out = { 0 };
	struct bytes content;

	assert_int_equal(do_item(w, state, item, &out), 0);
	assert_true(out.size <= state->output_max);
	content = (struct bytes){ out.data, out.size };
	if (w->check)
		assert_int_equal(w->check(state->data, item, content), 0);
	free(out.data);
}

static void do_items(void **state)
{
	for (const struct workload *const *w = registry_workloads; *w; w++) {
		struct workload_state open;

		open_preset(*state, *w, &open);
		assert_true(open.items >= 1);
		check_item(*w, &open, 0);
		check_item(*w, &open, open.items - 1);
		close_workload(*w, &open);
	}
}

static void know_wrong_outputs(void **state)
{
	for (const struct workload *const *w = registry_workloads; *w; w++) {
		struct workload_state open;
		struct buffer out = { 0 };
		uint8_t *last;

		if (!(*w)->check)
			continue;
		open_preset(*state, *w, &open);
		assert_int_equal(do_item(*w, &open, 1, &out), 0);
		assert_int_equal((*w)->check(open.data, 1, (struct bytes){ out.data, out.size - 1 }), -EBADMSG);
		last = (uint8_t *)out.data + out.size - 1;
		*last ^= 1;
		assert_int_equal((*w)->check(open.data, 1, (struct bytes){ out.data, out.size }), -EBADMSG);
		free(out.data);
		close_workload(*w, &open);
	}
}

static void have_as_many_items_as_asked(void **state)
{
	struct sandbox *box = *state;

	for (const struct workload *const *w = registry_workloads; *w; w++) {
		struct workload_state open;

		for (box->options.items = 2; box->options.items <= 200; box->options.items *= 100) {
			open_preset(box, *w, &open);
			assert_int_equal(open.items, box->options.items);
			check_item(*w, &open, open.items - 1);
			close_workload(*w, &open);
		}
		box->options.items = 0;
	}
}

static void refuse_wrong_values(void **state)
{
	static const struct {
		const char *workload, *param, *range, *values[16];
	} cases[] = {
		{ "sumsq", "n", "n must be a whole number from 1 to 3000000",
		  { "", "0", "-1", "+1", "3000001", "1e6", "99999999999999999999", " 5", "5 ", "0x10", "abc", "1.5" } },
		{ "wait", "ms", "ms must be a number from 0 to 60000",
		  { "", "-1", "nan", "inf", "1e3", "60001", "1..2", ".", " 1", "0x1" } },
		{ "chase", "size", "size must be a whole number from 64 to 1073741824",
		  { "", "0", "63", "1073741825", "64M" } },
		{ "chase", "size", "size must be a multiple of 64", { "100", "1000" } },
		{ "chase", "hops", "hops must be a whole number from 1 to 1000000000",
		  { "", "0", "1000000001", "1e3" } },
		{ "compress", "level", "level must be a whole number from 1 to 22", { "", "0", "23", "-1", "fast" } },
		{ "compress", "io", "io must be file or memory", { "", "local" } },
		{ "transform", "io", "io must be file or memory", { "", "FILE" } },
		{ "mandelbrot", "width", "width must be a whole number from 1 to 65536",
		  { "", "0", "65537", "600x400" } },
		{ "mandelbrot", "limit", "limit must be a whole number from 1 to 1000000",
		  { "", "0", "1000001", "2e3" } },
		{ "triad", "size", "size must be a whole number from 64 to 1073741824",
		  { "", "0", "63", "1073741825", "16M" } },
		{ "triad", "size", "size must be a multiple of 64", { "65", "100000" } },
		{ "payload", "in", "in must be a whole number from 0 to 67108864", { "", "-1", "67108865", "1k" } },
		{ "payload", "out", "out must be a whole number from 0 to 67108864", { "", "-1", "67108865", "1.5" } },
		{ "payload", "us", "us must be a number from 0 to 1e+07", { "", "-1", "10000001", "1e3", "nan", "." } },
		{ "encrypt", "size", "size must be a whole number from 1 to 67108864",
		  { "", "0", "67108865", "64k", "-1" } },
		{ "encrypt", "io", "io must be local or memory", { "", "file", "Memory" } },
		{ "hash", "chunk", "chunk must be a whole number from 1 to 16777216", { "0", "16777217", "8k", "" } },
		{ "resize", "size", "size must be WxH from 1x1 to 4096x4096",
		  { "", "300", "0x300", "300x", "x300", "300x300x", "4097x1", "1x4097", "-3x3", "3x-3", "3X3" } },
		{ "resize", "quality", "quality must be a whole number from 1 to 100", { "0", "101", "-75", "best" } },
		{ "resize", "io", "io must be file or memory", { "", "disk", "FILE" } },
		{ "counter", "adds", "adds must be a whole number from 1 to 100000000", { "0", "100000001", "many" } },
		{ "counter", "lock", "lock must be none, atomic, mutex, robust, semaphore, spin or futex",
		  { "", "lock", "MUTEX" } },
		{ "manager", "via", "via must be server or memory", { "", "socket" } },
		{ "manager", "updates", "updates must be a whole number from 1 to 10000000", { "0", "10000001" } },
		{ "manager", "keys", "keys must be a whole number from 1 to 1000000", { "0", "1000001" } },
		{ "queue", "messages", "messages must be a multiple of batch, 10", { "5", "5001" } },
		{ "queue", "size", "size must be a whole number from 1 to 65536", { "0", "65537" } },
		{ "queue", "capacity", "capacity must be a whole number from 2 to 65536", { "1", "65537" } },
		{ "queue", "batch", "batch must be a whole number from 1 to 256", { "0", "257" } },
		{ "queue", "kind", "kind must be lock or lockfree", { "", "ring" } },
		{ "array", "locks", "locks must be array, stripe or element", { "", "all" } },
		{ "array", "elements", "elements must be a whole number from 1 to 1000000", { "0", "1000001" } },
		{ "array", "updates", "updates must be a whole number from 1 to 100000000", { "0", "-1" } },
		{ "counter", "layout", "layout must be one, padded or shared", { "", "two" } },
	};
	struct sandbox *box = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct workload *w = registry_workload(cases[i].workload);

		for (const char *const *value = cases[i].values; *value; value++) {
			char quoted[64];

			snprintf(quoted, sizeof(quoted), ", not '%s'", *value);
			sandbox_presets(box, w);
			sandbox_set(box, w, cases[i].param, *value);
			sandbox_refused(box, w, -EINVAL, cases[i].range);
			sandbox_refused(box, w, -EINVAL, quoted);
		}
	}
}

static void wait_takes_fractions(void **state)
{
	const struct workload *w = registry_workload("wait");
	struct workload_state open;
	struct buffer out = { 0 };

	sandbox_presets(*state, w);
	sandbox_set(*state, w, "ms", "0.25");
	sandbox_open(*state, w, &open);
	assert_int_equal(do_item(w, &open, 0, &out), 0);
	free(out.data);
	close_workload(w, &open);
}

/* Prepares `resize` with folders of its own, and a picture a.jpg in `pics`. */
static const struct workload *resize_setup(struct sandbox *box)
{
	const struct workload *resize = registry_workload("resize");
	uint8_t pixels[4 * 40 * 30];
	struct image image = { 40, 30, pixels };
	uint8_t jpeg[8192];
	struct buffer file = { jpeg, sizeof(jpeg), 0 };

	for (size_t i = 0; i < sizeof(pixels); i++)
		pixels[i] = (uint8_t)(i * i / 50);
	assert_int_equal(jpeg_encode(&image, 90, &file), 0);
	sandbox_init(box);
	sandbox_write(box->pics, "a.jpg", jpeg, file.size);
	box->options.input = box->pics;
	sandbox_presets(box, resize);
	return resize;
}

static void resize_takes_and_gives_payloads(void **state)
{
	struct sandbox box;
	const struct workload *resize = resize_setup(&box);
	struct workload_state open;
	struct buffer out = { 0 };
	struct bytes in;
	struct image image;

	sandbox_set(&box, resize, "io", "memory");
	sandbox_set(&box, resize, "size", "20x25");
	sandbox_open(&box, resize, &open);
	assert_int_equal(resize->input(open.data, 0, &in), 0);
	assert_true(in.size > 0);
	assert_int_equal(do_item(resize, &open, 0, &out), 0);
	assert_int_equal(jpeg_decode((struct bytes){ out.data, out.size }, 20, 25, &image, NULL), 0);
	assert_int_equal(image.width, 20);
	assert_int_equal(image.height, 25);
	free(image.pixels);
	out.capacity = 100;
	assert_int_equal(resize->work(open.data, 0, in, &out), -EMSGSIZE);
	assert_int_equal(resize->work(open.data, 0, (struct bytes){ in.data, in.size / 2 }, &out), -EBADMSG);
	free(out.data);
	resize->close(open.data);
	sandbox_release(&box);
}

static void resize_keeps_outputs(void **state)
{
	struct sandbox box;
	const struct workload *resize = resize_setup(&box);
	struct workload_state open;
	char keep[SANDBOX_PATH + 8];

	snprintf(keep, sizeof(keep), "%s/kept", box.root);
	sandbox_set(&box, resize, "keep", keep);
	box.options.items = 3;
	sandbox_open(&box, resize, &open);
	for (uint64_t i = 0; i < 3; i++)
		check_item(resize, &open, i);
	resize->close(open.data);
	free(sandbox_read(keep, "a.jpg").data);
	free(sandbox_read(keep, "repeats/1-a.jpg").data);
	free(sandbox_read(keep, "repeats/2-a.jpg").data);
	sandbox_release(&box);
}

static void resize_spares_its_inputs(void **state)
{
	struct sandbox box;
	const struct workload *resize = resize_setup(&box);
	char links[SANDBOX_PATH], target[2 * SANDBOX_PATH];

	sandbox_set(&box, resize, "keep", box.pics);
	sandbox_refused(&box, resize, -EINVAL, "would overwrite the input");
	sandbox_folder(&box, links, "links");
	snprintf(target, sizeof(target), "%s/a.jpg", links);
	assert_int_equal(symlink("../pics/a.jpg", target), 0);
	box.options.input = links;
	sandbox_refused(&box, resize, -EINVAL, "would overwrite the input");
	sandbox_set(&box, resize, "io", "memory");
	sandbox_refused(&box, resize, -EINVAL, "needs io=file");
	sandbox_release(&box);
}

static void resize_reports_what_it_cannot_write(void **state)
{
	struct sandbox box;
	const struct workload *resize = resize_setup(&box);
	struct workload_state open;
	struct buffer out = { 0 };
	char path[2 * SANDBOX_PATH];

	snprintf(path, sizeof(path), "%s/a.jpg", box.scratch);
	assert_int_equal(symlink("/dev/full", path), 0);
	sandbox_open(&box, resize, &open);
	assert_int_equal(do_item(resize, &open, 0, &out), -ENOSPC);
	assert_int_equal(rmdir(box.scratch), 0);
	assert_int_equal(do_item(resize, &open, 0, &out), -ENOENT);
	resize->close(open.data);
	sandbox_refused(&box, resize, -ENOENT, "cannot open '");
	free(out.data);
	sandbox_release(&box);
}

static void resize_knows_wrong_files(void **state)
{
	struct sandbox box;
	const struct workload *resize = resize_setup(&box);
	struct workload_state open;
	struct buffer out = { 0 };
	struct bytes receipt;

	sandbox_open(&box, resize, &open);
	assert_int_equal(do_item(resize, &open, 0, &out), 0);
	receipt = (struct bytes){ out.data, out.size };
	assert_int_equal(resize->check(open.data, 0, receipt), 0);
	sandbox_write(box.scratch, "a.jpg", "something else", 14);
	assert_int_equal(resize->check(open.data, 0, receipt), -EBADMSG);
	resize->close(open.data);
	free(out.data);
	sandbox_release(&box);
}

struct half {
	const struct workload *workload;
	const struct workload_state *state;
	struct buffer out[8];
	uint64_t first;
};

static void *do_half(void *argument)
{
	struct half *half = argument;

	for (uint64_t i = 0; i < 8; i++)
		do_item(half->workload, half->state, half->first + i % 4, half->out + i);
	return NULL;
}

static void threads_agree(void **state)
{
	const struct workload *resize = registry_workload("resize");
	struct workload_state open;
	struct half halves[2] = { { .workload = resize, .state = &open }, { .workload = resize, .state = &open } };
	pthread_t other;

	sandbox_presets(*state, resize);
	sandbox_set(*state, resize, "io", "memory");
	sandbox_open(*state, resize, &open);
	assert_int_equal(pthread_create(&other, NULL, do_half, halves), 0);
	do_half(halves + 1);
	assert_int_equal(pthread_join(other, NULL), 0);
	for (size_t i = 0; i < 8; i++) {
		assert_true(halves[0].out[i].size > 0);
		assert_int_equal(halves[0].out[i].size, halves[1].out[i].size);
		assert_memory_equal(halves[0].out[i].data, halves[1].out[i].data, halves[0].out[i].size);
		free(halves[0].out[i].data);
		free(halves[1].out[i].data);
	}
	resize->close(open.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describe_themselves),
		cmocka_unit_test(do_items),
		cmocka_unit_test(know_wrong_outputs),
		cmocka_unit_test(have_as_many_items_as_asked),
		cmocka_unit_test(refuse_wrong_values),
		cmocka_unit_test(wait_takes_fractions),
		cmocka_unit_test(threads_agree),
		cmocka_unit_test(resize_takes_and_gives_payloads),
		cmocka_unit_test(resize_keeps_outputs),
		cmocka_unit_test(resize_spares_its_inputs),
		cmocka_unit_test(resize_reports_what_it_cannot_write),
		cmocka_unit_test(resize_knows_wrong_files),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
