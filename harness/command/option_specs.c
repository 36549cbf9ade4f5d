#include "command/option_specs.h"

#include "model/registry.h"
#include "model/sample.h"
#include "model/schedule.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS_MOST 1000000

static const char *workload_name(const void *of, size_t index)
{
	(void)of;
	return registry_workloads[index] ? registry_workloads[index]->name : NULL;
}

static const char *mode_name(const void *of, size_t index)
{
	(void)of;
	return registry_modes[index] ? registry_modes[index]->name : NULL;
}

static const char *transport_name(const void *of, size_t index)
{
	(void)of;
	return registry_transports[index] ? registry_transports[index]->name : NULL;
}

static const char *export_name(const void *of, size_t index)
{
	(void)of;
	return registry_exports[index] ? registry_exports[index]->name : NULL;
}

static const char *export_summary(const void *of, size_t index)
{
	(void)of;
	return registry_exports[index]->summary;
}

static const char *schedule_name(const void *of, size_t index)
{
	(void)of;
	return registry_schedules[index].name;
}

static const char *call_name(const void *of, size_t index)
{
	(void)of;
	return registry_calls[index].name;
}

static const char *const per_words[] = { "worker", "item", NULL };
static const char *const bind_words[] = { "core", "pu", "numa", "none", NULL };
static const char *const on_death_words[] = { "fail", "retry", NULL };

const struct vocabulary workload_names = { .kind = "workload", .name = workload_name };
const struct vocabulary mode_names = { .kind = "mode", .name = mode_name };
const struct vocabulary transport_names = { .kind = "transport", .name = transport_name };
const struct vocabulary export_names = { .kind = "export format", .name = export_name, .summary = export_summary };
const struct vocabulary call_names = { .kind = "call", .name = call_name };
const struct vocabulary schedule_names = { .kind = "schedule", .name = schedule_name };
static const struct vocabulary per_names = { .kind = "word for --per", VOCABULARY_STRINGS(per_words) };
const struct vocabulary bind_names = { .kind = "placement", VOCABULARY_STRINGS(bind_words) };
static const struct vocabulary on_death_names = { .kind = "word for --on-death", VOCABULARY_STRINGS(on_death_words) };

/* The next value of a list, in which `\,` is a comma of the value's own. NULL: there are no more. */
static char *take_value(char **rest)
{
	char *value = *rest, *at = value, *to = value;

	if (!value)
		return NULL;
	while (*at && *at != ',') {
		at += at[0] == '\\' && at[1] == ',';
		*to++ = *at++;
	}
	*rest = *at ? at + 1 : NULL;
	*to = '\0';
	return value;
}

static int take_setting(const struct option_use *use)
{
	struct options *options = use->request;
	const char *equals = strchr(use->value, '=');
	struct setting *grown, setting = { 0 };
	char *list, *rest, *value;
	int error = 0;

	if (!equals || equals == use->value)
		return why_refuse(use->why, "-p needs NAME=VALUE, not '%s'", use->value);
	grown = realloc(options->settings, (options->setting_count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	options->settings = grown;
	setting.name = strndup(use->value, (size_t)(equals - use->value));
	list = rest = strdup(equals + 1);
	while (list && !error && (value = take_value(&rest)))
		error = words_add(&setting.values, value);
	free(list);
	grown[options->setting_count++] = setting;
	return setting.name && list ? error : -ENOMEM;
}

static void release_settings(const struct option_use *use)
{
	struct options *options = use->request;

	for (size_t i = 0; i < options->setting_count; i++) {
		free(options->settings[i].name);
		words_release(&options->settings[i].values);
	}
	free(options->settings);
	options->settings = NULL;
	options->setting_count = 0;
}

static const struct option_type option_setting = { take_setting, release_settings };

static int take_per(const struct option_use *use)
{
	struct options *options = use->request;

	options->per_item = strcmp(use->value, "item") == 0;
	return vocabulary_check(use->spec->names, use->value, use->why);
}

static const struct option_type option_per = { take_per, NULL };

static int take_on_death(const struct option_use *use)
{
	struct options *options = use->request;

	options->calling.retry = strcmp(use->value, "retry") == 0;
	return vocabulary_check(use->spec->names, use->value, use->why);
}

static const struct option_type option_on_death = { take_on_death, NULL };

static int take_chunks(const struct option_use *use)
{
	struct options *options = use->request;

	options->chunk_auto = strcmp(use->value, "auto") == 0;
	if (!options->chunk_auto)
		return option_numbers.take(use);
	numbers_release(&options->chunks);
	return 0;
}

static const struct option_type option_chunks = { take_chunks, option_release_numbers };

static int take_log(const struct option_use *use)
{
	size_t length = strcspn(use->value, ":");
	bool known = (length == 4 && !strncmp(use->value, "info", 4)) ||
		     (length == 5 && !strncmp(use->value, "debug", 5));

	*(const char **)option_field(use) = use->value;
	if (known && use->value[length] != '\0' && use->value[length + 1] == '\0')
		return why_refuse(use->why, "--log %s names no file", use->value);
	if (known)
		return 0;
	return why_refuse(use->why, "--log needs info or debug, and may name a file: info:workers.log, not '%s'",
			  use->value);
}

static const struct option_type option_log = { take_log, NULL };

static int take_bind(const struct option_use *use)
{
	struct numbers processors = { 0 };
	int error;

	*(const char **)option_field(use) = use->value;
	if (!isdigit((unsigned char)use->value[0])) {
		error = vocabulary_check(use->spec->names, use->value, use->why);
		if (error)
			why_add(use->why, ", or give processors: 0,2-3");
		return error;
	}
	error = numbers_parse(&processors, use->value, 0, CPUS_WORDS * 64 - 1);
	numbers_release(&processors);
	if (error != -EINVAL)
		return error;
	return why_refuse(use->why, "--bind needs processors from 0 to %d, such as 0,2-3, not '%s'",
			  CPUS_WORDS * 64 - 1, use->value);
}

const struct option_type option_bind = { take_bind, NULL };

#define FIELD(name) .field = offsetof(struct options, name)
#define GIVEN(name) .given = offsetof(struct options, name)

const struct option_spec option_specs[] = {
	{ "--workload", "W,...", "what is computed",
	  .heading = "What is measured (lists with commas, or all; `bench list` says what there is):",
	  .type = &option_names, .names = &workload_names, FIELD(workloads) },
	{ "-p", "NAME=V,...", "a parameter of the workload; each value is measured",
	  .type = &option_setting },
	{ "--input", "DIR", "files to work on; else the workload's own",
	  .type = &option_text, FIELD(input) },
	{ "--items", "N", "how many items; else as many as the input has",
	  .type = &option_number, .least = 1, .most = ITEMS_MOST, FIELD(items) },
	{ "--mode", "M,...", "how items are executed, besides sequentially", .preset = "all",
	  .type = &option_names, .names = &mode_names, FIELD(modes) },
	{ "--workers", "N,...", "such as 1,2,4 or 1-8; else 1, 2, 4, ... all processors",
	  .type = &option_numbers, .least = 1, .most = WORKERS_MOST, FIELD(workers) },
	{ "--transport", "T,...", "how work and data cross between processes", .preset = "shm",
	  .type = &option_names, .names = &transport_names, FIELD(transports),
	  GIVEN(transport_given) },
	{ "--schedule", "S,...", "", .preset = "dynamic",
	  .type = &option_names, .names = &schedule_names, FIELD(schedules),
	  GIVEN(schedule_given) },
	{ "--chunk", "N,...|auto", "items dealt out at a time; else items / (4 x workers)",
	  .type = &option_chunks, .least = 1, .most = ITEMS_MOST, FIELD(chunks),
	  GIVEN(chunk_given) },
	{ "--per", "worker|item", "what each thread or process is made for", .preset = "worker",
	  .type = &option_per, .names = &per_names },
	{ "--bind", "WHERE", "to core, pu, numa, none, or processors: 0,2-3", .preset = BIND_PRESET,
	  .type = &option_bind, .names = &bind_names, FIELD(bind) },
	{ "--counters", "NAME,...", "what is counted: auto, none or names", .preset = "auto",
	  .type = &option_text, FIELD(counters) },

	{ "--call", "C,...", "map, imap, imap_unordered, apply, ...", .preset = "map",
	  .heading = "How pools and executor are called (`bench list modes` says which takes what):",
	  .type = &option_names, .names = &call_names, FIELD(calls) },
	{ "--in-flight", "N", "at most N items are handed out and not yet back",
	  .type = &option_number, .least = 1, .most = ITEMS_MOST, FIELD(calling.in_flight) },
	{ "--recycle", "N", "replace a worker after N items",
	  .type = &option_number, .least = 1, .most = ITEMS_MOST, FIELD(calling.recycle) },
	{ "--initializer", "TIME", "how long a worker computes before its first item",
	  .type = &option_duration, FIELD(calling.initializer_ns) },
	{ "--item-timeout", "TIME", "executor: how long to wait for an item",
	  .type = &option_duration, FIELD(calling.item_timeout_ns) },
	{ "--cancel-after", "N", "executor: cancel the rest after N items",
	  .type = &option_number, .least = 1, .most = ITEMS_MOST, FIELD(calling.cancel_after) },
	{ "--on-death", "WHAT", "executor: fail or retry if a worker is lost", .preset = "fail",
	  .type = &option_on_death, .names = &on_death_names },

	{ "--rounds", "N", "timed executions of all items in each process",
	  .heading = "How often, how long:",
	  .type = &option_number32, .least = 1, .most = ROUNDS_MOST, FIELD(rounds) },
	{ "--invocations", "N", "fresh processes for each line of the table",
	  .type = &option_number32, .least = 1, .most = ROUNDS_MOST, FIELD(invocations) },
	{ "--budget", "TIME", "2m, or 90 (seconds); else 30s, or no limit with the above",
	  .type = &option_duration, FIELD(budget_ns) },
	{ "--timeout", "TIME", "for one phase of a process, such as a round", .preset = "60s",
	  .type = &option_duration, FIELD(timeout_ns) },
	{ "--seed", "N", "for the order of measuring; else random",
	  .type = &option_number, .most = SEED_MOST, FIELD(seed), GIVEN(seeded) },
	{ "--dry-run", NULL, "only show the plan, its time, where workers would go",
	  .type = &option_flag, FIELD(dry_run) },
	{ "--topology", "SYNTHETIC", "show it for another machine, in hwloc's notation",
	  .type = &option_text, FIELD(topology) },

	{ "--output", "DIR", "where they go; else a new folder in results/runs",
	  .heading = "Results:",
	  .type = &option_text, FIELD(output) },
	{ "--log", "LEVEL[:FILE]", "what each worker does: info, or debug with every item",
	  .type = &option_log, FIELD(log) },
	{ "--export", "FORMAT=FILE", "write them for other tools, too (`bench list exports`)",
	  .type = &option_export, FIELD(exports) },
	{ "--no-plots", NULL, "draw nothing",
	  .type = &option_flag, FIELD(no_plots) },
	{ "--quiet", NULL, "no progress",
	  .type = &option_flag, FIELD(quiet) },
	{ "--yes", NULL, "install missing packages without asking",
	  .type = &option_nothing },
	{ "--help", NULL, "this page",
	  .type = &option_nothing },
	{ "--version", NULL, "the version",
	  .type = &option_flag, FIELD(version) },
	{ 0 },
};
