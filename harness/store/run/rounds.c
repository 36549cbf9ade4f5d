#include "store/run/rounds.h"

#include "analyse/account_split.h"
#include "analyse/doubts.h"
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
	total->body_run_queue_ns = json_count(account, split_infos[SPLIT_RUN_QUEUE].name);
	total->body_stolen_ns = json_count(account, split_infos[SPLIT_STOLEN].name);
	for (int i = 0; i < SPLIT_UNEXPLAINED; i++)
		total->part_ns[split_infos[i].part] +=
			(uint64_t)json_integer_value(json_object_get(account, split_infos[i].name));
}

static void read_measures(struct sample *sample, const json_t *measures)
{
	const json_t *measure;
	size_t i;

	json_array_foreach(measures, i, measure) {
		struct measure *own = &sample->measures[sample->measure_count];

		if (sample->measure_count == MEASURES_MAX)
			return;
		own->value = json_double(measure, "value");
		snprintf(own->name, sizeof(own->name), "%s", json_text_or(measure, "name", ""));
		snprintf(own->unit, sizeof(own->unit), "%s", json_text_or(measure, "unit", "1"));
		sample->measure_count += !isnan(own->value);
	}
}

static void read_sample(struct run_cell *cell, struct sample *sample, const json_t *json)
{
	const json_t *counters = json_object_get(json, "counters");

	read_keys(sample_keys, json, sample);
	read_account(&sample->total, json_object_get(json, "account_ns"));
	for (size_t i = 0; i < cell->counter_count; i++)
		sample->total.counters[i] = json_double(json_find(counters, "name", cell->counters[i].name), "value");
	read_measures(sample, json_object_get(json, "measures"));
}

/* The summary lists all counters, those that do not count, too. */
static void read_counters(struct run_cell *cell, const json_t *summary)
{
	const json_t *counter;
	size_t i;

	json_array_foreach(json_object_get(summary, "counters"), i, counter) {
		struct counter_info *info = &cell->counters[cell->counter_count];

		if (cell->counter_count == COUNTERS_MAX)
			return;
		info->status = json_says(counter, "status", "multiplexed") ? COUNTER_MULTIPLEXED : COUNTER_COUNTED;
		snprintf(info->name, sizeof(info->name), "%s", json_text_or(counter, "name", ""));
		snprintf(info->unit, sizeof(info->unit), "%s", json_text_or(counter, "unit", "1"));
		snprintf(info->reason, sizeof(info->reason), "%s", json_text_or(counter, "reason", ""));
		cell->counter_count++;
	}
}

static void read_doubts(struct run_cell *cell, const json_t *doubts)
{
	for (int i = 0; i < DOUBT_COUNT; i++)
		if (json_find(doubts, "code", doubt_texts[i].code))
			cell->doubts |= 1u << i;
}

static int read_cell(struct stored_rounds *rounds, const json_t *json)
{
	struct run_cell *cell = &rounds->cell;
	const json_t *invocations = json_object_get(json, "invocations"), *samples = json_object_get(json, "samples");

	rounds->plan = (struct cell){ .id = (char *)json_text_or(json, "id", ""), .items = json_count(json, "items"),
				      .workers = (uint32_t)json_count(json, "workers") };
	cell->cell = &rounds->plan;
	read_counters(cell, json_object_get(json, "summary"));
	read_doubts(cell, json_object_get(json, "doubts"));
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
		cell->samples[i].workers = rounds->plan.workers;
		read_sample(cell, &cell->samples[i], json_array_get(samples, i));
	}
	return 0;
}

int stored_rounds_init(struct stored_rounds *rounds, const json_t *cell)
{
	int err;

	*rounds = (struct stored_rounds){ .json = cell };
	err = read_cell(rounds, cell);
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

double stored_rounds_median(struct stored_rounds *rounds, const char *group, const char *key)
{
	const struct path path = { rounds, group, key };

	return rounds_median(&rounds->timed, number_at, &path);
}
