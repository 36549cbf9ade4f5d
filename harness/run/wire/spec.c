#include "run/wire/spec.h"

#include "base/clock.h"
#include "base/json.h"
#include "model/calling.h"
#include "model/object.h"
#include "model/registry.h"
#include "model/schedule.h"
#include "run/wire/ring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *spec_string(const char *text)
{
	size_t size = 0;
	char *wide;
	json_t *json;

	if (!text)
		return json_null();
	wide = malloc(2 * strlen(text) + 1);
	if (!wide)
		return NULL;
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at >= 0x80)
			wide[size++] = (char)(0xc0 | *at >> 6);
		wide[size++] = (char)(*at >= 0x80 ? 0x80 | (*at & 0x3f) : *at);
	}
	json = json_stringn_nocheck(wide, size);
	free(wide);
	return json;
}

/* Makes the strings within a value the bytes again that spec_string() has encoded. */
static void restore_string(json_t *json)
{
	char *text = strdup(json_string_value(json)), *to = text;

	for (const char *at = text; at && *at; at++) {
		if ((*at & 0xc0) == 0xc0 && at[1]) {
			*to++ = (char)((unsigned char)*at << 6 | (at[1] & 0x3f));
			at++;
		} else {
			*to++ = *at;
		}
	}
	if (text)
		json_string_setn_nocheck(json, text, (size_t)(to - text));
	free(text);
}

static void restore_strings(json_t *json)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_string(json))
		restore_string(json);
	json_object_foreach(json, key, value)
		restore_strings(value);
	json_array_foreach(json, i, value)
		restore_strings(value);
}

/* ---- What is told under its name ---- */

#define OF(member) offsetof(struct spec, member)

static const struct key keys[] = {
	{ .name = "per_item", .type = KEY_FLAG, .offset = OF(cell.per_item) },
	{ .name = "chunk", .type = KEY_UINT64, .offset = OF(cell.chunk) },
	{ .name = "workers", .type = KEY_UINT32, .offset = OF(cell.workers) },
	{ .name = "items", .type = KEY_UINT64, .offset = OF(cell.items) },
	{ .name = "items_of", .type = KEY_UINT64, .offset = OF(cell.items_of) },
	{ .name = "describe", .type = KEY_FLAG, .offset = OF(describe) },
	{ .name = "probe_only", .type = KEY_FLAG, .offset = OF(probe_only) },
	{ .name = "invocation", .type = KEY_UINT32, .offset = OF(invocation) },
	{ .name = "rounds", .type = KEY_UINT32, .offset = OF(rounds) },
	{ .name = "run_ns", .type = KEY_UINT64, .offset = OF(run_ns) },
	{ .name = "deadline_ns", .type = KEY_UINT64, .offset = OF(deadline_ns) },
	{ .name = "items_asked", .type = KEY_UINT64, .offset = OF(items_asked) },
	{ .name = "digest_first", .type = KEY_UINT64, .offset = OF(digest_first) },
	{ .name = "digest_count", .type = KEY_UINT32, .offset = OF(digest_count) },
	{ .name = "instructions", .type = KEY_FLAG, .offset = OF(instructions) },
	{ .name = "arena_fd", .type = KEY_UINT32, .offset = OF(arena_fd) },
	{ .name = "by_turns", .type = KEY_FLAG, .offset = OF(by_turns) },
	{ .name = "ring_fd", .type = KEY_UINT32, .offset = OF(ring_fd) },
	{ .name = "seat", .type = KEY_UINT32, .offset = OF(seat) },
	{ .name = "mapping", .type = KEY_UINT32, .offset = OF(mapping) },
	{ 0 },
};

static const struct {
	const char *name;
	size_t offset; /* of a member of type const char * */
} strings[] = {
	{ "workload", OF(cell.workload) },
	{ "mode", OF(cell.mode) },
	{ "transport", OF(cell.transport) },
	{ "schedule", OF(cell.schedule) },
	{ "input", OF(cell.input) },
	{ "object", OF(object) },
	{ "cache", OF(cache) },
	{ "run", OF(run) },
	{ "scratch", OF(scratch) },
};

#define STRING_COUNT (sizeof(strings) / sizeof(*strings))

static const char **string_at(const struct spec *s, size_t i)
{
	return (const char **)((char *)s + strings[i].offset);
}

static json_t *encode_values(const struct cell *cell)
{
	const struct workload *workload = cell->workload ? registry_workload(cell->workload) : NULL;
	json_t *list = json_array();

	for (size_t i = 0; workload && workload->params && workload->params[i].name; i++)
		json_array_append_new(list, spec_string(cell->values[i]));
	return list;
}

json_t *spec_picked(const struct cell *cell)
{
	json_t *list = cell->picked ? json_array() : json_null();

	for (uint64_t i = 0; cell->picked && i < cell->items; i++)
		json_array_append_new(list, json_integer((json_int_t)cell->picked[i]));
	return list;
}

/* Sets of processors, one a worker, as arrays of words of 64 bits. */
static json_t *encode_bind(const struct cpus *bind, unsigned workers)
{
	json_t *list = bind ? json_array() : json_null();

	for (unsigned w = 0; bind && w < workers; w++) {
		json_t *words = json_array();

		for (size_t i = 0; i < CPUS_WORDS; i++)
			json_array_append_new(words, json_integer((json_int_t)bind[w].bits[i]));
		json_array_append_new(list, words);
	}
	return list;
}

static json_t *encode_counters(const struct counter_set *set)
{
	json_t *list = json_array();

	for (size_t i = 0; i < set->count; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:i}", "name", set->infos[i].name, "unit",
						      set->infos[i].unit, "status", set->infos[i].status, "source",
						      set->source[i]));
	return list;
}

static json_t *encode_calling(const struct calling *c)
{
	json_t *json = json_pack("{s:o}", "call", spec_string(c->call));

	for (const struct calling_option *option = calling_options; option->name; option++)
		json = key_write(json, &option->key, c);
	return json;
}

/* The cell's id is sent only for the log. */
static json_t *encode_log(const struct spec *s)
{
	const char *cell = s->cell.id ? s->cell.id : s->log.cell;

	return json_pack("{s:o, s:i, s:i}", "cell", spec_string(cell), "level", s->log.level, "fd", s->log.fd);
}

char *spec_encode(const struct spec *s)
{
	json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "values", encode_values(&s->cell), "picked",
				 spec_picked(&s->cell), "bind",
				 encode_bind(s->bind, s->cell.workers), "counters", encode_counters(&s->counters),
				 "calling", encode_calling(&s->cell.calling), "log", encode_log(s));
	char *text;

	for (const struct key *key = keys; key->name; key++)
		json = key_write(json, key, s);
	for (size_t i = 0; i < STRING_COUNT; i++)
		json_object_set_new(json, strings[i].name, spec_string(*string_at(s, i)));
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return text;
}

/* The number under `key`, which is at most `last`: a later build may have more words than this one. */
static unsigned word_of(const json_t *json, const char *key, unsigned last)
{
	uint64_t number = json_count(json, key);

	return number < last ? (unsigned)number : last;
}

static struct calling decode_calling(const json_t *json)
{
	struct calling calling = { .call = json_text(json, "call") };

	for (const struct calling_option *option = calling_options; option->name; option++)
		key_read(&option->key, json, &calling);
	return calling;
}

static struct log decode_log(const json_t *j)
{
	return (struct log){
		.level = (enum log_level)word_of(j, "level", LOG_DEBUG),
		.fd = (int)json_integer_value(json_object_get(j, "fd")),
		.cell = json_text(j, "cell"),
	};
}

static int decode_bind(struct spec *s, const json_t *list)
{
	s->bound = json_array_size(list);
	if (s->bound == 0)
		return 0;
	s->bind = calloc(s->bound, sizeof(*s->bind));
	if (!s->bind)
		return -ENOMEM;
	for (size_t w = 0; w < s->bound; w++)
		for (size_t i = 0; i < CPUS_WORDS; i++)
			s->bind[w].bits[i] = (uint64_t)json_integer_value(json_array_get(json_array_get(list, w), i));
	return 0;
}

static void decode_counters(struct counter_set *set, const json_t *list)
{
	const json_t *json;
	size_t i;

	set->sources = registry_counter_sources;
	json_array_foreach(list, i, json) {
		struct counter_info *info = &set->infos[i];

		if (i == COUNTERS_MAX)
			break;
		snprintf(info->name, sizeof(info->name), "%s", json_text_or(json, "name", ""));
		snprintf(info->unit, sizeof(info->unit), "%s", json_text_or(json, "unit", ""));
		info->status = (enum counter_status)word_of(json, "status", COUNTER_NOT_AVAILABLE);
		set->source[i] = (uint8_t)word_of(json, "source", UINT8_MAX);
		set->count = i + 1;
	}
}

static int decode_values(struct spec *s, const json_t *list)
{
	size_t count = json_array_size(list);

	s->values = calloc(count + 1, sizeof(*s->values));
	if (!s->values)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		s->values[i] = (char *)json_string_value(json_array_get(list, i));
	s->cell.values = (const char *const *)s->values;
	return 0;
}

static int decode_picked(struct spec *s, const json_t *list)
{
	s->picks = json_array_size(list);
	if (s->picks == 0)
		return 0;
	s->picked = calloc(s->picks, sizeof(*s->picked));
	if (!s->picked)
		return -ENOMEM;
	for (size_t i = 0; i < s->picks; i++)
		s->picked[i] = (uint64_t)json_integer_value(json_array_get(list, i));
	s->cell.picked = s->picked;
	return 0;
}

int spec_decode(struct spec *s, const char *text, size_t size)
{
	json_t *json = json_loadb(text, size, JSON_ALLOW_NUL, NULL);
	int err;

	*s = (struct spec){ .json = json };
	if (!json)
		return -EINVAL;
	restore_strings(json);
	for (const struct key *key = keys; key->name; key++)
		key_read(key, json, s);
	for (size_t i = 0; i < STRING_COUNT; i++)
		*string_at(s, i) = json_text(json, strings[i].name);
	s->cell.calling = decode_calling(json_object_get(json, "calling"));
	s->log = decode_log(json_object_get(json, "log"));
	decode_counters(&s->counters, json_object_get(json, "counters"));
	err = decode_bind(s, json_object_get(json, "bind"));
	err = err ? err : decode_picked(s, json_object_get(json, "picked"));
	return err ? err : decode_values(s, json_object_get(json, "values"));
}

/* ---- Whether it can be used ---- */

static int check_calling(const struct calling *calling, const struct mode *mode, const struct why *why)
{
	if (calling->call && !call_find(calling->call))
		return why_refuse(why, "this build has no call '%s'", calling->call);
	for (const struct calling_option *option = calling_options; option->name; option++)
		if (!(mode->takes & option->takes) && calling_value(calling, option))
			return why_refuse(why, "mode '%s' of this build has no '%s'", mode->name, option->name);
	return 0;
}

static int check_cell(const struct cell *cell, const struct why *why)
{
	const struct mode *mode = cell->mode ? registry_mode(cell->mode) : NULL;

	if (!mode)
		return why_refuse(why, "this build has no mode '%s'", cell->mode ? cell->mode : "");
	if (cell->transport && !registry_transport(cell->transport))
		return why_refuse(why, "this build has no transport '%s'", cell->transport);
	if (mode->processes != !!cell->transport)
		return why_refuse(why, "mode '%s' of this build %s a transport", mode->name,
				  mode->processes ? "needs" : "does not take");
	if (cell->schedule && !schedule_find(cell->schedule))
		return why_refuse(why, "this build has no schedule '%s'", cell->schedule);
	if (cell->workers < 1 || cell->workers > WORKERS_MOST)
		return why_refuse(why, "a cell has 1 to %d workers, not %u", WORKERS_MOST, cell->workers);
	return check_calling(&cell->calling, mode, why);
}

int spec_check(const struct spec *s, const struct why *why)
{
	if (s->describe)
		return s->object ? 0 : why_refuse(why, "the specification names no object to describe");
	if (!s->cell.workload)
		return why_refuse(why, "the specification of the cell names no workload");
	if (s->picked && s->picks != s->cell.items)
		return why_refuse(why, "the specification of the cell picks %zu items, not %llu", s->picks,
				  (unsigned long long)s->cell.items);
	if (s->probe_only)
		return 0;
	if (s->bind && s->bound != s->cell.workers)
		return why_refuse(why, "the specification of the cell does not place each of its workers");
	if (s->items_asked > ITEMS_MOST || s->cell.items_of > ITEMS_MOST)
		return why_refuse(why, "a cell has at most %d items", ITEMS_MOST);
	if (s->digest_count > SPEC_DIGESTS_MOST)
		return why_refuse(why, "the specification of the cell asks for more than %u digests at once",
				  SPEC_DIGESTS_MOST);
	if (s->ring_fd && !s->by_turns)
		return why_refuse(why, "the specification of the cell has a ring, but takes no turns");
	if (s->ring_fd && s->seat >= RING_SEATS)
		return why_refuse(why, "a ring has %d seats, not %u", RING_SEATS, s->seat + 1);
	return check_cell(&s->cell, why);
}

struct workload_options spec_options(const struct spec *s)
{
	return (struct workload_options){
		.values = s->cell.values,
		.input = s->cell.input,
		.cache = s->cache ? s->cache : "",
		.run = s->run ? s->run : "",
		.scratch = s->scratch ? s->scratch : "",
		.items = s->cell.items_of > s->cell.items && !s->cell.picked ? s->cell.items : s->items_asked,
		.now_ns = clock_ns,
	};
}

const struct workload *spec_workload(const struct spec *s, const struct why *why)
{
	if (s->object)
		return object_load(s->object, why);
	why_say(why, "this build has no workload '%s'", s->cell.workload);
	return registry_workload(s->cell.workload);
}

int spec_check_values(const struct spec *s, const struct workload *workload, const struct why *why)
{
	const struct param *param = workload->params;

	for (char **value = s->values; param && param->name; param++, value++)
		if (!*value)
			return why_refuse(why, "'%s' has a parameter '%s' for which there is no value", workload->name,
					  param->name);
	return 0;
}

void spec_release(struct spec *s)
{
	free(s->bind);
	free(s->values);
	free(s->picked);
	json_decref(s->json);
	*s = (struct spec){ 0 };
}
