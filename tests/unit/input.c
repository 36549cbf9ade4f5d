/* Input files: what a folder may have in it, and a generated set that is damaged, shared, or left half made. */
#include "tests/pictures.h"
#include "tests/unit/sandbox.h"
#include "workloads/parts/input.h"
#include "workloads/parts/jpeg.h"

#include <signal.h>
#include <sys/wait.h>

extern const struct workload workload_hash, workload_resize;

static const struct recipe rgb = { "rgb", PICTURE_RGB };

static void put(const struct sandbox *box, const char *name, const struct recipe *recipe)
{
	uint8_t jpeg[PICTURE_MOST];

	sandbox_write(box->pics, name, jpeg, picture_bake(recipe, jpeg));
}

static void init(struct sandbox *box, const struct workload *workload)
{
	sandbox_init(box);
	sandbox_presets(box, workload);
	box->options.input = box->pics;
}

static void refuses_a_folder_without_files(void **state)
{
	struct sandbox box;
	char missing[2 * SANDBOX_PATH];

	init(&box, &workload_resize);
	sandbox_refused(&box, &workload_resize, -ENOENT, "no JPEG file in '");
	sandbox_presets(&box, &workload_hash);
	sandbox_refused(&box, &workload_hash, -ENOENT, "no file in '");
	snprintf(missing, sizeof(missing), "%s/not\nhere", box.root);
	box.options.input = missing;
	sandbox_refused(&box, &workload_hash, -ENOENT, "/not?here': No such file or directory");
	sandbox_write(box.root, "file", "", 0);
	snprintf(missing, sizeof(missing), "%s/file", box.root);
	sandbox_refused(&box, &workload_hash, -ENOTDIR, "cannot open '");
	assert_int_equal(box.skipped, 0);
	sandbox_release(&box);
}

/* Asserts that `name`, the only file, is left out for a reason with these words, and that opening fails. */
static void assert_skipped(struct sandbox *box, const char *name, const char *words)
{
	size_t skipped = box->skipped;
	int pics = folder_open(box->pics);

	sandbox_refused(box, &workload_resize, -ENOENT, "no JPEG file in '");
	assert_int_equal(box->skipped, skipped + 1);
	assert_string_equal(box->last_file, name);
	if (!strstr(box->last_why, words))
		fail_msg("'%s' does not say '%s'", box->last_why, words);
	assert_int_equal(unlinkat(pics, name, 0), 0);
	close(pics);
}

static void leaves_out_what_is_no_picture(void **state)
{
	struct sandbox box;
	uint8_t jpeg[PICTURE_MOST];
	size_t size = picture_bake(&rgb, jpeg);
	char link[2 * SANDBOX_PATH];

	init(&box, &workload_resize);
	sandbox_write(box.pics, "text.jpg", "hello", 5);
	assert_skipped(&box, "text.jpg", "not a JPEG file");
	sandbox_write(box.pics, "empty.jpeg", "", 0);
	assert_skipped(&box, "empty.jpeg", "mpty input file");
	sandbox_write(box.pics, "half.jpg", jpeg, size / 2);
	assert_skipped(&box, "half.jpg", "");
	sandbox_write(box.pics, "short.jpg", jpeg, size - 10);
	assert_skipped(&box, "short.jpg", "");
	snprintf(link, sizeof(link), "%s/gone.jpg", box.pics);
	assert_int_equal(symlink("nowhere", link), 0);
	assert_skipped(&box, "gone.jpg", "No such file or directory");
	for (size_t i = 0; i + 9 < size; i++) {
		if (jpeg[i] == 0xff && jpeg[i + 1] == 0xc0) /* the header of the frame: its sides */
			memset(jpeg + i + 5, 0xfe, 4);
	}
	sandbox_write(box.pics, "huge.jpg", jpeg, size);
	assert_skipped(&box, "huge.jpg", "larger than 100 megapixels");
	sandbox_release(&box);
}

static void takes_what_is_useful(void **state)
{
	struct sandbox box;
	struct workload_state open;
	char path[2 * SANDBOX_PATH];

	init(&box, &workload_resize);
	put(&box, "good.jpg", &rgb);
	put(&box, "GOOD.JPEG", &rgb);
	put(&box, "good.png", &rgb); /* other endings are not looked at */
	put(&box, "jpg", &rgb);
	sandbox_write(box.pics, "bad.jpg", "?", 1);
	snprintf(path, sizeof(path), "%s/folder.jpg", box.pics);
	assert_int_equal(mkdir(path, 0777), 0);
	snprintf(path, sizeof(path), "%s/fifo.jpg", box.pics);
	assert_int_equal(mkfifo(path, 0666), 0);
	snprintf(path, sizeof(path), "%s/link.jpg", box.pics);
	assert_int_equal(symlink("good.png", path), 0);
	sandbox_open(&box, &workload_resize, &open);
	assert_int_equal(open.items, 3);
	assert_int_equal(box.skipped, 1);
	assert_string_equal(box.last_file, "bad.jpg");
	workload_resize.close(open.data);
	sandbox_release(&box);
}

static void does(const struct workload_state *open, uint64_t item)
{
	uint64_t receipt[2];
	struct buffer out = { receipt, sizeof(receipt), 0 };

	assert_int_equal(workload_resize.work(open->data, item, (struct bytes){ 0 }, &out), 0);
	assert_int_equal(workload_resize.check(open->data, item, (struct bytes){ receipt, out.size }), 0);
}

static void does_not_care_for_names(void **state)
{
	static const char *const names[] = { "$(touch x).jpg", "'quoted' \"twice\".jpg", "--help.jpg", "-a.jpg",
					     "\n.jpg", " space .jpg", "%s%n.jpg", "`ls`.jpg", "\xff.jpg", ".jpg" };
	struct sandbox box;
	struct workload_state open;

	init(&box, &workload_resize);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		put(&box, names[i], &rgb);
	for (int times = 0; times < 2; times++) { /* the second time by the manifest */
		sandbox_open(&box, &workload_resize, &open);
		assert_int_equal(open.items, sizeof(names) / sizeof(*names));
		for (uint64_t i = 0; i < open.items; i++)
			does(&open, i);
		workload_resize.close(open.data);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		free(sandbox_read(box.scratch, names[i]).data);
	assert_int_equal(box.skipped, 0);
	sandbox_release(&box);
}

/* Decodes to one colour, within the codec's loss. */
static void assert_colour(const struct recipe *recipe, int red, int green, int blue)
{
	uint8_t jpeg[PICTURE_MOST];
	struct bytes content = { jpeg, picture_bake(recipe, jpeg) };
	const int want[3] = { red, green, blue };
	struct image image;

	assert_int_equal(jpeg_decode(content, PICTURE_SIDE, PICTURE_SIDE, &image, NULL), 0);
	assert_int_equal(image.width, PICTURE_SIDE);
	for (int c = 0; c < 3; c++)
		assert_true(abs(image.pixels[4 * PICTURE_SIDE * (PICTURE_SIDE / 2) + c] - want[c]) <= 3);
	free(image.pixels);
}

static void makes_rgb_of_everything(void **state)
{
	static const struct recipe dark = { "dark", JCS_CMYK, JCS_YCCK, { 200, 100, 50, 128 }, .components = 4 };

	for (size_t i = 0; i < PICTURES_USABLE; i++) {
		const uint8_t *colour = picture_recipes[i].colour;
		bool grey = picture_recipes[i].components == 1;

		assert_colour(&picture_recipes[i], colour[0], colour[grey ? 0 : 1], colour[grey ? 0 : 2]);
	}
	assert_colour(&dark, 100, 50, 25);
}

/* As Pillow does, or because it would take for ever. */
static void leaves_out_odd_kinds(void **state)
{
	static const char *const words[PICTURES - PICTURES_USABLE] = { "stray bytes before its first marker", "0xc3",
									"12", "more than 100 scans" };
	struct sandbox box;

	init(&box, &workload_resize);
	for (size_t i = PICTURES_USABLE; i < PICTURES; i++) {
		put(&box, "a.jpg", &picture_recipes[i]);
		assert_skipped(&box, "a.jpg", words[i - PICTURES_USABLE]);
	}
	sandbox_release(&box);
}

static void decodes_at_the_smallest_scale(void **state)
{
	static const uint32_t sides[][2] = { { 64, 64 }, { 33, 64 }, { 32, 32 }, { 17, 32 }, { 16, 16 }, { 8, 8 },
					     { 1, 8 }, { 65, 64 } };
	uint8_t jpeg[PICTURE_MOST];
	struct bytes content = { jpeg, picture_bake(&rgb, jpeg) };

	for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++) {
		struct image image;

		assert_int_equal(jpeg_decode(content, sides[i][0], 1, &image, NULL), 0);
		assert_int_equal(image.width, sides[i][1]);
		assert_int_equal(image.height, sides[i][1]);
		free(image.pixels);
	}
}

static void tries_files_once_a_run(void **state)
{
	struct sandbox box;
	struct workload_state open;

	init(&box, &workload_resize);
	put(&box, "a.jpg", &rgb);
	put(&box, "c.jpg", &rgb);
	sandbox_write(box.pics, "b.jpg", "?", 1);
	sandbox_write(box.pics, "d.jpg", "?", 1);
	box.options.items = 1; /* later files are not even tried */
	sandbox_open(&box, &workload_resize, &open);
	workload_resize.close(open.data);
	assert_int_equal(box.skipped, 0);
	box.options.items = 0;
	for (int times = 0; times < 3; times++) {
		sandbox_open(&box, &workload_resize, &open);
		assert_int_equal(open.items, 2);
		workload_resize.close(open.data);
		assert_int_equal(box.skipped, 2);
	}
	sandbox_release(&box);
}

static void hash_takes_every_file(void **state)
{
	struct sandbox box;
	struct workload_state open;
	uint8_t digest[32];
	struct buffer out = { digest, sizeof(digest), 0 };

	init(&box, &workload_hash);
	sandbox_write(box.pics, ".hidden", "", 0);
	sandbox_write(box.pics, "abc", "abc", 3);
	sandbox_set(&box, &workload_hash, "chunk", "1");
	sandbox_open(&box, &workload_hash, &open);
	assert_int_equal(open.items, 2);
	assert_int_equal(workload_hash.work(open.data, 1, (struct bytes){ 0 }, &out), 0);
	assert_int_equal(out.size, sizeof(digest));
	assert_memory_equal(digest, "\xba\x78\x16\xbf\x8f\x01\xcf\xea", 8); /* FIPS 180-4's example */
	workload_hash.close(open.data);
	sandbox_release(&box);
}

/* The generated set: three small files. */
static int make(uint32_t number, struct buffer *file)
{
	file->size = 1000 + number;
	file->data = malloc(file->size);
	if (!file->data)
		return -ENOMEM;
	memset(file->data, (int)('a' + number), file->size);
	return 0;
}

static int make_or_die(uint32_t number, struct buffer *file)
{
	if (number == 1)
		raise(SIGKILL);
	return make(number, file);
}

static const struct input_kind trio = {
	.what = "letter",
	.generated = { .folder = "trio-v1", .prefix = "letter-", .suffix = ".txt", .count = 3, .make = make },
};

static struct input open_trio(struct sandbox *box)
{
	struct workload_state state;
	struct input input;

	if (input_open(&input, &trio, &box->options, &state) != 0)
		fail_msg("%s", state.why);
	return input;
}

/* Opens the set in a new run, which must find it or make it whole. */
static void assert_whole(struct sandbox *box)
{
	char run[SANDBOX_PATH], template[] = "run-XXXXXX";
	struct input input;

	snprintf(run, sizeof(run), "%.64s/%s", box->root, template);
	assert_non_null(mkdtemp(run));
	box->options.run = run;
	input = open_trio(box);
	box->options.run = box->run;
	assert_int_equal(input.count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		struct buffer file = sandbox_read(input.path, input.names[i]), want;

		assert_int_equal(make(i, &want), 0);
		assert_int_equal(file.size, want.size);
		assert_memory_equal(file.data, want.data, want.size);
		free(want.data);
		free(file.data);
	}
	input_close(&input);
}

static void mends_a_generated_set(void **state)
{
	struct sandbox box;
	struct input input;
	struct buffer sums;

	sandbox_init(&box);
	input = open_trio(&box);
	sums = sandbox_read(input.path, "SHA256SUMS");
	assert_int_equal(sums.size, 3 * (64 + 2 + strlen("letter-00.txt\n")));
	assert_whole(&box);
	sandbox_write(input.path, "letter-01.txt", "damaged", 7);
	assert_whole(&box);
	assert_int_equal(unlinkat(input.folder, "letter-02.txt", 0), 0);
	assert_whole(&box);
	sandbox_write(input.path, "SHA256SUMS", sums.data, sums.size / 2);
	assert_whole(&box);
	((char *)sums.data)[5] ^= 1;
	sandbox_write(input.path, "SHA256SUMS", sums.data, sums.size);
	assert_whole(&box);
	sandbox_write(input.path, "SHA256SUMS", "junk", 4);
	assert_whole(&box);
	free(sums.data);
	input_close(&input);
	sandbox_release(&box);
}

/* The cache may lie in a folder that somebody else has prepared. */
static void follows_no_prepared_link(void **state)
{
	struct sandbox box;
	struct input input;
	struct buffer mine;
	struct workload_state open;
	char path[2 * SANDBOX_PATH];

	sandbox_init(&box);
	sandbox_write(box.root, "target", "mine", 4);
	snprintf(path, sizeof(path), "%s/trio-v1", box.cache);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/trio-v1/draft", box.cache);
	assert_int_equal(symlink("../../target", path), 0);
	input = open_trio(&box);
	mine = sandbox_read(box.root, "target");
	assert_int_equal(mine.size, 4);
	free(mine.data);
	input_close(&input);
	snprintf(path, sizeof(path), "%s/link", box.root);
	box.options.cache = path;
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/link/trio-v1", box.root);
	assert_int_equal(symlink("../pics", path), 0);
	if (lchown(path, 65534, 65534) == 0) { /* as root only */
		snprintf(path, sizeof(path), "%s/link", box.root);
		assert_int_equal(input_open(&input, &trio, &box.options, &open), -ELOOP);
	}
	sandbox_release(&box);
}

static void remembers_digests_in_a_run(void **state)
{
	struct sandbox box;
	struct input first, second;

	sandbox_init(&box);
	first = open_trio(&box);
	second = open_trio(&box);
	assert_int_equal(second.count, 3);
	assert_memory_equal(first.digests, second.digests, 3 * sizeof(struct digest));
	input_close(&first);
	input_close(&second);
	sandbox_release(&box);
}

static void shares_the_cache(void **state)
{
	struct sandbox box;
	pid_t children[6];

	sandbox_init(&box);
	for (size_t i = 0; i < 6; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			assert_whole(&box);
			_exit(0);
		}
	}
	for (size_t i = 0; i < 6; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_whole(&box);
	sandbox_release(&box);
}

static void survives_a_kill(void **state)
{
	struct input_kind deadly = trio;
	struct sandbox box;
	struct workload_state open;
	struct input input;
	int status;
	pid_t child;

	sandbox_init(&box);
	deadly.generated.make = make_or_die;
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(input_open(&input, &deadly, &box.options, &open) == 0 ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_whole(&box);
	sandbox_release(&box);
}

static void names_a_cache_that_cannot_be_written(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct input input;
	char missing[2 * SANDBOX_PATH];

	sandbox_init(&box);
	snprintf(missing, sizeof(missing), "%s/none", box.cache);
	box.options.cache = missing;
	assert_int_equal(input_open(&input, &trio, &box.options, &open), -ENOENT);
	assert_non_null(strstr(open.why, "/none/trio-v1': No such file or directory"));
	sandbox_release(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_a_folder_without_files),
		cmocka_unit_test(leaves_out_what_is_no_picture),
		cmocka_unit_test(takes_what_is_useful),
		cmocka_unit_test(does_not_care_for_names),
		cmocka_unit_test(makes_rgb_of_everything),
		cmocka_unit_test(leaves_out_odd_kinds),
		cmocka_unit_test(decodes_at_the_smallest_scale),
		cmocka_unit_test(tries_files_once_a_run),
		cmocka_unit_test(hash_takes_every_file),
		cmocka_unit_test(mends_a_generated_set),
		cmocka_unit_test(follows_no_prepared_link),
		cmocka_unit_test(remembers_digests_in_a_run),
		cmocka_unit_test(shares_the_cache),
		cmocka_unit_test(survives_a_kill),
		cmocka_unit_test(names_a_cache_that_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
