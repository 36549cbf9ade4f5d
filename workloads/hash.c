/* Computes the SHA-256 of files, which it reads piece by piece. */
#include "workloads/parts/files.h"
#include "workloads/parts/input.h"
#include "workloads/parts/values.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#define FILE_BYTES ((size_t)1 << 20)

struct hash {
	struct input input;
	size_t chunk;
	EVP_MD *sha256;
};

static const struct param params[] = {
	{ "chunk", "8192", "bytes", "1 to 16777216", "how much one read asks for" },
	{ 0 },
};

/* Noise by xorshift64* (Vigna, ACM Transactions on Mathematical Software 42, 2016). */
static int make(uint32_t number, struct buffer *file)
{
	uint64_t *words = malloc(FILE_BYTES), x = number + 1;

	if (!words)
		return -ENOMEM;
	for (size_t i = 0; i < FILE_BYTES / sizeof(*words); i++) {
		x ^= x >> 12;
		x ^= x << 25;
		x ^= x >> 27;
		words[i] = htole64(x * 0x2545f4914f6cdd1d);
	}
	*file = (struct buffer){ .data = words, .capacity = FILE_BYTES, .size = FILE_BYTES };
	return 0;
}

static int probe(int fd, char why[INPUT_WHY])
{
	char piece[65536];
	ssize_t got;
	int error;

	do {
		got = read(fd, piece, sizeof(piece));
	} while (got > 0 || (got < 0 && errno == EINTR));
	error = got < 0 ? -errno : 0;
	if (error)
		snprintf(why, INPUT_WHY, "%s", strerror(-error));
	return error;
}

static const struct input_kind files = {
	.what = "file",
	.probe = probe,
	.generated = { .folder = "hash-v1", .prefix = "noise-", .suffix = ".bin", .count = 64, .make = make },
};

static void hash_close(void *data)
{
	struct hash *h = data;

	if (!h)
		return;
	EVP_MD_free(h->sha256);
	input_close(&h->input);
	free(h);
}

static int hash_open(const struct workload_options *options, struct workload_state *state)
{
	struct hash *h;
	uint64_t chunk;
	int error = value_whole(state, "chunk", options->values[0], 1, 16777216, &chunk);

	if (error)
		return error;
	h = calloc(1, sizeof(*h));
	if (!h)
		return refuse(state, -ENOMEM, "no memory");
	error = input_open(&h->input, &files, options, state);
	if (error) {
		free(h);
		return error;
	}
	h->chunk = chunk;
	h->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL); /* here, since a search in work() would take a lock */
	if (!h->sha256) {
		hash_close(h);
		return refuse(state, -ENOTSUP, "libcrypto has no SHA256");
	}
	*state = (struct workload_state){
		.data = h,
		.items = options->items ? options->items : h->input.count,
		.output_max = sizeof(struct digest),
	};
	return 0;
}

static int digest(EVP_MD_CTX *context, int fd, void *piece, size_t chunk)
{
	ssize_t got;

	while ((got = read(fd, piece, chunk)) != 0) {
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0 && !EVP_DigestUpdate(context, piece, (size_t)got))
			return -EIO;
	}
	return 0;
}

static int hash_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct hash *h = data;
	int fd = file_open(h->input.folder, h->input.names[item % h->input.count]), error = -ENOMEM;
	EVP_MD_CTX *context;
	void *piece;

	(void)in;
	if (fd < 0)
		return fd;
	context = EVP_MD_CTX_new();
	piece = malloc(h->chunk);
	if (!context || !piece || !EVP_DigestInit_ex(context, h->sha256, NULL))
		goto out;
	error = digest(context, fd, piece, h->chunk);
	if (!error && !EVP_DigestFinal_ex(context, out->data, NULL))
		error = -EIO;
	out->size = sizeof(struct digest);
out:
	free(piece);
	EVP_MD_CTX_free(context);
	close(fd);
	return error;
}

/* Only for generated files the answer is known. */
static int hash_check(const void *data, uint64_t item, struct bytes out)
{
	const struct hash *h = data;
	const struct input *input = &h->input;

	if (out.size != sizeof(struct digest))
		return -EBADMSG;
	if (!input->digests)
		return 0;
	return memcmp(out.data, input->digests + item % input->count, out.size) == 0 ? 0 : -EBADMSG;
}

const struct workload workload_hash = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "hash",
	.summary = "SHA-256 of files: reads and computes",
	.item = "file",
	.files = "files",
	.params = params,
	.open = hash_open,
	.work = hash_work,
	.check = hash_check,
	.close = hash_close,
};
