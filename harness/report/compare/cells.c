#include "report/compare/internal.h"

#include "store/run/work.h"

#include <string.h>

/* Keys of a cell that tell a way of running from others. */
static const char *const way_keys[] = { "workload",  "mode",     "per",     "option", "call",
					"transport", "schedule", "workers", "bind",   NULL };

static bool is_known(const json_t *value)
{
	return value && !json_is_null(value);
}

static bool same_values(const json_t *a, const json_t *b, const char *const *keys)
{
	for (; *keys; keys++)
		if (!work_same_value(json_object_get(a, *keys), json_object_get(b, *keys)))
			return false;
	return true;
}

static bool has_preset_chunk(const json_t *cell)
{
	const json_t *chunk = json_object_get(cell, "chunk");

	return is_known(chunk) && work_same_value(chunk, json_object_get(cell, "preset_chunk"));
}

enum likeness cells_likeness(const json_t *a, const json_t *b)
{
	if (!same_values(a, b, way_keys))
		return LIKENESS_NONE;
	if (!work_same(a, b))
		return LIKENESS_WAY;
	if (work_same_value(json_object_get(a, "chunk"), json_object_get(b, "chunk")))
		return LIKENESS_FULL;
	return has_preset_chunk(a) && has_preset_chunk(b) ? LIKENESS_PRESET : LIKENESS_WAY;
}

bool values_differ(const json_t *a, const json_t *b)
{
	return is_known(a) && is_known(b) && !json_equal(a, b);
}

char side_letter(size_t side)
{
	return (char)('a' + side);
}

static void value_text(char *text, size_t size, const json_t *value)
{
	if (json_is_string(value))
		snprintf(text, size, "'%.120s'", json_string_value(value));
	else if (json_is_integer(value))
		snprintf(text, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		snprintf(text, size, is_known(value) ? "something else" : "none");
}

void values_text(char *text, size_t size, const json_t *a, const json_t *b, size_t side)
{
	char ours[128], theirs[128];

	value_text(ours, sizeof(ours), a);
	value_text(theirs, sizeof(theirs), b);
	if ((json_is_object(a) && json_is_object(b)) || json_is_array(a) || json_is_array(b))
		snprintf(text, size, "not the same in a and %c: see their run files", side_letter(side));
	else
		snprintf(text, size, "%s in a, %s in %c", ours, theirs, side_letter(side));
}

/* Returns the first key in which two objects differ; NULL: they are the same. */
static const char *first_difference(const json_t *a, const json_t *b)
{
	for (void *at = json_object_iter((json_t *)a); at; at = json_object_iter_next((json_t *)a, at))
		if (!work_same_value(json_object_iter_value(at), json_object_get(b, json_object_iter_key(at))))
			return json_object_iter_key(at);
	return NULL;
}

void cells_difference(char *text, size_t size, const json_t *a, const json_t *b, size_t side)
{
	const json_t *own = json_object_get(a, "params"), *other = json_object_get(b, "params");
	const char *key = first_difference(own, other);

	key = key ? key : first_difference(other, own);
	if (!key) {
		static const char *const keys[] = { "input", "items", "picked", "chunk" };
		size_t i = 0;

		while (i < 3 && work_same_value(json_object_get(a, keys[i]), json_object_get(b, keys[i])))
			i++;
		key = keys[i];
		own = a;
		other = b;
	}
	snprintf(text, size, "%.60s: ", key);
	values_text(text + strlen(text), size - strlen(text), json_object_get(own, key), json_object_get(other, key),
		    side);
}
