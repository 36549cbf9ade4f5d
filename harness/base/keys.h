/* Members of a struct as keys of a JSON object: a table names each member once, and the code that writes, reads or
 * describes the object loops over the table. */
#ifndef BENCH_BASE_KEYS_H
#define BENCH_BASE_KEYS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The type of the member, and what its value is in the object. */
enum key_type {
	KEY_UINT32,
	KEY_UINT64,
	KEY_KNOWN_UINT64, /* uint64_t; 0 is written as null */
	KEY_FLAG,         /* bool */
	KEY_DIGEST,       /* uint64_t; a string of 16 hexadecimal digits */
};

struct key {
	const char *name;
	enum key_type type;
	size_t offset;       /* of the member in the struct */
	const char *meaning; /* one line for the schema */
};

/* Adds the key with the value that it has in the struct `from` and returns the object; NULL without memory, or if
 * `object` is NULL. */
json_t *key_write(json_t *object, const struct key *key, const void *from);

/* Whether the object does not have the key, or has it with a value of its type; a number is at least 0. */
bool key_fits(const struct key *key, const json_t *object);

/* Sets the member of the struct `to`; to 0 where the object does not have the key. */
void key_read(const struct key *key, const json_t *object, void *to);

#endif
