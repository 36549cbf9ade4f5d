#include "run/wire/spec.h"

#include "base/clock.h"
#include "model/calling.h"
#include "model/registry.h"

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

/* Makes the strings of a value those bytes again. */
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

static json_t *encode_values(const struct cell *cell)
{
	const struct workload *workload = registry_workload(cell->workload);
	json_t *list = json_array();

	for (size_t i = 0; workload->params && workload->params[i].name; i++)
		json_array_append_new(list, spec_string(cell->values[i]));
	return list;
}

/* Sets of processors as words of 64, the highest ones left out. */
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

char *spec_encode(const struct spec *s)
{
	const struct cell *c = &s->cell;
	json_t *json = json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:I, s:I, s:o, s:I, s:o}", "workload",
				 spec_string(c->workload), "values", encode_values(c), "mode", spec_string(c->mode),
				 "per_item", c->per_item, "transport", spec_string(c->transport), "schedule",
				 spec_string(c->schedule), "chunk", (json_int_t)c->chunk, "workers",
				 (json_int_t)c->workers, "bind", encode_bind(s->bind, c->workers), "items",
				 (json_int_t)c->items, "input", spec_string(c->input));
	json_t *rest = json_pack("{s:b, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:i}", "probe_only",
				 s->probe_only, "cache", spec_string(s->cache), "run", spec_string(s->run), "scratch",
				 spec_string(s->scratch), "invocation", (json_int_t)s->invocation, "rounds",
				 (json_int_t)s->rounds, "run_ns", (json_int_t)s->run_ns, "deadline_ns",
				 (json_int_t)s->deadline_ns, "items_asked", (json_int_t)s->items_asked, "digest_first",
				 (json_int_t)s->digest_first, "digest_count", (json_int_t)s->digest_count, "counters",
				 encode_counters(&s->counters), "arena_fd", s->arena_fd);
	char *text = NULL;

	json_object_set_new(json, "calling", encode_calling(&c->calling));
	json_object_set_new(json, "object", spec_string(s->object));
	json_object_set_new(json, "instructions", json_boolean(s->instructions));
	/* the id only names the cell in the log */
	json_object_set_new(json, "log",
			    json_pack("{s:o, s:i, s:i}", "cell", spec_string(c->id ? c->id : s->log.cell), "level",
				      s->log.level, "fd", s->log.fd));
	if (json && rest && json_object_update(json, rest) == 0)
		text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	json_decref(rest);
	return text;
}

static const char *string_of(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key)); /* NULL for null */
}

static uint64_t number_of(const json_t *json, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(json, key));
}

static struct calling decode_calling(const json_t *json)
{
	struct calling calling = { .call = string_of(json, "call") };

	for (const struct calling_option *option = calling_options; option->name; option++)
		key_read(&option->key, json, &calling);
	return calling;
}

static struct log decode_log(const json_t *j)
{
	return (struct log){
		.level = (enum log_level)number_of(j, "level"),
		.fd = (int)number_of(j, "fd"),
		.cell = string_of(j, "cell"),
	};
}

static void decode_bind(struct spec *s, const json_t *list)
{
	size_t workers = json_array_size(list);

	s->bind = workers ? calloc(workers, sizeof(*s->bind)) : NULL;
	for (size_t w = 0; s->bind && w < workers; w++)
		for (size_t i = 0; i < CPUS_WORDS; i++)
			s->bind[w].bits[i] = (uint64_t)json_integer_value(json_array_get(json_array_get(list, w), i));
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
		snprintf(info->name, sizeof(info->name), "%s", string_of(json, "name"));
		snprintf(info->unit, sizeof(info->unit), "%s", string_of(json, "unit"));
		info->status = (enum counter_status)number_of(json, "status");
		set->source[i] = (uint8_t)number_of(json, "source");
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

int spec_decode(struct spec *s, const char *text, size_t size)
{
	json_t *j = json_loadb(text, size, JSON_ALLOW_NUL, NULL);

	*s = (struct spec){ .json = j };
	if (!j)
		return -EINVAL;
	restore_strings(j);
	s->cell = (struct cell){
		.workload = string_of(j, "workload"),
		.mode = string_of(j, "mode"),
		.per_item = json_is_true(json_object_get(j, "per_item")),
		.calling = decode_calling(json_object_get(j, "calling")),
		.transport = string_of(j, "transport"),
		.schedule = string_of(j, "schedule"),
		.chunk = number_of(j, "chunk"),
		.workers = (uint32_t)number_of(j, "workers"),
		.items = number_of(j, "items"),
		.input = string_of(j, "input"),
	};
	s->log = decode_log(json_object_get(j, "log"));
	s->probe_only = json_is_true(json_object_get(j, "probe_only"));
	s->object = string_of(j, "object");
	s->cache = string_of(j, "cache");
	s->run = string_of(j, "run");
	s->scratch = string_of(j, "scratch");
	s->invocation = (uint32_t)number_of(j, "invocation");
	s->rounds = (uint32_t)number_of(j, "rounds");
	s->run_ns = number_of(j, "run_ns");
	s->deadline_ns = number_of(j, "deadline_ns");
	s->items_asked = number_of(j, "items_asked");
	s->digest_first = number_of(j, "digest_first");
	s->digest_count = (uint32_t)number_of(j, "digest_count");
	s->arena_fd = (int)number_of(j, "arena_fd");
	s->instructions = json_is_true(json_object_get(j, "instructions"));
	decode_bind(s, json_object_get(j, "bind"));
	decode_counters(&s->counters, json_object_get(j, "counters"));
	return decode_values(s, json_object_get(j, "values"));
}

struct workload_options spec_options(const struct spec *s)
{
	return (struct workload_options){
		.values = s->cell.values,
		.input = s->cell.input,
		.cache = s->cache,
		.run = s->run,
		.scratch = s->scratch,
		.items = s->items_asked,
		.now_ns = clock_ns,
	};
}

const struct workload *spec_workload(const struct spec *s, const struct why *why)
{
	if (s->object)
		return registry_load(s->object, s->cell.workload, why);
	why_say(why, "this build has no workload '%s'", s->cell.workload);
	return registry_workload(s->cell.workload);
}

void spec_release(struct spec *s)
{
	free(s->bind);
	free(s->values);
	json_decref(s->json);
	*s = (struct spec){ 0 };
}
