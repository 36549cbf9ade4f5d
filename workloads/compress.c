/* Compresses files by zstd, as an archiver, a log shipper or a file system does. The output is a frame with a
 * checksum, as zstd(1) writes it. A worker makes a new compressor for each item; the compressor's memory, which
 * grows with the level, is part of the cost. */
#include "workloads/parts/contents.h"
#include "workloads/parts/files.h"
#include "workloads/parts/prose.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>
#include <zstd_errors.h>

#define TEXT_BYTES ((size_t)512 << 10)

struct compress {
	struct contents contents;
	int level;
};

enum { LEVEL, IO };

static const struct param params[] = {
	[LEVEL] = { "level", "3", NULL, "1 to 22", "zstd's level: higher is smaller and slower" },
	[IO] = { "io", "file", NULL, "file|memory", "read the files, or take their content as payloads" },
	{ 0 },
};

static int make(uint32_t number, struct buffer *file)
{
	*file = (struct buffer){ .data = malloc(TEXT_BYTES), .capacity = TEXT_BYTES, .size = TEXT_BYTES };
	return file->data ? prose_write(number, file->data, file->size) : -ENOMEM;
}

static int probe(int fd, char why[INPUT_WHY])
{
	struct buffer file;
	int error = file_read_from(fd, CONTENTS_MOST, &file);

	if (error)
		snprintf(why, INPUT_WHY, "%s", strerror(-error));
	if (!error && file.size == 0) {
		snprintf(why, INPUT_WHY, "empty file");
		error = -ENODATA;
	}
	free(file.data);
	return error;
}

static const struct input_kind texts = {
	.what = "file with content",
	.probe = probe,
	.generated = { .folder = "compress-v1", .prefix = "prose-", .suffix = ".txt", .count = 64, .make = make },
};

static void compress_close(void *data)
{
	struct compress *c = data;

	if (!c)
		return;
	contents_close(&c->contents);
	free(c);
}

static int compress_open(const struct workload_options *options, struct workload_state *state)
{
	struct compress *c = calloc(1, sizeof(*c));
	uint64_t level;
	int error;

	if (!c)
		return refuse(state, -ENOMEM, "no memory");
	error = value_whole(state, "level", options->values[LEVEL], 1, 22, &level);
	if (!error)
		error = contents_open(&c->contents, &texts, options->values[IO], options, state);
	if (error) {
		free(c);
		return error;
	}
	c->level = (int)level;
	*state = (struct workload_state){
		.data = c,
		.items = options->items ? options->items : c->contents.input.count,
		.output_max = ZSTD_compressBound(c->contents.largest),
	};
	return 0;
}

static int compress_input(const void *data, uint64_t item, struct bytes *in)
{
	const struct compress *c = data;

	*in = contents_input(&c->contents, item);
	return 0;
}

/* Returns 0 or -errno; -EMSGSIZE: the file has grown since open(). */
static int error_of(size_t result)
{
	switch (ZSTD_getErrorCode(result)) {
	case ZSTD_error_no_error:
		return 0;
	case ZSTD_error_memory_allocation:
		return -ENOMEM;
	case ZSTD_error_dstSize_tooSmall:
		return -EMSGSIZE;
	default:
		return -EIO;
	}
}

static int squeeze(int level, struct bytes content, struct buffer *out)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t result;
	int error;

	if (!context)
		return -ENOMEM;
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	result = ZSTD_compress2(context, out->data, out->capacity, content.data, content.size);
	error = error_of(result);
	if (!error)
		out->size = result;
	ZSTD_freeCCtx(context);
	return error;
}

static int compress_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct compress *c = data;
	struct buffer file;
	struct bytes content;
	int error = contents_get(&c->contents, item, in, &file, &content);

	if (!error)
		error = squeeze(c->level, content, out);
	free(file.data);
	return error;
}

static bool gives_back(struct bytes frame, struct bytes content)
{
	void *plain = malloc(content.size + 1); /* one byte more, to notice a longer one */
	bool same = plain && ZSTD_decompress(plain, content.size + 1, frame.data, frame.size) == content.size &&
		    memcmp(plain, content.data, content.size) == 0;

	free(plain);
	return same;
}

static int compress_check(const void *data, uint64_t item, struct bytes out)
{
	const struct compress *c = data;
	struct buffer file;
	struct bytes content;
	int error = contents_get(&c->contents, item, contents_input(&c->contents, item), &file, &content);

	if (!error && !gives_back(out, content))
		error = -EBADMSG;
	free(file.data);
	return error;
}

const struct workload workload_compress = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "compress",
	.summary = "zstd of files: reads, computes, gives back a third",
	.item = "file",
	.files = "files",
	.params = params,
	.open = compress_open,
	.input = compress_input,
	.work = compress_work,
	.check = compress_check,
	.close = compress_close,
};
