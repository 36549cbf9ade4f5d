#include "run/wire/fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define INTEGER_SIZE 8 /* bytes that an integer takes when it travels */

struct field_head {
	uint32_t size; /* bytes of the value */
	uint16_t type; /* one of wire_types */
	uint16_t name_length;
};

static const char wire_types[] = {
	[FIELD_BOOL] = 'i',   [FIELD_UNSIGNED] = 'i', [FIELD_SIGNED] = 'i',
	[FIELD_DOUBLE] = 'd', [FIELD_TEXT] = 't',     [FIELD_STRUCT] = 's',
};

/* ---- A table ---- */

static struct wire_field field_of(const struct key *key)
{
	static const uint32_t sizes[] = { [KEY_UINT32] = sizeof(uint32_t),
					  [KEY_UINT64] = sizeof(uint64_t),
					  [KEY_KNOWN_UINT64] = sizeof(uint64_t),
					  [KEY_FLAG] = sizeof(bool),
					  [KEY_DIGEST] = sizeof(uint64_t) };

	return (struct wire_field){
		.name = key->name,
		.type = key->type == KEY_FLAG ? FIELD_BOOL : FIELD_UNSIGNED,
		.offset = (uint32_t)key->offset,
		.size = sizes[key->type],
		.count = 1,
	};
}

/* A walk through the entries of a table; at FIELD_KEYS it goes through the keys. */
struct walk {
	const struct wire_field *next;
	const struct key *next_key; /* NULL: the walk is not among keys */
	struct wire_field of_key;
};

/* The next entry of a walk; NULL: there are no more. */
static const struct wire_field *next_field(struct walk *w)
{
	if (w->next_key && w->next_key->name) {
		w->of_key = field_of(w->next_key++);
		return &w->of_key;
	}
	w->next_key = NULL;
	if (w->next->type == FIELD_KEYS) {
		w->next_key = w->next++->keys;
		return next_field(w);
	}
	return w->next->name ? w->next++ : NULL;
}

static int64_t load(const struct wire_field *f, const void *element)
{
	if (f->type == FIELD_BOOL)
		return *(const bool *)element;
	if (f->size == 1)
		return *(const uint8_t *)element;
	if (f->size == 8)
		return *(const int64_t *)element;
	if (f->type == FIELD_SIGNED)
		return *(const int32_t *)element;
	return *(const uint32_t *)element;
}

static void store(const struct wire_field *f, void *element, int64_t value)
{
	if (f->type == FIELD_BOOL)
		*(bool *)element = value != 0;
	else if (f->size == 1)
		*(uint8_t *)element = (uint8_t)value;
	else if (f->size == 4)
		*(uint32_t *)element = (uint32_t)value;
	else
		*(int64_t *)element = value;
}

/* ---- From a struct ---- */

/* Where bytes are written; `at` NULL: they are only counted. */
struct written {
	char *at;
	size_t size;
};

static void put(struct written *w, const void *data, size_t size)
{
	if (w->at)
		memcpy(w->at + w->size, data, size);
	w->size += size;
}

/* Returns the elements of a member, and sets how many of them are used. */
static const char *elements_of(const struct wire_field *f, const char *from, size_t *count)
{
	uint32_t used = f->count;

	if (f->type == FIELD_STRUCT && f->counted_at >= 0)
		memcpy(&used, from + f->counted_at, sizeof(used));
	*count = f->type == FIELD_TEXT ? strnlen(from + f->offset, f->count - 1) : used;
	return f->count ? from + f->offset : *(const char *const *)(from + f->offset);
}

static void put_struct(struct written *w, const struct wire_field *fields, const void *from)
{
	uint32_t size = (uint32_t)fields_encode(fields, from, NULL);

	put(w, &size, sizeof(size));
	if (w->at)
		fields_encode(fields, from, w->at + w->size);
	w->size += size;
}

static void put_value(struct written *w, const struct wire_field *f, const char *elements, size_t count)
{
	if (f->type == FIELD_TEXT || f->type == FIELD_DOUBLE) {
		put(w, elements, count * f->size);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *element = elements + i * f->size;
		int64_t integer;

		if (f->type == FIELD_STRUCT) {
			put_struct(w, f->fields, element);
			continue;
		}
		integer = load(f, element);
		put(w, &integer, INTEGER_SIZE);
	}
}

static void put_field(struct written *w, const struct wire_field *f, const void *from)
{
	struct field_head head = { 0, wire_types[f->type], (uint16_t)strlen(f->name) };
	size_t head_at = w->size, value_at = head_at + sizeof(head) + head.name_length, count;
	const char *elements = elements_of(f, from, &count);

	put(w, &head, sizeof(head));
	put(w, f->name, head.name_length);
	put_value(w, f, elements, count);
	head.size = (uint32_t)(w->size - value_at);
	if (w->at)
		memcpy(w->at + head_at, &head, sizeof(head));
}

size_t fields_encode(const struct wire_field *fields, const void *from, void *to)
{
	struct written written = { to, 0 };
	struct walk through = { .next = fields };

	for (const struct wire_field *f = next_field(&through); f; f = next_field(&through))
		put_field(&written, f, from);
	return written.size;
}

/* ---- To a struct ---- */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Finds the next of several structs and moves `data` behind it. Returns 1, 0: there is none, or -EPROTO. */
static int next_struct(const char **data, size_t *left, const char **found, uint32_t *size)
{
	if (*left == 0)
		return 0;
	if (*left < sizeof(*size))
		return -EPROTO;
	memcpy(size, *data, sizeof(*size));
	if (*left - sizeof(*size) < *size)
		return -EPROTO;
	*found = *data + sizeof(*size);
	*data = *found + *size;
	*left -= sizeof(*size) + *size;
	return 1;
}

static int count_structs(const char *data, size_t left, size_t *count)
{
	const char *found;
	uint32_t size;
	int more;

	*count = 0;
	while ((more = next_struct(&data, &left, &found, &size)) > 0)
		++*count;
	return more;
}

/* Makes room for `count` structs in a member that points to them. */
static char *make_room(const struct wire_field *f, char *to, size_t count)
{
	void *elements = calloc(count ? count : 1, f->size);

	free(*(void **)(to + f->offset));
	*(void **)(to + f->offset) = elements;
	return elements;
}

static int take_structs(const struct wire_field *f, char *to, const char *data, size_t left)
{
	char *elements = to + f->offset;
	const char *found = NULL;
	uint32_t size = 0, used = 0;
	size_t count;
	int err = count_structs(data, left, &count);

	if (!err && f->count == 0) {
		elements = make_room(f, to, count);
		err = elements ? 0 : -ENOMEM;
	}
	count = f->count ? least(count, f->count) : count;
	for (; !err && used < count; used++) {
		next_struct(&data, &left, &found, &size);
		err = fields_decode(f->fields, elements + used * f->size, found, size);
	}
	if (f->counted_at >= 0)
		memcpy(to + f->counted_at, &used, sizeof(used));
	return err;
}

static int take_value(const struct wire_field *f, char *to, const char *data, size_t size)
{
	char *element = to + f->offset;

	if (f->type == FIELD_STRUCT)
		return take_structs(f, to, data, size);
	if (f->type == FIELD_TEXT) {
		size = least(size, f->count - 1);
		memcpy(element, data, size);
		element[size] = '\0';
		return 0;
	}
	if (size % INTEGER_SIZE)
		return -EPROTO;
	for (size_t i = 0; i < least(size / INTEGER_SIZE, f->count); i++) {
		int64_t integer; /* or the bytes of a double, which has the same size */

		memcpy(&integer, data + i * INTEGER_SIZE, INTEGER_SIZE);
		store(f, element + i * f->size, integer);
	}
	return 0;
}

/* Returns the entry of that name and type, or NULL. */
static const struct wire_field *find(struct walk *through, const struct field_head *head, const char *name)
{
	const struct wire_field *f = next_field(through);

	while (f && (wire_types[f->type] != head->type || strlen(f->name) != head->name_length ||
		     memcmp(f->name, name, head->name_length) != 0))
		f = next_field(through);
	return f;
}

int fields_decode(const struct wire_field *fields, void *to, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		struct walk through = { .next = fields };
		const struct wire_field *field;
		struct field_head head;
		size_t before_value = sizeof(head);
		int err;

		if (size < sizeof(head))
			return -EPROTO;
		memcpy(&head, at, sizeof(head));
		before_value += head.name_length;
		if (size < before_value || size - before_value < head.size)
			return -EPROTO;
		field = find(&through, &head, at + sizeof(head));
		err = field ? take_value(field, to, at + before_value, head.size) : 0;
		if (err)
			return err;
		at += before_value + head.size;
		size -= before_value + head.size;
	}
	return 0;
}

void fields_release(const struct wire_field *fields, void *of)
{
	for (const struct wire_field *f = fields; f->name; f++) {
		void **pointer = (void **)((char *)of + f->offset);

		if (f->type != FIELD_STRUCT || f->count)
			continue;
		free(*pointer);
		*pointer = NULL;
	}
}
