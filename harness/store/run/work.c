#include "store/run/work.h"

#include "base/json.h"

#include <stddef.h>

static bool is_known(const json_t *value)
{
	return value && !json_is_null(value);
}

bool work_same_value(const json_t *a, const json_t *b)
{
	return is_known(a) && is_known(b) ? json_equal(a, b) : is_known(a) == is_known(b);
}

bool work_same(const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "workload", "items", "picked", "input", "params" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!work_same_value(json_object_get(a, keys[i]), json_object_get(b, keys[i])))
			return false;
	return true;
}

bool work_is_baseline(const json_t *cell)
{
	const json_t *parallel = json_object_get(cell, "parallel");

	if (parallel)
		return json_is_false(parallel);
	return !json_text(cell, "schedule") && !json_says(cell, "per", "item"); /* in files of version 0.1 */
}

const json_t *work_baseline(const json_t *run, const json_t *cell)
{
	const json_t *cells = json_object_get(run, "cells"), *other;
	size_t i;

	json_array_foreach(cells, i, other)
		if (work_is_baseline(other) && work_same(other, cell))
			return other;
	return NULL;
}
