#include "base/keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *value_of(enum key_type type, const void *member)
{
	char digits[17];

	switch (type) {
	case KEY_UINT32:
		return json_integer(*(const uint32_t *)member);
	case KEY_UINT64:
		return json_integer((json_int_t) *(const uint64_t *)member);
	case KEY_KNOWN_UINT64:
		return *(const uint64_t *)member ? value_of(KEY_UINT64, member) : json_null();
	case KEY_FLAG:
		return json_boolean(*(const bool *)member);
	case KEY_DIGEST:
		break;
	}
	snprintf(digits, sizeof(digits), "%016" PRIx64, *(const uint64_t *)member);
	return json_string(digits);
}

json_t *key_write(json_t *object, const struct key *key, const void *from)
{
	if (json_object_set_new(object, key->name, value_of(key->type, (const char *)from + key->offset)) == 0)
		return object;
	json_decref(object);
	return NULL;
}

bool key_fits(const struct key *key, const json_t *object)
{
	const json_t *value = json_object_get(object, key->name);

	if (!value || json_is_null(value))
		return true;
	switch (key->type) {
	case KEY_UINT32:
		return json_is_integer(value) && json_integer_value(value) >= 0 &&
		       json_integer_value(value) <= UINT32_MAX;
	case KEY_UINT64:
	case KEY_KNOWN_UINT64:
		return json_is_integer(value) && json_integer_value(value) >= 0;
	case KEY_FLAG:
		return json_is_boolean(value);
	case KEY_DIGEST:
		break;
	}
	return json_is_string(value);
}

void key_read(const struct key *key, const json_t *object, void *to)
{
	const json_t *value = json_object_get(object, key->name);
	void *member = (char *)to + key->offset;

	switch (key->type) {
	case KEY_UINT32:
		*(uint32_t *)member = (uint32_t)json_integer_value(value);
		break;
	case KEY_UINT64:
	case KEY_KNOWN_UINT64:
		*(uint64_t *)member = (uint64_t)json_integer_value(value);
		break;
	case KEY_FLAG:
		*(bool *)member = json_is_true(value);
		break;
	case KEY_DIGEST:
		*(uint64_t *)member = json_is_string(value) ? strtoull(json_string_value(value), NULL, 16) : 0;
		break;
	}
}
