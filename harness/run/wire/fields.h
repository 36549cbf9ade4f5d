/* Fields: how a struct travels from one build to another. One table names each member that travels, once; it makes the
 * bytes of a struct, and a struct of bytes.
 *
 * Bytes are a list of fields: a head (size of the value, type, length of the name), the name and the value. A reader
 * skips the names that it does not know, and leaves the members that are not named as they were. So a member may be
 * added to a table at any time, and an old one taken out of it. A name stays what it is: it is the member's as C
 * writes it, or is given by FIELD_AS where the member has got another one.
 *
 * Integers and truth values travel as 8 bytes, doubles as themselves, text without its end, a struct within a struct
 * as its size and its own fields. Bytes of numbers are in the machine's order: both ends run on it. */
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
	FIELD_TEXT, /* char[], with its end in it */
	FIELD_STRUCT,
	FIELD_KEYS, /* no member: all that a table of keys names */
};

struct wire_field {
	const char *name; /* NULL ends a table */
	enum field_type type;
	uint32_t offset;                 /* bytes */
	uint32_t size;                   /* of one element, bytes */
	uint32_t count;                  /* of elements that the member holds; 0: it points to them */
	const struct wire_field *fields; /* of an element that is a struct */
	const struct key *keys;
	int32_t counted_at; /* offset of a uint32_t, the number of elements that are used; -1: all are */
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

/* Entries of the table of `struct of`: a number, a truth value, text, or an array of numbers. */
#define FIELD_AS(name_, of, member)                                                                                    \
	{                                                                                                              \
		.name = (name_), .type = FIELD_TYPE(FIELD_MEMBER(of, member)), .offset = offsetof(struct of, member),  \
		.size = FIELD_ELEMENT(FIELD_MEMBER(of, member)),                                                       \
		.count = sizeof(FIELD_MEMBER(of, member)) / FIELD_ELEMENT(FIELD_MEMBER(of, member)),                   \
	}
#define FIELD(of, member) FIELD_AS(#member, of, member)

/* A struct, an array of them of which member `counter` are used, a pointer to so many of them. */
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

/* What the run file says under the names of its members (base/keys.h) travels under these, too. */
#define FIELD_ALL_KEYS(keys_)                                                                                          \
	{                                                                                                              \
		.name = "keys", .type = FIELD_KEYS, .keys = (keys_)                                                    \
	}

/* Writes the fields of `from`; `to` NULL: only counts. Returns their bytes. */
size_t fields_encode(const struct wire_field *fields, const void *from, void *to);

/* Reads them into `to`, whose members hold what they are where they are not named: 0, empty and NULL within structs
 * that are pointed to. Those are allocated; release with fields_release(), also after an error. Elements that there is
 * no room for are left out, and a value of another type is not read. Returns 0, -EPROTO: these are no fields, or
 * -ENOMEM. */
int fields_decode(const struct wire_field *fields, void *to, const void *data, size_t size);
void fields_release(const struct wire_field *fields, void *of);

#endif
