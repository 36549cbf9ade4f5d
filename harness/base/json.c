#include "base/json.h"

#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
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

static bool is_ascii(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return *text == '\0';
}

/* Returns a clean copy of `text`, owned by the caller; NULL without memory. */
static char *clean_copy(const char *text)
{
	char *copy = strdup(text);

	if (copy)
		text_clean(copy, "\n\t");
	return copy;
}

static int clean_string(json_t *string)
{
	char *clean = clean_copy(json_string_value(string));
	int err = !clean || json_string_set_nocheck(string, clean) ? -ENOMEM : 0;

	free(clean);
	return err;
}

static int clean_keys(json_t *object)
{
	json_t *clean = json_object(), *value;
	const char *key;
	int err = clean ? 0 : -ENOMEM;

	json_object_foreach(object, key, value) {
		char *copy = clean_copy(key);

		if (!copy || json_object_set_nocheck(clean, copy, value))
			err = -ENOMEM;
		free(copy);
	}
	if (!err && (json_object_clear(object) || json_object_update(object, clean)))
		err = -ENOMEM;
	json_decref(clean);
	return err;
}

int json_clean(json_t *document)
{
	json_t *value;
	const char *key;
	bool plain = true;
	size_t i;
	int err = 0;

	if (json_is_string(document))
		return is_ascii(json_string_value(document)) ? 0 : clean_string(document);
	json_array_foreach(document, i, value)
		err = err ? err : json_clean(value);
	json_object_foreach(document, key, value) {
		err = err ? err : json_clean(value);
		plain &= is_ascii(key);
	}
	return err || plain ? err : clean_keys(document);
}
