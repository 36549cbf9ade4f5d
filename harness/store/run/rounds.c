#include "store/run/rounds.h"

#include "base/json.h"
#include "model/keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct path {
	const struct stored_rounds *rounds;
	const char *group, *key;
};

int stored_rounds_init(struct stored_rounds *rounds, const json_t *cell)
{
	const json_t *samples = json_object_get(cell, "samples"), *sample;
	size_t i, count = json_array_size(samples);

	*rounds = (struct stored_rounds){ .json = cell };
	rounds->cell.status = json_says(cell, "status", "failed") ? CELL_FAILED : CELL_OK;
	rounds->cell.samples = calloc(count + 1, sizeof(*rounds->cell.samples));
	if (!rounds->cell.samples)
		return -ENOMEM;
	rounds->cell.sample_count = count;
	json_array_foreach(samples, i, sample)
		for (const struct key *key = sample_keys; key->name; key++)
			key_read(key, sample, &rounds->cell.samples[i]);
	return rounds_init(&rounds->timed, &rounds->cell, ROUNDS_TIMED);
}

void stored_rounds_release(struct stored_rounds *rounds)
{
	rounds_release(&rounds->timed);
	free(rounds->cell.samples);
	*rounds = (struct stored_rounds){ .json = NULL };
}

/* The object that has the key, or the value itself of a list's entry. */
static const json_t *value_at(const struct path *path, const struct sample *sample)
{
	const struct stored_rounds *rounds = path->rounds;
	const json_t *json =
		json_array_get(json_object_get(rounds->json, "samples"), (size_t)(sample - rounds->cell.samples));
	const json_t *group = path->group ? json_object_get(json, path->group) : json, *entry;

	if (path->group && strcmp(path->group, "invocations") == 0)
		group = json_array_get(json_object_get(rounds->json, "invocations"), sample->invocation);
	entry = json_find(group, "name", path->key);
	return entry ? json_object_get(entry, "value") : json_object_get(group, path->key);
}

static double number_at(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const json_t *value = value_at(context, sample);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

size_t stored_rounds_values(struct stored_rounds *rounds, const char *group, const char *key)
{
	const struct path path = { rounds, group, key };
	size_t count = rounds_invocations(&rounds->timed, number_at, &path);

	values_sort(rounds->timed.values, count);
	return count;
}
