/* A stream of JSON that remembers its first error, so that callers check once at the end. Values are
 * written and freed one by one: a run of any size needs the memory of one sample. */
#ifndef BENCH_BASE_WRITER_H
#define BENCH_BASE_WRITER_H

#include <jansson.h>
#include <stdio.h>

struct writer {
	FILE *file;
	int error; /* 0 or -errno of the first failure, after which nothing more is written */
};

/* Stops the writer with -errno `error`, unless something failed before. */
void writer_fail(struct writer *writer, int error);

/* Punctuation and keys, as they are. */
void writer_text(struct writer *writer, const char *text);

/* The same, as printf() does. */
__attribute__((format(printf, 2, 3))) void writer_print(struct writer *writer, const char *format, ...);

/* Takes `value`; NULL is -ENOMEM. */
void writer_json(struct writer *writer, json_t *value);

/* `"key":value,` on a line of its own. */
void writer_key(struct writer *writer, const char *key, json_t *value);

/* The same as writer_json() without the braces of an object, for one whose other keys are streamed. */
void writer_embedded(struct writer *writer, json_t *object);

#endif
