/* Values of JSON documents that others have written. What is missing, null or of a wrong type is not known: NULL, NaN
 * or 0. `object` may be NULL or no object; strings are the document's own. */
#ifndef BENCH_BASE_JSON_H
#define BENCH_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* A string, else NULL, or `otherwise`. */
const char *json_text(const json_t *object, const char *key);
const char *json_text_or(const json_t *object, const char *key, const char *otherwise);

/* Whether it is this string. */
bool json_says(const json_t *object, const char *key, const char *text);

/* The first of an array of objects in which `key` is this string; NULL: there is none. */
const json_t *json_find(const json_t *array, const char *key, const char *text);

/* A number, else NaN. */
double json_double(const json_t *object, const char *key);

/* A whole number that is not negative, else 0. */
uint64_t json_count(const json_t *object, const char *key);

#endif
