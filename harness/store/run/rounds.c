#include "store/run/rounds.h"

#include "analyse/account_split.h"
#include "base/json.h"
#include "model/keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct path {
	const struct stored_rounds *rounds;
	const char *group, *key;
};

static void read_keys(const struct key *keys, const json_t *object, void *to)
{
	for (; keys->name; keys++)
		key_read(keys, object, to);
}

/* Reads the sums over the workers. The parts into which the body was split by the baseline are added up again. */
static void read_account(struct worker_sample *total, const json_t *account)
{
	for (int i = 0; i < SPLIT_UNEXPLAINED; i++)
		total->part_ns[split_infos[i].part] +=
			(uint64_t)json_integer_value(json_object_get(account, split_infos[i].name));
}

static void read_sample(struct sample *sample, const json_t *json)
{
	read_keys(sample_keys, json, sample);
	read_account(&sample->total, json_object_get(json, "account_ns"));
}

static int read_cell(struct run_cell *cell, const json_t *json)
{
	const json_t *invocations = json_object_get(json, "invocations"), *samples = json_object_get(json, "samples");

	cell->status = json_says(json, "status", "failed") ? CELL_FAILED : CELL_OK;
	cell->invocation_count = json_array_size(invocations);
	cell->sample_count = json_array_size(samples);
	cell->invocations = calloc(cell->invocation_count + 1, sizeof(*cell->invocations));
	cell->samples = calloc(cell->sample_count + 1, sizeof(*cell->samples));
	if (!cell->invocations || !cell->samples)
		return -ENOMEM;
	for (size_t i = 0; i < cell->invocation_count; i++)
		read_keys(invocation_keys, json_array_get(invocations, i), &cell->invocations[i]);
	for (size_t i = 0; i < cell->sample_count; i++) {
		cell->samples[i].workers = (uint32_t)json_count(json, "workers");
		read_sample(&cell->samples[i], json_array_get(samples, i));
	}
	return 0;
}

int stored_rounds_init(struct stored_rounds *rounds, const json_t *cell)
{
	int err;

	*rounds = (struct stored_rounds){ .json = cell };
	err = read_cell(&rounds->cell, cell);
	return err ? err : rounds_init(&rounds->timed, &rounds->cell, ROUNDS_TIMED);
}

void stored_rounds_release(struct stored_rounds *rounds)
{
	rounds_release(&rounds->timed);
	free(rounds->cell.invocations);
	free(rounds->cell.samples);
	*rounds = (struct stored_rounds){ .json = NULL };
}

/* The value under the key of an object, or the value of the entry of a list that has this name. */
static const json_t *value_at(const struct path *path, const struct sample *sample)
{
	const struct stored_rounds *rounds = path->rounds;
	const json_t *json =
		json_array_get(json_object_get(rounds->json, "samples"), (size_t)(sample - rounds->cell.samples));
	const json_t *group = path->group ? json_object_get(json, path->group) : json, *entry;

	entry = json_find(group, "name", path->key);
	return entry ? json_object_get(entry, "value") : json_object_get(group, path->key);
}

static double number_at(const struct rounds *rounds, const struct sample *sample, const void *context)
{
	const json_t *value = value_at(context, sample);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

size_t stored_rounds_quantity(struct stored_rounds *rounds, enum quantity_id id)
{
	const struct body_cost no_baseline = { .known = false };
	size_t count = rounds_invocations(&rounds->timed, quantities[id].round_value, &no_baseline);

	values_sort(rounds->timed.values, count);
	return count;
}

size_t stored_rounds_values(struct stored_rounds *rounds, const char *group, const char *key)
{
	const struct path path = { rounds, group, key };
	size_t count = rounds_invocations(&rounds->timed, number_at, &path);

	values_sort(rounds->timed.values, count);
	return count;
}
