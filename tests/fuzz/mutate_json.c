/* Mutations of JSON: most of them leave a document that is JSON, so that they reach what reads its values. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define BYTES_TOO 4 /* one mutation of so many changes bytes */

static const char *const values[] = {
	"null", "true", "false", "0", "-1", "1", "3", "64", "4294967295", "9223372036854775807", "-9223372036854775808",
	"1e308", "-0.5", "1e-300", "\"\"", "\"ok\"", "\"failed\"", "\"%s%n\"", "\"\\u0000\"", "\"a/b\\nc\"", "[]", "{}",
	"[null]", "[[]]", "{\"name\": null}", "[1, \"a\", {}]",
};

static uint32_t draw(uint32_t *random, uint32_t below)
{
	*random = *random * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)*random * below >> 32);
}

static json_t *new_value(const json_t *old, uint32_t *random)
{
	json_t *copy;

	if (draw(random, 4))
		return json_loads(values[draw(random, sizeof(values) / sizeof(*values))],
				  JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	copy = json_array();
	for (unsigned i = draw(random, 3); i < 3; i++)
		json_array_append_new(copy, json_deep_copy(old));
	return copy;
}

/* Removes, replaces, renames or doubles the entry, or goes on to one within it. */
static void change(json_t *in, uint32_t *random);

static void change_member(json_t *object, uint32_t *random)
{
	uint32_t left = draw(random, (uint32_t)json_object_size(object));
	void *at = json_object_iter(object);
	json_t *value, *other;
	char key[64];

	while (left--)
		at = json_object_iter_next(object, at);
	value = json_object_iter_value(at);
	strncpy(key, json_object_iter_key(at), sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	if ((json_object_size(value) || json_array_size(value)) && draw(random, 8)) {
		change(value, random);
	} else if (draw(random, 4)) {
		json_object_set_new(object, key, new_value(value, random));
	} else if (draw(random, 2)) {
		json_object_del(object, key);
	} else {
		at = json_object_iter_next(object, at);
		other = at ? json_object_iter_value(at) : value;
		json_object_set(object, key, other == object ? NULL : other);
	}
}

static void change_entry(json_t *array, uint32_t *random)
{
	size_t i = draw(random, (uint32_t)json_array_size(array));
	json_t *entry = json_array_get(array, i);

	if ((json_object_size(entry) || json_array_size(entry)) && draw(random, 8))
		change(entry, random);
	else if (draw(random, 2))
		json_array_set_new(array, i, new_value(entry, random));
	else if (draw(random, 2))
		json_array_remove(array, i);
	else
		json_array_insert_new(array, i, json_deep_copy(entry));
}

static void change(json_t *in, uint32_t *random)
{
	if (json_object_size(in))
		change_member(in, random);
	else if (json_array_size(in))
		change_entry(in, random);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	uint32_t random = seed;
	json_t *document = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL);
	char *text;
	size_t made;

	if (!document || draw(&random, BYTES_TOO) == 0) {
		json_decref(document);
		return LLVMFuzzerMutate(data, size, most);
	}
	for (unsigned times = 1 + draw(&random, 3); times; times--)
		change(document, &random);
	text = json_dumps(document, JSON_COMPACT);
	made = text ? strlen(text) : 0;
	if (made && made <= most)
		memcpy(data, text, made);
	free(text);
	json_decref(document);
	return made && made <= most ? made : size;
}
