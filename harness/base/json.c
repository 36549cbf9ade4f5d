#include "base/json.h"

#include <math.h>
#include <string.h>

const char *json_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *json_text_or(const json_t *object, const char *key, const char *otherwise)
{
	const char *text = json_text(object, key);

	return text ? text : otherwise;
}

bool json_says(const json_t *object, const char *key, const char *text)
{
	const char *own = json_text(object, key);

	return own && strcmp(own, text) == 0;
}

const json_t *json_find(const json_t *array, const char *key, const char *text)
{
	const json_t *object;
	size_t i;

	json_array_foreach(array, i, object)
		if (json_says(object, key, text))
			return object;
	return NULL;
}

bool json_flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

double json_double(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

uint64_t json_count(const json_t *object, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(object, key));

	return value > 0 ? (uint64_t)value : 0;
}
