#include "store/run/summary.h"

#include "base/json.h"
#include "store/run/cell.h"
#include "store/values.h"

#include <string.h>

static json_t *account(const double *account_ns)
{
	json_t *object = json_object();

	for (int i = 0; i < SPLIT_COUNT; i++)
		object = value_set(object, split_infos[i].name, value_number(account_ns[i]));
	return object;
}

static bool is_of(const struct quantity *quantity, const char *group)
{
	return quantity->group && group ? strcmp(quantity->group, group) == 0 : quantity->group == group;
}

/* Adds the quantities of a group to the object; `group` NULL: those of no group. */
static json_t *set_quantities(json_t *object, const char *group, const struct summary *s)
{
	for (size_t i = 0; i < QUANTITY_COUNT; i++) {
		const struct quantity *own = &quantities[i];

		if (is_of(own, group))
			object = value_set(object, own->key, own->plain ? value_number(s->value[i].median) :
									  value_interval(s->value[i]));
	}
	return object;
}

static json_t *set_groups(json_t *object, const struct summary *s)
{
	for (size_t i = 0; i < QUANTITY_COUNT; i++) {
		const char *group = quantities[i].group;

		if (group && !json_object_get(object, group))
			object = value_set(object, group, set_quantities(json_object(), group, s));
	}
	return object;
}

static json_t *counter(const struct counter_info *info, double value)
{
	const char *status = info->status == COUNTER_MULTIPLEXED ? "multiplexed" : "counted";
	const char *reason = info->reason[0] ? info->reason : NULL;

	if (!isfinite(value)) {
		status = "not available";
		reason = reason ? reason : "no round that counts has it";
	}
	return VALUE_OBJECT({ "name", value_text(info->name) }, { "unit", value_text(info->unit) },
			    { "value", value_number(value) }, { "status", value_text(status) },
			    { "reason", value_text(reason) });
}

/* Every counter, also those that do not count on this machine, so that columns never vanish. */
static json_t *counters(const struct run_cell *cell, const double *values)
{
	json_t *array = json_array();

	for (size_t i = 0; i < cell->counter_count; i++)
		array = value_append(array, counter(&cell->counters[i], values[i]));
	return array;
}

json_t *summary_json(const struct run_cell *cell, const struct summary *s)
{
	json_t *object = VALUE_OBJECT({ "invocations", value_count(s->invocations) },
				      { "rounds", value_count(s->rounds) });

	object = set_quantities(object, NULL, s);
	object = value_set(object, "account_ns", account(s->account_ns));
	object = set_groups(object, s);
	object = value_set(object, "counters", counters(cell, s->counters));
	object = value_set(object, "measures", measures_json(s->measures, s->measure_count));
	object = value_set(object, "bimodal", json_boolean(s->bimodal));
	return value_set(object, "drifts", json_boolean(s->drifts));
}

/* A single value is no interval, though the file has it as one of level 0: nobody shall show it as certain. */
static struct interval interval_or_none(struct interval interval)
{
	if (!(interval.level > 0))
		interval.low = interval.high = NAN;
	return interval;
}

struct interval summary_read(const json_t *summary, enum quantity_id id)
{
	const char *group = quantities[id].group;
	const json_t *value = json_object_get(group ? json_object_get(summary, group) : summary, quantities[id].key);

	if (json_is_number(value))
		return (struct interval){ json_number_value(value), NAN, NAN, 0 };
	return interval_or_none((struct interval){ json_double(value, "median"), json_double(value, "low"),
						   json_double(value, "high"), json_double(value, "level") });
}
