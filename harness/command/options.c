#include "command/options.h"

#include "command/option_specs.h"
#include "command/parser.h"
#include "model/calling.h"
#include "model/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define BUDGET_NS UINT64_C(30000000000)
#define COMBINATIONS_MOST 500

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

static int check_settings(const struct options *options, const struct why *why)
{
	const struct vocabulary parameters = { .kind = "parameter", .name = parameter_name, .of = options };
	int error = 0;

	for (size_t i = 0; i < options->setting_count && !error; i++)
		error = vocabulary_check(&parameters, options->settings[i].name, why);
	return error;
}

/* --input is a mistake if one of the workloads reads no files. */
static int check_input(const struct options *options, const struct why *why)
{
	for (size_t i = 0; options->input && i < options->workloads.count; i++)
		if (!registry_workload(options->workloads.word[i])->files)
			return why_refuse(why, "option '--input': workload '%s' reads no files",
					  options->workloads.word[i]);
	return 0;
}

/* Each combination is opened in a process of its own before anything is measured. */
static int check_combinations(const struct options *options, const struct why *why)
{
	size_t count = 0;

	for (size_t i = 0; i < options->workloads.count; i++)
		count += options_combinations(options, registry_workload(options->workloads.word[i]));
	if (count <= COMBINATIONS_MOST)
		return 0;
	return why_refuse(why, "-p gives more than %d combinations of values to measure: give fewer",
			  COMBINATIONS_MOST);
}

/* An option that the command line has. */
struct asked {
	const char *name;
	unsigned takes;
};

#define ASKED_MAX 24

/* Whether all chosen calls hand out items one by one, so that there are no chunks. */
static bool all_submit(const struct options *o)
{
	bool all = true;

	for (size_t i = 0; i < o->calls.count; i++)
		all &= call_find(o->calls.word[i])->submits;
	return all;
}

/* The options that a mode heeds together with the others that were chosen, as bits of enum takes. */
static unsigned taken_by(const struct options *o, const struct mode *mode)
{
	unsigned takes = mode->takes;
	bool one_by_one = (takes & TAKES_FUTURES) || ((takes & TAKES_CALL) && all_submit(o));

	if (!mode->parallel)
		return 0;
	takes |= mode->processes ? TAKES_TRANSPORT : 0;
	takes |= mode->crew_in_round ? TAKES_PER : 0;
	if (one_by_one || (mode->crew_in_round && o->per_item))
		return takes;
	return takes | TAKES_RANGES; /* a mode's only schedule is among all that may be asked for */
}

/* The options of the plan's axes. That only some modes take them is usual, and needs no notice; --workers are refused
 * nowhere, since scripts give the same to every mode. */
static size_t list_axes(const struct options *o, struct asked asked[ASKED_MAX])
{
	size_t count = 0;

	if (o->transport_given)
		asked[count++] = (struct asked){ "--transport", TAKES_TRANSPORT };
	if (o->per_item)
		asked[count++] = (struct asked){ "--per item", TAKES_PER };
	if (o->schedule_given)
		asked[count++] = (struct asked){ "--schedule", TAKES_RANGES };
	if (o->chunk_given)
		asked[count++] = (struct asked){ "--chunk", TAKES_RANGES };
	return count;
}

/* Fills `asked` with the options of calls and returns how many there are. */
static size_t list_asked(const struct options *o, struct asked asked[ASKED_MAX])
{
	size_t count = 0;

	if (o->calls.count > 1 || !call_is_preset(o->calls.word[0]))
		asked[count++] = (struct asked){ "--call", TAKES_CALL };
	for (const struct calling_option *option = calling_options; option->name; option++)
		if (calling_value(&o->calling, option))
			asked[count++] = (struct asked){ option->option, option->takes };
	return count;
}

/* Counts the modes that do not take the option; writes their names to `out` unless that is NULL. */
static size_t count_not_taking(const struct options *o, unsigned takes, FILE *out)
{
	size_t count = 0;

	for (size_t i = 0; i < o->modes.count; i++) {
		const struct mode *mode = registry_mode(o->modes.word[i]);

		if ((taken_by(o, mode) & takes) || !mode->parallel)
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
static int check_taken(const struct options *o, const struct why *why)
{
	struct asked asked[ASKED_MAX];
	size_t count = list_axes(o, asked);

	count += list_asked(o, asked + count);
	for (size_t i = 0; i < count; i++)
		if (count_not_taking(o, asked[i].takes, NULL) == count_parallel(&o->modes))
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
		if (count_not_taking(o, asked[i].takes, NULL) == 0)
			continue;
		fprintf(out, "bench: option '%s' changes nothing for ", asked[i].name);
		count_not_taking(o, asked[i].takes, out);
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
		error = check_combinations(options, why);
	if (!error)
		error = check_input(options, why);
	if (!error)
		error = check_taken(options, why);
	if (!error && options->topology && !options->dry_run)
		error = why_refuse(why, "option '--topology' shows where workers would go: it needs '--dry-run'");
	if (!error && !options->seeded)
		error = draw_seed(&options->seed, why);
	if (options->budget_ns == 0 && options->rounds == 0 && options->invocations == 0)
		options->budget_ns = BUDGET_NS;
	return error;
}

int options_parse(struct options *options, int argc, char *const *argv, const struct why *why)
{
	int error;

	*options = (struct options){ 0 };
	error = arguments_parse(option_specs, options, argc, argv, "bench help", why);
	if (!error)
		error = options_complete(options, why);
	if (error)
		options_release(options);
	return error;
}

void options_release(struct options *options)
{
	arguments_release(option_specs, options);
}

/* The values that were given for a param; NULL: none, so its preset holds. */
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

	for (const struct param *p = workload->params; p && p->name && count <= COMBINATIONS_MOST; p++) {
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
