/* A stream of JSON that remembers its first error, so that callers check once at the end. Values are written and freed
 * one by one: a document of any size needs the memory of one value only. */
#ifndef BENCH_BASE_WRITER_H
#define BENCH_BASE_WRITER_H

#include <jansson.h>
#include <stdio.h>

struct writer {
	FILE *file;
	int error; /* 0 or -errno of the first failure, after which nothing more is written */
};

/* Stops the writer with `error`, an -errno, unless it has stopped before. */
void writer_fail(struct writer *writer, int error);

/* Writes punctuation and keys as they are. */
void writer_text(struct writer *writer, const char *text);

/* Writes as printf() does. */
__attribute__((format(printf, 2, 3))) void writer_print(struct writer *writer, const char *format, ...);

/* Writes `value` and frees it; NULL stops the writer with -ENOMEM. */
void writer_json(struct writer *writer, json_t *value);

/* Writes `"key":value,` on a line of its own and frees `value`. */
void writer_key(struct writer *writer, const char *key, json_t *value);

/* Writes an object without its braces and frees it, for an object whose other keys are streamed. */
void writer_embedded(struct writer *writer, json_t *object);

#endif
