/* Values as JSON. All return a new reference, or NULL without memory; and all that take values take
 * the caller's reference and pass a NULL among them on, so that only the last result needs a check. */
#ifndef BENCH_STORE_VALUES_H
#define BENCH_STORE_VALUES_H

#include "analyse/statistics.h"

#include <jansson.h>

/* null for NaN and infinities; an integer where the value is one, so that no digit is lost. */
json_t *value_number(double number);

/* Whole numbers. `known` false: null. */
json_t *value_count(uint64_t number);
json_t *value_integer(bool known, int64_t number);

/* null for NULL. Bytes that are not UTF-8 (file names, parameters) become U+FFFD each. */
json_t *value_text(const char *text);

/* An array of texts, which end with NULL; `words` NULL: empty. */
json_t *value_words(char *const *words);

/* The object, which stays the caller's; an empty one for NULL. */
json_t *value_object_or_empty(json_t *object);

/* {"median", "low", "high", "level"}; null where the median is not known. */
json_t *value_interval(struct interval interval);

/* The array, with `value` at its end. */
json_t *value_append(json_t *array, json_t *value);

struct field {
	const char *key;
	json_t *value;
};

/* An object of fields in this order, ended by a key of NULL: VALUE_OBJECT({ "pid", pid }, ...). */
json_t *value_object(const struct field *fields);
#define VALUE_OBJECT(...) value_object((const struct field[]){ __VA_ARGS__, { NULL, NULL } })

/* The object, with one more field. */
json_t *value_set(json_t *object, const char *key, json_t *value);

#endif
