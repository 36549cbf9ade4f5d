/* Makes JSON values. All functions return a new reference, or NULL without memory. Functions that take JSON values take
 * the caller's references, and return NULL if one of them is NULL, so that only the last result needs a check. */
#ifndef BENCH_STORE_VALUES_H
#define BENCH_STORE_VALUES_H

#include "analyse/statistics.h"

#include <jansson.h>

/* A number; null for NaN and infinities. A whole number becomes an integer, so that no digit is lost. */
json_t *value_number(double number);

/* Whole numbers. `known` false: null. */
json_t *value_count(uint64_t number);
json_t *value_integer(bool known, int64_t number);

/* A text; null for NULL. Each byte that is not UTF-8, as file names and parameters may have, becomes U+FFFD. */
json_t *value_text(const char *text);
json_t *value_signal(int number); /* its name; null for 0 */

/* An array of the texts of `words`, which ends with NULL; if `words` is NULL, an empty array. */
json_t *value_words(char *const *words);

/* Another reference to the object, whose own reference the caller keeps; an empty object for NULL. */
json_t *value_object_or_empty(json_t *object);

/* {"median", "low", "high", "level"}; null if the median is not known. */
json_t *value_interval(struct interval interval);

/* Appends `value` to the array and returns it. */
json_t *value_append(json_t *array, json_t *value);

struct field {
	const char *key;
	json_t *value;
};

/* An object of fields in this order, ended by a key of NULL: VALUE_OBJECT({ "pid", pid }, ...). */
json_t *value_object(const struct field *fields);
#define VALUE_OBJECT(...) value_object((const struct field[]){ __VA_ARGS__, { NULL, NULL } })

/* Adds a field to the object and returns it. */
json_t *value_set(json_t *object, const char *key, json_t *value);

#endif
