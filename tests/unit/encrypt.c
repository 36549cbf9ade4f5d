/* The workload `encrypt`: it finds ciphertexts that were changed, and uses no nonce for two items. */
#include "tests/unit/items.h"

extern const struct workload workload_encrypt;
static const struct workload *const encrypt = &workload_encrypt;

#define TAG 16

static void init(struct sandbox *box, const char *size)
{
	sandbox_init(box);
	sandbox_presets(box, encrypt);
	sandbox_set(box, encrypt, "size", size);
}

static void finds_every_changed_byte(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct buffer out = { 0 };

	init(&box, "100");
	sandbox_open(&box, encrypt, &open);
	item_do(encrypt, &open, 3, &out);
	assert_int_equal(out.size, 100 + TAG);
	for (size_t i = 0; i < out.size; i++) {
		uint8_t *byte = (uint8_t *)out.data + i;

		*byte ^= 0x10;
		assert_int_equal(item_check(encrypt, &open, 3, &out), -EBADMSG);
		*byte ^= 0x10;
	}
	assert_int_equal(item_check(encrypt, &open, 3, &out), 0);
	assert_int_equal(item_check(encrypt, &open, 4, &out), -EBADMSG);
	free(out.data);
	encrypt->close(open.data);
	sandbox_release(&box);
}

/* With the same nonce the exclusive or of two ciphertexts would be that of their plaintexts. */
static void never_repeats_a_nonce(void **state)
{
	struct sandbox box;
	struct workload_state open;
	struct buffer first = { 0 }, other = { 0 };
	static const uint64_t same_text[] = { 1024, 4096, (uint64_t)1 << 32, (uint64_t)1 << 63 };

	init(&box, "64");
	sandbox_open(&box, encrypt, &open);
	item_do(encrypt, &open, 0, &first);
	for (size_t i = 0; i < sizeof(same_text) / sizeof(*same_text); i++) {
		item_do(encrypt, &open, same_text[i], &other);
		assert_int_equal(item_check(encrypt, &open, same_text[i], &other), 0);
		assert_memory_not_equal(first.data, other.data, 64);
	}
	free(first.data);
	free(other.data);
	encrypt->close(open.data);
	sandbox_release(&box);
}

static void takes_payloads(void **state)
{
	static const char *const sizes[] = { "1", "15", "16", "17", "70000" };
	struct sandbox box;
	struct workload_state open;
	struct buffer local, sent, out = { 0 };
	struct bytes in;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		init(&box, sizes[i]);
		local = item_once(&box, encrypt, 5);
		sandbox_set(&box, encrypt, "io", "memory");
		sent = item_once(&box, encrypt, 5);
		items_equal(&local, &sent);
		free(local.data);
		free(sent.data);
		sandbox_open(&box, encrypt, &open);
		assert_int_equal(encrypt->input(open.data, 5, &in), 0);
		in.size--;
		assert_int_equal(item_do_with(encrypt, &open, 5, in, &out), -EBADMSG);
		encrypt->close(open.data);
		sandbox_release(&box);
	}
	free(out.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_changed_byte),
		cmocka_unit_test(never_repeats_a_nonce),
		cmocka_unit_test(takes_payloads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
