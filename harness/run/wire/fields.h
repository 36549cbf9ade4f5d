/* Fields: how a struct travels from one build to another. One table names each member that travels, once; with it a
 * struct is encoded as bytes and decoded again.
 *
 * Bytes are a list of fields: a head (size of the value, type, length of the name), the name and the value. A reader
 * skips names that it does not know, and leaves members that are not named as they were. So a member may be added to a
 * table, or taken out of it, at any time. The name of a field never changes: it is the name of the member, or is given
 * by FIELD_AS if the member was renamed.
 *
 * Integers and truth values travel as 8 bytes, doubles as they are, text without its NUL, a struct within a struct as
 * its size and its fields. Numbers are in the machine's byte order, since both ends run on the same machine. */
#ifndef BENCH_RUN_WIRE_FIELDS_H
#define BENCH_RUN_WIRE_FIELDS_H

#include "base/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_BOOL,
	FIELD_UNSIGNED,
	FIELD_SIGNED,
	FIELD_DOUBLE,
	FIELD_TEXT, /* char[] that holds a NUL */
	FIELD_STRUCT,
	FIELD_KEYS, /* no member by itself: all members that a table of keys names */
};

struct wire_field {
	const char *name; /* NULL ends a table */
	enum field_type type;
	uint32_t offset;                 /* bytes */
	uint32_t size;                   /* bytes of one element */
	uint32_t count;                  /* number of elements in the member; 0: the member points to them */
	const struct wire_field *fields; /* the table of an element that is a struct */
	const struct key *keys;
	int32_t counted_at; /* offset of a uint32_t that says how many elements are used; -1: all are */
};

#define FIELD_ELEMENT(member) _Generic((member), uint64_t * : 8, double * : 8, char * : 1, default : sizeof(member))
#define FIELD_TYPE(member)                                                                                             \
	_Generic((member),                                                                                             \
		bool: FIELD_BOOL,                                                                                      \
		uint8_t: FIELD_UNSIGNED,                                                                               \
		uint32_t: FIELD_UNSIGNED,                                                                              \
		uint64_t: FIELD_UNSIGNED,                                                                              \
		uint64_t *: FIELD_UNSIGNED,                                                                            \
		int32_t: FIELD_SIGNED,                                                                                 \
		int64_t: FIELD_SIGNED,                                                                                 \
		double: FIELD_DOUBLE,                                                                                  \
		double *: FIELD_DOUBLE,                                                                                \
		char *: FIELD_TEXT)
#define FIELD_MEMBER(of, member) ((struct of *)0)->member

/* Entries of the table of `struct of`, for members that are a number, a truth value, text, or an array of numbers. */
#define FIELD_AS(name_, of, member)                                                                                    \
	{                                                                                                              \
		.name = (name_), .type = FIELD_TYPE(FIELD_MEMBER(of, member)), .offset = offsetof(struct of, member),  \
		.size = FIELD_ELEMENT(FIELD_MEMBER(of, member)),                                                       \
		.count = sizeof(FIELD_MEMBER(of, member)) / FIELD_ELEMENT(FIELD_MEMBER(of, member)),                   \
	}
#define FIELD(of, member) FIELD_AS(#member, of, member)

/* Entries for members that are a struct (FIELD_ONE), an array of structs (FIELD_ARRAY) or a pointer to structs
 * (FIELD_POINTER); the member `counter` says how many of them are used. */
#define FIELD_STRUCTS_AT(of, member, size_, count_, counted_at_, fields_)                                              \
	{                                                                                                              \
		.name = #member, .type = FIELD_STRUCT, .offset = offsetof(struct of, member), .size = (size_),         \
		.count = (count_), .counted_at = (counted_at_), .fields = (fields_),                                   \
	}
#define FIELD_ONE(of, member, fields) FIELD_STRUCTS_AT(of, member, sizeof(FIELD_MEMBER(of, member)), 1, -1, fields)
#define FIELD_ARRAY(of, member, counter, fields)                                                                       \
	FIELD_STRUCTS_AT(of, member, sizeof(*FIELD_MEMBER(of, member)),                                                \
			 sizeof(FIELD_MEMBER(of, member)) / sizeof(*FIELD_MEMBER(of, member)),                         \
			 offsetof(struct of, counter), fields)
#define FIELD_POINTER(of, member, counter, fields)                                                                     \
	FIELD_STRUCTS_AT(of, member, sizeof(*FIELD_MEMBER(of, member)), 0, offsetof(struct of, counter), fields)

/* An entry for all members that a table of keys (base/keys.h) names: they travel under the names of the keys. */
#define FIELD_ALL_KEYS(keys_)                                                                                          \
	{                                                                                                              \
		.name = "keys", .type = FIELD_KEYS, .keys = (keys_)                                                    \
	}

/* Writes the fields of the struct `from` to `to`; `to` NULL: only counts. Returns the number of bytes. */
size_t fields_encode(const struct wire_field *fields, const void *from, void *to);

/* Reads fields into the struct `to`; members that are not named keep their values. Structs that a member points to are
 * allocated, zeroed before they are read; release them with fields_release(), also after an error. Elements for which
 * there is no room are left out, and a value of another type is not read. Returns 0, -EPROTO: the data are no fields,
 * or -ENOMEM. */
int fields_decode(const struct wire_field *fields, void *to, const void *data, size_t size);
void fields_release(const struct wire_field *fields, void *of);

#endif
