/* Makes smaller JPEGs of JPEGs, as a web server makes its previews. */
#include "workloads/parts/files.h"
#include "workloads/parts/input.h"
#include "workloads/parts/jpeg.h"
#include "workloads/parts/photograph.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_BYTES ((size_t)1 << 30) /* of an input file */
#define MOST_SIDE 4096
#define OVERSIZE 2 /* decoded sides are at least this many times those of the output, for the filter to work on */
#define REPEATS "repeats"
#define OUTPUT_NAME (sizeof(REPEATS) + 32 + NAME_MAX)

struct resize {
	struct input input;
	struct buffer *jpegs; /* io=memory: the content of each input file; else NULL */
	int output;           /* io=file: the folder of the output files; else -1 */
	uint32_t width, height;
	int quality;
};

/* The output payload with io=file: what was written to the output file. */
struct receipt {
	uint64_t size;   /* bytes of the file */
	uint64_t digest; /* of its content */
};

enum { IO, SIZE, QUALITY, KEEP };

static const struct param params[] = {
	[IO] = { "io", "file", NULL, "file|memory", "read and write files, or take and give JPEGs as payloads" },
	[SIZE] = { "size", "300x300", "pixels", "1x1 to 4096x4096", "width and height of the output" },
	[QUALITY] = { "quality", "75", NULL, "1 to 100", "JPEG quality of the output" },
	[KEEP] = { "keep", "", NULL, "a folder", "where output files stay; empty: nowhere" },
	{ 0 },
};

static int make(uint32_t number, struct buffer *file)
{
	struct image image;
	int error = photograph_paint(number, &image);

	if (error)
		return error;
	file->capacity = jpeg_bound(image.width, image.height);
	file->data = malloc(file->capacity);
	error = file->data ? jpeg_encode(&image, 85, file) : -ENOMEM;
	free(image.pixels);
	return error;
}

/* Decodes at the smallest scale, which reads every byte and takes half the time. */
static int probe(int fd, char why[INPUT_WHY])
{
	struct jpeg_why reason = { "" };
	struct image image = { 0 };
	struct buffer file;
	int error = file_read_from(fd, MOST_BYTES, &file);

	if (!error)
		error = jpeg_decode((struct bytes){ file.data, file.size }, 1, 1, &image, &reason);
	if (error)
		snprintf(why, INPUT_WHY, "%s", reason.text[0] ? reason.text : strerror(-error));
	free(image.pixels);
	free(file.data);
	return error;
}

static const char *const endings[] = { ".jpg", ".jpeg", NULL };

static const struct input_kind photographs = {
	.what = "JPEG file",
	.endings = endings,
	.probe = probe,
	.generated = { .folder = "resize-v1", .prefix = "photograph-", .suffix = ".jpg", .count = 48, .make = make },
};

static int parse_size(struct resize *r, const char *text, struct workload_state *state)
{
	uint64_t width, height;
	const char *x = value_digits(text, 1, MOST_SIDE, &width);
	const char *end = x && *x == 'x' ? value_digits(x + 1, 1, MOST_SIDE, &height) : NULL;

	if (!end || *end)
		return refuse(state, -EINVAL, "size must be WxH from 1x1 to %dx%d, not '%s'", MOST_SIDE, MOST_SIDE,
			      text);
	r->width = (uint32_t)width;
	r->height = (uint32_t)height;
	return 0;
}

static int parse(struct resize *r, const char *const *values, bool *memory, struct workload_state *state)
{
	uint64_t quality;
	int error = parse_size(r, values[SIZE], state);

	if (!error)
		error = value_whole(state, "quality", values[QUALITY], 1, 100, &quality);
	if (error)
		return error;
	r->quality = (int)quality;
	*memory = strcmp(values[IO], "memory") == 0;
	if (!*memory && strcmp(values[IO], "file") != 0)
		return refuse(state, -EINVAL, "io must be file or memory, not '%s'", values[IO]);
	if (*memory && *values[KEEP])
		return refuse(state, -EINVAL, "keep='%s' needs io=file", values[KEEP]);
	return 0;
}

static int load(struct resize *r, struct workload_state *state)
{
	const struct input *input = &r->input;

	r->jpegs = calloc(input->count, sizeof(*r->jpegs));
	if (!r->jpegs)
		return refuse(state, -ENOMEM, "no memory");
	for (size_t i = 0; i < input->count; i++) {
		int error = file_read(input->folder, input->names[i], MOST_BYTES, r->jpegs + i);

		if (error)
			return refuse(state, error, "cannot read '%s/%s': %s", input->path, input->names[i],
				      strerror(-error));
	}
	return 0;
}

/* Checks files, not folders: by a link a file of the output folder can be an input. */
static int spare_inputs(const struct resize *r, const char *keep, struct workload_state *state)
{
	const struct input *input = &r->input;

	for (size_t i = 0; i < input->count; i++) {
		struct stat from, to;

		if (fstatat(input->folder, input->names[i], &from, 0) == 0 &&
		    fstatat(r->output, input->names[i], &to, 0) == 0 && from.st_dev == to.st_dev &&
		    from.st_ino == to.st_ino)
			return refuse(state, -EINVAL, "keep='%s' would overwrite the input '%s/%s'", keep,
				      input->path, input->names[i]);
	}
	return 0;
}

static int open_output(struct resize *r, const char *keep, const char *scratch, struct workload_state *state)
{
	const char *path = *keep ? keep : scratch;
	int error = *keep ? folder_prepare(AT_FDCWD, keep) : 0;

	if (error)
		return refuse(state, error, "cannot make '%s': %s", keep, strerror(-error));
	r->output = folder_open(path);
	if (r->output < 0)
		return refuse(state, r->output, "cannot open '%s': %s", path, strerror(-r->output));
	error = faccessat(r->output, ".", W_OK, 0) != 0 ? -errno : 0;
	if (!error && state->items > r->input.count)
		error = folder_prepare(r->output, REPEATS);
	if (error)
		return refuse(state, error, "cannot write to '%s': %s", path, strerror(-error));
	return *keep ? spare_inputs(r, keep, state) : 0;
}

static void resize_close(void *data)
{
	struct resize *r = data;

	if (!r)
		return;
	for (size_t i = 0; r->jpegs && i < r->input.count; i++)
		free(r->jpegs[i].data);
	free(r->jpegs);
	if (r->output >= 0)
		close(r->output);
	input_close(&r->input);
	free(r);
}

static int resize_open(const struct workload_options *options, struct workload_state *state)
{
	struct resize *r = calloc(1, sizeof(*r));
	bool memory;
	int error;

	if (!r)
		return refuse(state, -ENOMEM, "no memory");
	r->output = r->input.folder = -1;
	error = parse(r, options->values, &memory, state);
	if (!error)
		error = input_open(&r->input, &photographs, options, state);
	if (error)
		goto out;
	*state = (struct workload_state){
		.data = r,
		.items = options->items ? options->items : r->input.count,
		.output_max = memory ? jpeg_bound(r->width, r->height) : sizeof(struct receipt),
	};
	error = memory ? load(r, state) : open_output(r, options->values[KEEP], options->scratch, state);
out:
	if (error) {
		resize_close(r);
		state->data = NULL;
	}
	return error;
}

static int resize_input(const void *data, uint64_t item, struct bytes *in)
{
	const struct resize *r = data;

	*in = (struct bytes){ 0 };
	if (r->jpegs) {
		const struct buffer *jpeg = r->jpegs + item % r->input.count;

		*in = (struct bytes){ jpeg->data, jpeg->size };
	}
	return 0;
}

static int convert(const struct resize *r, struct bytes in, struct buffer *out)
{
	struct image large, small = { .width = r->width, .height = r->height };
	int error = jpeg_decode(in, OVERSIZE * r->width, OVERSIZE * r->height, &large, NULL);

	if (error)
		return error;
	small.pixels = malloc(4 * (size_t)small.width * small.height);
	error = small.pixels ? resample(&large, &small) : -ENOMEM;
	if (!error)
		error = jpeg_encode(&small, r->quality, out);
	free(small.pixels);
	free(large.pixels);
	return error;
}

/* An output has the name of its input; when inputs are used repeatedly, the item's number is added. */
static void output_name(const struct resize *r, uint64_t item, char name[OUTPUT_NAME])
{
	const char *input = r->input.names[item % r->input.count];

	if (item < r->input.count)
		snprintf(name, OUTPUT_NAME, "%s", input);
	else
		snprintf(name, OUTPUT_NAME, REPEATS "/%" PRIu64 "-%s", item, input);
}

static uint64_t digest(struct bytes content)
{
	const uint8_t *next = content.data, *end = next + content.size;
	uint64_t digest = content.size;

	while (next < end) {
		uint64_t word = 0;
		size_t size = end - next < 8 ? (size_t)(end - next) : 8;

		memcpy(&word, next, size);
		digest = (digest ^ word) * 0x9e3779b97f4a7c15;
		digest ^= digest >> 32;
		next += size;
	}
	return digest;
}

static struct receipt receipt_of(const struct buffer *file)
{
	return (struct receipt){ .size = file->size, .digest = digest((struct bytes){ file->data, file->size }) };
}

static int work_on_file(const struct resize *r, uint64_t item, struct receipt *receipt)
{
	struct buffer from, to = { .capacity = jpeg_bound(r->width, r->height) };
	int error = file_read(r->input.folder, r->input.names[item % r->input.count], MOST_BYTES, &from);
	char name[OUTPUT_NAME];

	if (error)
		goto out;
	error = -ENOMEM;
	to.data = malloc(to.capacity);
	if (!to.data)
		goto out;
	error = convert(r, (struct bytes){ from.data, from.size }, &to);
	if (error)
		goto out;
	output_name(r, item, name);
	error = file_write(r->output, name, (struct bytes){ to.data, to.size });
	*receipt = receipt_of(&to);
out:
	free(to.data);
	free(from.data);
	return error;
}

static int resize_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct resize *r = data;
	struct receipt receipt;
	int error;

	if (r->jpegs)
		return convert(r, in, out);
	error = work_on_file(r, item, &receipt);
	if (error)
		return error;
	memcpy(out->data, &receipt, sizeof(receipt));
	out->size = sizeof(receipt);
	return 0;
}

static int check_picture(const struct resize *r, struct bytes jpeg)
{
	struct image image;
	bool right = jpeg_decode(jpeg, UINT32_MAX, UINT32_MAX, &image, NULL) == 0 && image.width == r->width &&
		     image.height == r->height;

	free(image.pixels);
	return right ? 0 : -EBADMSG;
}

static int check_file(const struct resize *r, const struct buffer *file, struct bytes out)
{
	struct receipt found = receipt_of(file);

	if (out.size != sizeof(found) || memcmp(out.data, &found, sizeof(found)) != 0)
		return -EBADMSG;
	return check_picture(r, (struct bytes){ file->data, file->size });
}

static int resize_check(const void *data, uint64_t item, struct bytes out)
{
	const struct resize *r = data;
	char name[OUTPUT_NAME];
	struct buffer file;
	int error;

	if (r->jpegs)
		return check_picture(r, out);
	output_name(r, item, name);
	error = file_read(r->output, name, jpeg_bound(r->width, r->height), &file);
	if (!error)
		error = check_file(r, &file, out);
	free(file.data);
	return error ? -EBADMSG : 0;
}

const struct workload workload_resize = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "resize",
	.summary = "JPEG files made smaller: decodes, filters, encodes; EXIF, orientation included, is ignored",
	.item = "image",
	.files = "JPEG files",
	.params = params,
	.open = resize_open,
	.input = resize_input,
	.work = resize_work,
	.check = resize_check,
	.close = resize_close,
};
