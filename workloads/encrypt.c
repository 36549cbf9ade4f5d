/* Encrypts buffers with AES-256-GCM by libcrypto, as a server does with what it stores or sends.
 *
 * The output is the ciphertext, followed by the tag of 16 bytes. Key and plaintexts are the same in every run,
 * so that answers can be compared: nothing here is secret. The nonce of an item is a fixed part and the item's
 * number, so that no nonce is used twice with one key (NIST SP 800-38D, 8.2.1).
 *
 * Plaintexts are windows into the same noise, so an item finds its plaintext in the cache if it fits in. */
#include "workloads/parts/noise.h"
#include "workloads/parts/values.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#define KEY_BYTES 32
#define NONCE_BYTES 12
#define TAG_BYTES 16
#define MOST_BYTES ((size_t)64 << 20)
#define WINDOWS 1024
#define WINDOW_STEP 64 /* bytes from one window to the next */

struct encrypt {
	EVP_CIPHER *cipher;
	uint8_t key[KEY_BYTES];
	uint8_t *noise;
	size_t size;    /* bytes of a plaintext */
	bool by_memory; /* io=memory */
};

enum { SIZE, IO };

static const struct param params[] = {
	[SIZE] = { "size", "262144", "bytes", "1 to 67108864", "plaintext of an item" },
	[IO] = { "io", "local", NULL, "local|memory", "the worker has the plaintext, or is sent it as payload" },
	{ 0 },
};

static void encrypt_close(void *data)
{
	struct encrypt *e = data;

	if (!e)
		return;
	EVP_CIPHER_free(e->cipher);
	free(e->noise);
	free(e);
}

static int parse(struct encrypt *e, const char *const *values, struct workload_state *state)
{
	uint64_t size;
	int error = value_whole(state, "size", values[SIZE], 1, MOST_BYTES, &size);

	if (error)
		return error;
	e->size = size;
	e->by_memory = strcmp(values[IO], "memory") == 0;
	if (!e->by_memory && strcmp(values[IO], "local") != 0)
		return refuse(state, -EINVAL, "io must be local or memory, not '%s'", values[IO]);
	return 0;
}

static int make_input(struct encrypt *e, struct workload_state *state)
{
	size_t size = e->size + (WINDOWS - 1) * WINDOW_STEP;
	uint64_t random = 1;

	noise_fill(&random, e->key, sizeof(e->key));
	e->noise = malloc(size);
	if (!e->noise)
		return refuse(state, -ENOMEM, "no memory");
	noise_fill(&random, e->noise, size);
	e->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL); /* here, since a search in work() would take a lock */
	if (!e->cipher)
		return refuse(state, -ENOTSUP, "libcrypto has no AES-256-GCM");
	return 0;
}

static int encrypt_open(const struct workload_options *options, struct workload_state *state)
{
	struct encrypt *e = calloc(1, sizeof(*e));
	int error;

	if (!e)
		return refuse(state, -ENOMEM, "no memory");
	error = parse(e, options->values, state);
	if (!error)
		error = make_input(e, state);
	if (error) {
		encrypt_close(e);
		return error;
	}
	*state = (struct workload_state){
		.data = e,
		.items = options->items ? options->items : 1000,
		.output_max = e->size + TAG_BYTES,
	};
	return 0;
}

static const uint8_t *plaintext(const struct encrypt *e, uint64_t item)
{
	return e->noise + item % WINDOWS * WINDOW_STEP;
}

static int encrypt_input(const void *data, uint64_t item, struct bytes *in)
{
	const struct encrypt *e = data;

	*in = e->by_memory ? (struct bytes){ plaintext(e, item), e->size } : (struct bytes){ 0 };
	return 0;
}

static void make_nonce(uint64_t item, uint8_t nonce[NONCE_BYTES])
{
	uint64_t counter = htobe64(item);

	memset(nonce, 0, NONCE_BYTES);
	memcpy(nonce + NONCE_BYTES - sizeof(counter), &counter, sizeof(counter));
}

/* Writes e->size bytes of ciphertext, then the tag. Returns whether it succeeded. */
static bool seal(const struct encrypt *e, uint64_t item, const uint8_t *plain, uint8_t *sealed)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	uint8_t nonce[NONCE_BYTES];
	int size, rest;
	bool done;

	make_nonce(item, nonce);
	done = context && EVP_EncryptInit_ex(context, e->cipher, NULL, e->key, nonce) &&
	       EVP_EncryptUpdate(context, sealed, &size, plain, (int)e->size) &&
	       EVP_EncryptFinal_ex(context, sealed + size, &rest) &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, sealed + e->size);
	EVP_CIPHER_CTX_free(context);
	return done;
}

/* Returns whether the tag is right; then `plain` can be trusted. */
static bool unseal(const struct encrypt *e, uint64_t item, const uint8_t *sealed, uint8_t *plain)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	uint8_t nonce[NONCE_BYTES], tag[TAG_BYTES];
	int size, rest;
	bool right;

	make_nonce(item, nonce);
	memcpy(tag, sealed + e->size, TAG_BYTES); /* libcrypto wants to be able to write to it */
	right = context && EVP_DecryptInit_ex(context, e->cipher, NULL, e->key, nonce) &&
		EVP_DecryptUpdate(context, plain, &size, sealed, (int)e->size) &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) &&
		EVP_DecryptFinal_ex(context, plain + size, &rest) > 0;
	EVP_CIPHER_CTX_free(context);
	return right;
}

static int encrypt_work(const void *data, uint64_t item, struct bytes in, struct buffer *out)
{
	const struct encrypt *e = data;

	if (e->by_memory && in.size != e->size)
		return -EBADMSG;
	if (!seal(e, item, e->by_memory ? in.data : plaintext(e, item), out->data))
		return -EIO;
	out->size = e->size + TAG_BYTES;
	return 0;
}

static int encrypt_check(const void *data, uint64_t item, struct bytes out)
{
	const struct encrypt *e = data;
	uint8_t *plain;
	bool same;

	if (out.size != e->size + TAG_BYTES)
		return -EBADMSG;
	plain = malloc(e->size);
	if (!plain)
		return -ENOMEM;
	same = unseal(e, item, out.data, plain) && memcmp(plain, plaintext(e, item), e->size) == 0;
	free(plain);
	return same ? 0 : -EBADMSG;
}

const struct workload workload_encrypt = {
	.abi = BENCH_WORKLOAD_ABI,
	.name = "encrypt",
	.summary = "AES-256-GCM of buffers: computes, gives back as much as it takes",
	.item = "buffer",
	.params = params,
	.open = encrypt_open,
	.input = encrypt_input,
	.work = encrypt_work,
	.check = encrypt_check,
	.close = encrypt_close,
};
