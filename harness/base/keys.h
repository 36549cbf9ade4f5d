/* Members of a struct as keys of a JSON object: a table names them once, and whoever writes, reads or describes the
 * object loops over it. */
#ifndef BENCH_BASE_KEYS_H
#define BENCH_BASE_KEYS_H

#include <jansson.h>
#include <stddef.h>

/* The type of the member, and the value that the object has. */
enum key_type {
	KEY_UINT32,
	KEY_UINT64,
	KEY_KNOWN_UINT64, /* null for 0 */
	KEY_FLAG,         /* bool */
	KEY_DIGEST,       /* uint64_t; 16 digits of base 16 */
};

struct key {
	const char *name;
	enum key_type type;
	size_t offset;       /* of the member in the struct */
	const char *meaning; /* for a schema */
};

/* The object with this key of the struct `from`; NULL without memory, or for an object of NULL. */
json_t *key_write(json_t *object, const struct key *key, const void *from);

/* Sets the member of `to`; 0 where the object does not have it. */
void key_read(const struct key *key, const json_t *object, void *to);

#endif
