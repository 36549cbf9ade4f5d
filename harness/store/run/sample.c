#include "model/keys.h"
#include "store/run/cell.h"
#include "store/values.h"

static json_t *account(struct split split)
{
	json_t *object = json_object();

	for (int i = 0; i < SPLIT_COUNT; i++)
		object = value_set(object, split_infos[i].name, json_integer(split.ns[i]));
	return object;
}

static json_t *processors(const struct cpus *cpus)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < 64 * CPUS_WORDS; i++)
		if (cpus->bits[i / 64] >> i % 64 & 1)
			array = value_append(array, json_integer(i));
	return array;
}

/* Only the counters that have a value in this round; the summary has the others, with the reason. */
static json_t *counters(const struct run_cell *cell, const double *values)
{
	json_t *array = json_array();

	for (size_t i = 0; i < cell->counter_count; i++) {
		const struct counter_info *info = &cell->counters[i];
		const char *status = info->status == COUNTER_MULTIPLEXED ? "multiplexed" : "counted";

		if (info->status == COUNTER_NOT_AVAILABLE || !isfinite(values[i]))
			continue;
		array = value_append(array, VALUE_OBJECT({ "name", value_text(info->name) },
							 { "unit", value_text(info->unit) },
							 { "value", value_number(values[i]) },
							 { "status", value_text(status) }));
	}
	return array;
}

json_t *measures_json(const struct measure *measures, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		array = value_append(array, VALUE_OBJECT({ "name", value_text(measures[i].name) },
							 { "unit", value_text(measures[i].unit) },
							 { "value", value_number(measures[i].value) }));
	return array;
}

static json_t *worker_json(const struct run_cell *cell, const struct sample *sample,
			   const struct worker_sample *worker, const struct body_cost *baseline)
{
	return VALUE_OBJECT({ "pid", json_integer(worker->pid) },
			    { "tid", json_integer(worker->tid) },
			    { "bound_to", processors(&worker->bound_to) },
			    { "items", value_count(worker->items) },
			    { "account_ns", account(split_worker(sample, worker, baseline)) },
			    { "counters", counters(cell, worker->counters) });
}

static json_t *workers(const struct run_cell *cell, const struct sample *sample, const struct body_cost *baseline)
{
	json_t *array = json_array();

	for (uint32_t i = 0; sample->worker && i < sample->workers; i++)
		array = value_append(array, worker_json(cell, sample, &sample->worker[i], baseline));
	return array;
}

json_t *sample_json(const struct run_cell *cell, const struct sample *sample, const struct body_cost *baseline,
		    bool list)
{
	json_t *object = json_object();

	for (const struct key *key = sample_keys; key->name; key++)
		object = key_write(object, key, sample);
	object = value_set(object, "account_ns", account(split_round(sample, baseline)));
	object = value_set(object, "workers", list ? workers(cell, sample, baseline) : json_array());
	object = value_set(object, "counters", counters(cell, sample->total.counters));
	return value_set(object, "measures", measures_json(sample->measures, sample->measure_count));
}
