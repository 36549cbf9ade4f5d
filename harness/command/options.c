#include "command/options.h"

#include "command/option_specs.h"
#include "command/words.h"
#include "model/calling.h"
#include "model/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define SEED_UNSET UINT64_MAX
#define BUDGET_NS UINT64_C(30000000000)

/* What a command line is read by: the options of a run, and those that go before them. */
struct tables {
	const struct option_spec *first, *second;
};

static const char *option_name(const void *of, size_t index)
{
	const struct tables *tables = of;
	const struct option_spec *spec = tables->first;

	for (; spec->name; spec++)
		if (index-- == 0)
			return spec->name;
	return tables->second ? tables->second[index].name : NULL;
}

/* The parameters of all chosen workloads; `of` is the options. */
static const char *parameter_name(const void *of, size_t index)
{
	const struct words *workloads = &((const struct options *)of)->workloads;

	for (size_t w = 0; w < workloads->count; w++) {
		const struct param *param = registry_workload(workloads->word[w])->params;

		for (; param && param->name; param++)
			if (index-- == 0)
				return param->name;
	}
	return NULL;
}

/* The option that `argument` names; `*attached` is the value in "--name=value" and "-pvalue", or NULL. */
static const struct option_spec *find(const struct tables *tables, const char *argument, const char **attached)
{
	bool is_long = strncmp(argument, "--", 2) == 0;
	size_t length = is_long ? strcspn(argument, "=") : strnlen(argument, 2);
	const char *rest = argument + length;
	const struct option_spec *const all[] = { tables->first, tables->second };

	*attached = *rest == '\0' ? NULL : is_long ? rest + 1 : rest;
	for (size_t i = 0; i < 2; i++)
		for (const struct option_spec *spec = all[i]; spec && spec->name; spec++)
			if (strlen(spec->name) == length && strncmp(spec->name, argument, length) == 0)
				return spec;
	return NULL;
}

/* In `--input --quiet` the value was forgotten; `--input --odd` is a folder of that name. */
static bool is_value(const struct tables *tables, const char *argument)
{
	const char *attached;

	return strncmp(argument, "--", 2) != 0 || !find(tables, argument, &attached);
}

static int refuse_option(const struct tables *tables, const char *argument, const struct why *why)
{
	const struct vocabulary option_names = { "option", option_name, tables, "bench help" };
	char name[80]; /* without "=value", which would make it unlike any */

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(argument, "="), argument);
	return vocabulary_check(&option_names, name, why);
}

/* Takes the option `argument`; `next`, if it is not NULL, may be its value. Returns how many of the two
 * it took, or -errno. */
static int take_option(const struct tables *tables, struct options *options, const char *argument, const char *next,
		       const struct why *why)
{
	struct option_use use = { .options = options, .why = why };
	bool uses_next = false;
	int error;

	if (argument[0] != '-')
		return why_refuse(why, "unexpected '%s': options begin with '--', lists have no blanks", argument);
	use.spec = find(tables, argument, &use.value);
	if (!use.spec)
		return refuse_option(tables, argument, why);
	if (!use.spec->argument && use.value)
		return why_refuse(why, "option '%s' takes no value", use.spec->name);
	if (use.spec->argument && !use.value && next && is_value(tables, next)) {
		use.value = next;
		uses_next = true;
	}
	if (use.spec->argument && (!use.value || *use.value == '\0'))
		return why_refuse(why, "option '%s' needs a value: %s %s", use.spec->name, use.spec->name,
				  use.spec->argument);
	error = use.spec->take(&use);
	return error ? error : 1 + uses_next;
}

/* What holds when the command line says nothing else. */
static int take_presets(const struct option_spec *table, struct options *options, const struct why *why)
{
	int error = 0;

	for (const struct option_spec *spec = table; spec->name && !error; spec++)
		if (spec->preset)
			error = spec->take(&(struct option_use){ spec, spec->preset, options, why });
	return error;
}

static int check_settings(const struct options *options, const struct why *why)
{
	const struct vocabulary parameters = { "parameter", parameter_name, options, NULL };
	int error = 0;

	for (size_t i = 0; i < options->setting_count && !error; i++)
		error = vocabulary_check(&parameters, options->settings[i].name, why);
	return error;
}

/* A folder that one of the workloads would not look into is a mistake. */
static int check_input(const struct options *options, const struct why *why)
{
	for (size_t i = 0; options->input && i < options->workloads.count; i++)
		if (!registry_workload(options->workloads.word[i])->files)
			return why_refuse(why, "option '--input': workload '%s' reads no files",
					  options->workloads.word[i]);
	return 0;
}

/* An option of struct calling that the command line has. */
struct asked {
	const char *name;
	unsigned takes;
};

#define ASKED_MAX 16

/* Returns how many there are. */
static size_t list_asked(const struct options *o, struct asked asked[ASKED_MAX])
{
	size_t count = 0;

	if (o->calls.count > 1 || strcmp(o->calls.word[0], registry_calls[0].name) != 0)
		asked[count++] = (struct asked){ "--call", TAKES_CALL };
	for (const struct calling_option *option = calling_options; option->name; option++)
		if (calling_value(&o->calling, option))
			asked[count++] = (struct asked){ option->option, option->takes };
	return count;
}

/* How many of the modes do not take it; their names go to `out`, if that is not NULL. */
static size_t count_not_taking(const struct words *modes, unsigned takes, FILE *out)
{
	size_t count = 0;

	for (size_t i = 0; i < modes->count; i++) {
		const struct mode *mode = registry_mode(modes->word[i]);

		if ((mode->takes & takes) || !mode->parallel)
			continue;
		if (out)
			fprintf(out, "%s%s", count ? ", " : "", mode->name);
		count++;
	}
	return count;
}

static size_t count_parallel(const struct words *modes)
{
	size_t count = 0;

	for (size_t i = 0; i < modes->count; i++)
		count += registry_mode(modes->word[i])->parallel;
	return count;
}

/* An option that no mode of the plan takes is a mistake. */
static int check_calling(const struct options *o, const struct why *why)
{
	struct asked asked[ASKED_MAX];
	size_t count = list_asked(o, asked);

	for (size_t i = 0; i < count; i++)
		if (count_not_taking(&o->modes, asked[i].takes, NULL) == count_parallel(&o->modes))
			return why_refuse(why,
					  "option '%s': no chosen mode takes it ('bench list modes' says which do)",
					  asked[i].name);
	return 0;
}

void options_notice(const struct options *o, FILE *out)
{
	struct asked asked[ASKED_MAX];
	size_t count = list_asked(o, asked);

	for (size_t i = 0; i < count; i++) {
		if (count_not_taking(&o->modes, asked[i].takes, NULL) == 0)
			continue;
		fprintf(out, "bench: option '%s' changes nothing for ", asked[i].name);
		count_not_taking(&o->modes, asked[i].takes, out);
		fputc('\n', out);
	}
}

static int draw_seed(uint64_t *seed, const struct why *why)
{
	if (getrandom(seed, sizeof(*seed), 0) != sizeof(*seed))
		return why_refuse(why, "cannot draw a seed: %s (give one: --seed N)", strerror(errno));
	*seed &= SEED_MOST;
	return 0;
}

/* Releases the options after an error, which needs words of its own unless it has them. */
static int give_up(struct options *options, const struct why *why, int error)
{
	if (error && error != -EINVAL)
		why_refuse(why, "%s", strerror(-error));
	if (error)
		options_release(options);
	return error ? -EINVAL : 0;
}

int options_take(struct options *options, const struct option_spec *more, int argc, char *const *argv,
		 const struct why *why)
{
	const struct tables tables = { more ? more : option_specs, more ? option_specs : NULL };
	int error, used;

	*options = (struct options){ 0 };
	error = take_presets(option_specs, options, why);
	if (!error && more)
		error = take_presets(more, options, why);
	options->seed = SEED_UNSET;
	for (int i = 0; i < argc && !error; i += used) {
		used = take_option(&tables, options, argv[i], i + 1 < argc ? argv[i + 1] : NULL, why);
		error = used < 0 ? used : 0;
	}
	return give_up(options, why, error);
}

int options_complete(struct options *options, const struct why *why)
{
	int error = 0;

	if (options->workloads.count == 0) {
		error = why_refuse(why, "option '--workload' is missing");
		vocabulary_list(&workload_names, why);
	}
	if (!error)
		error = check_settings(options, why);
	if (!error)
		error = check_input(options, why);
	if (!error)
		error = check_calling(options, why);
	if (!error && options->topology && !options->dry_run)
		error = why_refuse(why, "option '--topology' shows where workers would go: it needs '--dry-run'");
	if (!error && options->seed == SEED_UNSET)
		error = draw_seed(&options->seed, why);
	if (options->budget_ns == 0 && options->rounds == 0 && options->invocations == 0)
		options->budget_ns = BUDGET_NS;
	return give_up(options, why, error);
}

int options_parse(struct options *options, int argc, char *const *argv, const struct why *why)
{
	int error = options_take(options, NULL, argc, argv, why);

	return error || options->help ? error : options_complete(options, why);
}

void options_release(struct options *options)
{
	words_release(&options->workloads);
	words_release(&options->modes);
	words_release(&options->transports);
	words_release(&options->schedules);
	words_release(&options->calls);
	words_release(&options->exports);
	numbers_release(&options->workers);
	numbers_release(&options->chunks);
	for (size_t i = 0; i < options->setting_count; i++) {
		free(options->settings[i].name);
		words_release(&options->settings[i].values);
	}
	free(options->settings);
	*options = (struct options){ 0 };
}

/* The values given for a param; NULL: none, its preset holds. */
static const struct words *values_of(const struct options *options, const struct param *param)
{
	for (size_t i = options->setting_count; i-- > 0;)
		if (strcmp(options->settings[i].name, param->name) == 0)
			return &options->settings[i].values;
	return NULL;
}

size_t options_combinations(const struct options *options, const struct workload *workload)
{
	size_t count = 1;

	for (const struct param *p = workload->params; p && p->name; p++) {
		const struct words *values = values_of(options, p);

		count *= values ? values->count : 1;
	}
	return count;
}

const char **options_values(const struct options *options, const struct workload *workload, size_t which)
{
	const struct param *params = workload->params;
	const char **values;
	size_t count = 0;

	while (params && params[count].name)
		count++;
	values = calloc(count + 1, sizeof(*values));
	for (size_t i = count; values && i-- > 0;) { /* the last param's values change fastest */
		const struct words *given = values_of(options, &params[i]);

		values[i] = given ? given->word[which % given->count] : params[i].preset;
		which /= given ? given->count : 1;
	}
	return values;
}
