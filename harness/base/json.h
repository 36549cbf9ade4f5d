/* Reading values of JSON documents that others have written. A value that is missing, null or of a wrong type counts as
 * not known: NULL, NaN or 0. `object` may be NULL or another type than an object; the document owns the strings. */
#ifndef BENCH_BASE_JSON_H
#define BENCH_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The string under `key`; else NULL, or `otherwise`. */
const char *json_text(const json_t *object, const char *key);
const char *json_text_or(const json_t *object, const char *key, const char *otherwise);

/* Whether the value under `key` is the string `text`. */
bool json_says(const json_t *object, const char *key, const char *text);

/* The first object of the array whose value under `key` is the string `text`; NULL: there is none. */
const json_t *json_find(const json_t *array, const char *key, const char *text);

/* Whether the value under `key` is true. */
bool json_flag(const json_t *object, const char *key);

/* The number under `key`, else NaN. */
double json_double(const json_t *object, const char *key);

/* The whole number under `key` if it is not negative, else 0. */
uint64_t json_count(const json_t *object, const char *key);

/* Cleans all strings and keys of a document that others have written, as text_clean() does; newlines and tabs stay.
 * Returns 0 or -ENOMEM. */
int json_clean(json_t *document);

#endif
