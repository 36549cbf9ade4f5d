/* Fields: what one build writes another one reads, which knows more names, or fewer, or has less room; and what is cut
 * off or no fields at all is refused, or does no harm. */
#include "base/random.h"
#include "run/wire/fields.h"
#include "tests/test.h"

struct part {
	uint64_t ns;
	char name[8];
};

struct whole {
	bool yes;
	uint8_t small;
	int32_t below;
	uint32_t above;
	uint64_t large;
	double real;
	double values[3];
	uint64_t numbers[2];
	char text[8];
	struct part one;
	struct part several[3];
	uint32_t several_count;
	struct part *many;
	uint32_t many_count;
	uint32_t keyed;
	bool also_keyed;
	uint64_t keyed_last;
};

static const struct wire_field part_fields[] = {
	FIELD(part, ns),
	FIELD(part, name),
	{ 0 },
};

static const struct key whole_keys[] = {
	{ .name = "keyed", .type = KEY_UINT32, .offset = offsetof(struct whole, keyed) },
	{ .name = "also_keyed", .type = KEY_FLAG, .offset = offsetof(struct whole, also_keyed) },
	{ .name = "keyed_last", .type = KEY_DIGEST, .offset = offsetof(struct whole, keyed_last) },
	{ 0 },
};

static const struct wire_field whole_fields[] = {
	FIELD(whole, yes),
	FIELD_ALL_KEYS(whole_keys),
	FIELD(whole, small),
	FIELD(whole, below),
	FIELD(whole, above),
	FIELD(whole, large),
	FIELD(whole, real),
	FIELD(whole, values),
	FIELD(whole, numbers),
	FIELD(whole, text),
	FIELD_ONE(whole, one, part_fields),
	FIELD_ARRAY(whole, several, several_count, part_fields),
	FIELD_POINTER(whole, many, many_count, part_fields),
	{ 0 },
};

static struct part two[] = { { 4, "four" }, { 5, "five" } };
static const struct whole example = {
	.yes = true,
	.small = 200,
	.below = -7,
	.above = UINT32_MAX,
	.large = UINT64_MAX,
	.real = 1.5,
	.values = { 1, 2, 3 },
	.numbers = { 8, 9 },
	.text = "seven77",
	.one = { 1, "one" },
	.several = { { 2, "two" }, { 3, "" } },
	.several_count = 2,
	.many = two,
	.many_count = 2,
	.keyed = 12,
	.also_keyed = true,
	.keyed_last = UINT64_MAX - 1,
};

/* The bytes of `from`, owned by the caller. */
static void *encode(const struct wire_field *fields, const void *from, size_t *size)
{
	void *bytes;

	*size = fields_encode(fields, from, NULL);
	bytes = malloc(*size);
	assert_non_null(bytes);
	assert_int_equal(fields_encode(fields, from, bytes), *size);
	return bytes;
}

static void round_trip(void **state)
{
	struct whole found = { 0 };
	struct part *many;
	size_t size;
	void *bytes = encode(whole_fields, &example, &size);

	(void)state;
	assert_int_equal(fields_decode(whole_fields, &found, bytes, size), 0);
	many = found.many;
	assert_memory_equal(many, two, sizeof(two));
	found.many = two; /* all the rest, to the last bit */
	assert_memory_equal(&found, &example, sizeof(found));
	found.many = many;
	fields_release(whole_fields, &found);
	assert_null(found.many);
	free(bytes);
}

/* A build that has fewer members, one of them by another name and one of another type. */
struct later {
	uint64_t above; /* was 32 bits */
	uint32_t renamed;
	double small; /* was an integer */
	uint64_t added;
	double values[5];
	uint64_t numbers[1];
	char text[4];
	struct part several[1];
	uint32_t several_count;
};

static const struct wire_field later_fields[] = {
	FIELD(later, added),
	FIELD(later, above),
	FIELD_AS("below", later, renamed),
	FIELD(later, small),
	FIELD(later, values),
	FIELD(later, numbers),
	FIELD(later, text),
	FIELD_ARRAY(later, several, several_count, part_fields),
	{ 0 },
};

static void other_members(void **state)
{
	struct later found = { .added = 42, .small = 0.5, .values = { [3] = 77 } };
	size_t size;
	void *bytes = encode(whole_fields, &example, &size);

	(void)state;
	assert_int_equal(fields_decode(later_fields, &found, bytes, size), 0);
	assert_int_equal(found.above, UINT32_MAX);
	assert_int_equal(found.renamed, (uint32_t)-7);
	assert_true(found.small == 0.5 && found.added == 42); /* as they were */
	assert_true(found.values[2] == 3 && found.values[3] == 77);
	assert_int_equal(found.numbers[0], 8);
	assert_string_equal(found.text, "sev");
	assert_int_equal(found.several_count, 1);
	assert_string_equal(found.several[0].name, "two");
	free(bytes);
}

static void missing_stay(void **state)
{
	struct whole found = { .real = 0.25, .many_count = 3 };

	(void)state;
	assert_int_equal(fields_decode(whole_fields, &found, NULL, 0), 0);
	assert_true(found.real == 0.25 && found.many_count == 3);
}

/* The same name twice: the last one counts, and nothing is lost (AddressSanitizer looks). */
static void repeated(void **state)
{
	struct whole found = { 0 };
	size_t size;
	char *bytes = encode(whole_fields, &example, &size);
	char *twice = malloc(2 * size);

	(void)state;
	memcpy(twice, bytes, size);
	memcpy(twice + size, bytes, size);
	assert_int_equal(fields_decode(whole_fields, &found, twice, 2 * size), 0);
	assert_int_equal(found.many_count, 2);
	fields_release(whole_fields, &found);
	free(twice);
	free(bytes);
}

/* Reads a copy of its own, so that AddressSanitizer sees a byte too many. Returns what came of it. */
static int decode_copy(const char *bytes, size_t size)
{
	struct whole found = { 0 };
	char *copy = malloc(size ? size : 1);
	int err;

	memcpy(copy, bytes, size);
	err = fields_decode(whole_fields, &found, copy, size);
	assert_true(err == 0 || err == -EPROTO);
	assert_true(found.several_count <= 3 && found.many_count <= size && memchr(found.text, '\0', 8));
	fields_release(whole_fields, &found);
	free(copy);
	return err;
}

/* Between two fields the rest is merely not there; cut anywhere else they are none. */
static void cut_off(void **state)
{
	size_t size, whole_ones = 0;
	char *bytes = encode(whole_fields, &example, &size);

	(void)state;
	for (size_t cut = 0; cut <= size; cut++)
		whole_ones += decode_copy(bytes, cut) == 0;
	assert_int_equal(whole_ones, 1 + 12 + 3); /* nothing, after each field, and after each key */
	free(bytes);
}

static void garbage(void **state)
{
	size_t size;
	char *bytes = encode(whole_fields, &example, &size);
	uint64_t random = 1;

	(void)state;
	for (size_t i = 0; i < size; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			bytes[i] ^= (char)(1u << bit);
			decode_copy(bytes, size);
			bytes[i] ^= (char)(1u << bit);
		}
	for (unsigned i = 0; i < 1000; i++) {
		for (size_t k = 0; k < size; k++)
			bytes[k] = (char)random_next(&random);
		assert_int_equal(decode_copy(bytes, size), -EPROTO);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip), cmocka_unit_test(other_members), cmocka_unit_test(missing_stay),
		cmocka_unit_test(repeated),   cmocka_unit_test(cut_off),       cmocka_unit_test(garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
