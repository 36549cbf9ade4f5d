#include "store/values.h"

#include "base/interrupts.h"

#include <string.h>

#define EXACT 9007199254740992.0 /* 2^53: whole numbers up to here are exact as double */

json_t *value_number(double number)
{
	if (!isfinite(number))
		return json_null();
	if (number == floor(number) && fabs(number) <= EXACT)
		return json_integer((json_int_t)number);
	return json_real(number);
}

json_t *value_count(uint64_t number)
{
	return json_integer((json_int_t)number);
}

json_t *value_integer(bool known, int64_t number)
{
	return known ? json_integer(number) : json_null();
}

/* The number of bytes of the valid character that `text` begins with; 0: it begins with none. */
static size_t character(const char *text, size_t left)
{
	for (size_t size = 1; size <= 4 && size <= left; size++) {
		json_t *one = json_stringn(text, size);

		json_decref(one);
		if (one)
			return size;
	}
	return 0;
}

static json_t *mended(const char *text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t left = strlen(text), size = 0;
	char *valid = malloc(left * strlen(replacement) + 1);
	json_t *string;

	if (!valid)
		return NULL;
	while (left) {
		size_t own = character(text, left);
		const char *from = own ? text : replacement;
		size_t given = own ? own : strlen(replacement);

		memcpy(valid + size, from, given);
		size += given;
		text += own ? own : 1;
		left -= own ? own : 1;
	}
	string = json_stringn(valid, size);
	free(valid);
	return string;
}

json_t *value_text(const char *text)
{
	json_t *string;

	if (!text)
		return json_null();
	string = json_string(text);
	return string ? string : mended(text);
}

json_t *value_signal(int number)
{
	return value_text(number ? signal_text((char[SIGNAL_TEXT]){ 0 }, number) : NULL);
}

json_t *value_interval(struct interval interval)
{
	if (!isfinite(interval.median))
		return json_null();
	return VALUE_OBJECT({ "median", value_number(interval.median) }, { "low", value_number(interval.low) },
			    { "high", value_number(interval.high) }, { "level", value_number(interval.level) });
}

json_t *value_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) == 0)
		return array;
	json_decref(array);
	return NULL;
}

json_t *value_set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) == 0)
		return object;
	json_decref(object);
	return NULL;
}

json_t *value_object(const struct field *fields)
{
	json_t *object = json_object();

	for (; fields->key; fields++)
		object = value_set(object, fields->key, fields->value);
	return object;
}

json_t *value_words(char *const *words)
{
	json_t *array = json_array();

	for (; words && *words; words++)
		array = value_append(array, value_text(*words));
	return array;
}

json_t *value_object_or_empty(json_t *object)
{
	return object ? json_incref(object) : json_object();
}
