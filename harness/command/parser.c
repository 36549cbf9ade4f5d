#include "command/parser.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A command line that is being read. */
struct reading {
	const struct option_spec *table;
	void *request;
	const char *see;
	size_t operands; /* how many have been read */
	const struct why *why;
};

/* The option that `argument` names; `*attached` is the value in "--name=value" and "-pvalue", or NULL. */
static const struct option_spec *find(const struct option_spec *table, const char *argument, const char **attached)
{
	bool is_long = strncmp(argument, "--", 2) == 0;
	size_t length = is_long ? strcspn(argument, "=") : strnlen(argument, 2);
	const char *rest = argument + length;

	*attached = *rest == '\0' ? NULL : is_long ? rest + 1 : rest;
	for (const struct option_spec *spec = option_at(table); spec; spec = option_at(spec + 1))
		if (!option_is_operand(spec) && strncmp(spec->name, argument, length) == 0 && !spec->name[length])
			return spec;
	return NULL;
}

/* Those that help shows, or would if their table did not go on in another one; a refused one hides its namesake. */
static const char *option_name(const void *of, size_t index)
{
	const char *attached;

	for (const struct option_spec *spec = option_at(of); spec; spec = option_at(spec + 1))
		if (spec->help && find(of, spec->name, &attached) == spec && index-- == 0)
			return spec->name;
	return NULL;
}

/* In `--input --quiet` the value was forgotten; `--input --odd` is a folder of that name. */
static bool is_value(const struct option_spec *table, const char *argument)
{
	const char *attached;

	return strncmp(argument, "--", 2) != 0 || !find(table, argument, &attached);
}

/* Whether `next`, if it is not NULL, is the value of the option `argument`. */
static bool takes_next(const struct option_spec *table, const char *argument, const char *next)
{
	const char *attached;
	const struct option_spec *spec = find(table, argument, &attached);

	return spec && spec->argument && !attached && next && is_value(table, next);
}

bool arguments_ask_help(const struct option_spec *table, char *const *words)
{
	for (; *words && strcmp(*words, "--") != 0; words += takes_next(table, words[0], words[1]) ? 2 : 1)
		if (strcmp(*words, "--help") == 0 || strcmp(*words, "-h") == 0)
			return true;
	return false;
}

/* One letter is near to no name: all that begin with it are. */
static int refuse_letter(const struct reading *reading, const char *argument)
{
	const char *name, *separator = ": did you mean";

	why_say(reading->why, "unknown option '%.2s'", argument);
	for (size_t i = 0; (name = option_name(reading->table, i)); i++) {
		if (strncmp(name, "--", 2) != 0 || tolower(name[2]) != tolower(argument[1]))
			continue;
		why_add(reading->why, "%s '%s'", separator, name);
		separator = " or";
	}
	why_add(reading->why, "%s (see %s)", separator[0] == ':' ? "" : "?", reading->see);
	return -EINVAL;
}

static int refuse_option(const struct reading *reading, const char *argument)
{
	char hint[80], name[80]; /* without "=value", with which it is near to no name */
	const struct vocabulary names = { .kind = "option", .name = option_name, .of = reading->table, .hint = hint };

	if (argument[0] == '-' && isalpha((unsigned char)argument[1]) && !argument[2])
		return refuse_letter(reading, argument);
	snprintf(hint, sizeof(hint), "see %s", reading->see);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(argument, "="), argument);
	return vocabulary_check(&names, name, reading->why);
}

static int take(const struct reading *reading, const struct option_spec *spec, const char *value)
{
	int error = spec->type->take(&(struct option_use){ spec, value, reading->request, reading->why });

	return error == -ENOMEM ? why_refuse(reading->why, "%s", strerror(ENOMEM)) : error;
}

/* Takes the option `argument`; `next`, if it is not NULL, may be its value. Returns how many of the two
 * it took, or -EINVAL. */
static int take_option(const struct reading *reading, const char *argument, const char *next)
{
	const char *value;
	const struct option_spec *spec = find(reading->table, argument, &value);
	bool uses_next = takes_next(reading->table, argument, next);
	int error;

	if (!spec)
		return refuse_option(reading, argument);
	if (!spec->argument && value)
		return why_refuse(reading->why, "option '%s' takes no value", spec->name);
	if (uses_next)
		value = next;
	if (spec->argument && (!value || *value == '\0'))
		return why_refuse(reading->why, "option '%s' needs a value: %s %s", spec->name, spec->name,
				  spec->argument);
	error = take(reading, spec, value);
	if (spec->given)
		*(bool *)((char *)reading->request + spec->given) = true;
	return error ? error : 1 + uses_next;
}

static const struct option_spec *next_operand(const struct option_spec *spec)
{
	for (spec = option_at(spec); spec && !option_is_operand(spec);)
		spec = option_at(spec + 1);
	return spec;
}

static int take_operand(struct reading *reading, const char *argument)
{
	const struct option_spec *spec = next_operand(reading->table), *last = NULL;
	uint64_t before = 0;

	for (; spec; before += spec->most, last = spec, spec = next_operand(spec + 1))
		if (reading->operands < before + spec->most) {
			reading->operands++;
			return take(reading, spec, argument);
		}
	if (!last)
		return why_refuse(reading->why, "unexpected '%s': options begin with '--', lists have no blanks",
				  argument);
	if (last->most)
		return why_refuse(reading->why, "'%s' is one %s too many: at most %ju can be given (see %s)", argument,
				  last->name, (uintmax_t)last->most, reading->see);
	return why_refuse(reading->why, "'%s' is one %s too many: it takes no %ss (see %s)", argument, last->name,
			  last->name, reading->see);
}

static int check_operands(const struct reading *reading)
{
	const struct option_spec *spec = next_operand(reading->table);
	uint64_t needed = 0;
	bool listed = false;

	for (; spec; spec = next_operand(spec + 1)) {
		needed += spec->least;
		listed |= spec->names != NULL;
		if (reading->operands >= needed)
			continue;
		reading->why->text[0] = '\0';
		if (listed)
			return -EINVAL;
		return why_refuse(reading->why, "which %s? Give %s (see %s)", spec->name, spec->help, reading->see);
	}
	return 0;
}

/* The presets of a table overwrite those of its rest, since its entries count. */
static int take_presets(const struct reading *reading, const struct option_spec *table)
{
	const struct option_spec *end = table;
	int error = 0;

	while (end->name)
		end++;
	if (end->rest)
		error = take_presets(reading, end->rest);
	for (const struct option_spec *spec = table; spec < end && !error; spec++)
		if (spec->preset)
			error = take(reading, spec, spec->preset);
	return error;
}

/* Whether a later use of the option replaces an earlier one. */
static bool is_replaced(const struct option_spec *spec)
{
	return spec->argument && spec->field && spec->type != &option_words && spec->type != &option_export;
}

void arguments_notice(const struct option_spec *table, char *const *words, FILE *out)
{
	const struct option_spec *seen[64];
	size_t count = 0;

	for (; *words && strcmp(*words, "--") != 0; words += takes_next(table, words[0], words[1]) ? 2 : 1) {
		const char *attached;
		const struct option_spec *spec = find(table, *words, &attached);
		size_t before = 0;

		for (size_t i = 0; i < count; i++)
			before += seen[i] == spec;
		if (spec && before == 1 && is_replaced(spec))
			fprintf(out, "bench: option '%s' is given again: the last one counts%s\n", spec->name,
				strchr(spec->argument, ',') ? " (a list has commas)" : "");
		if (spec && count < 64)
			seen[count++] = spec;
	}
}

int arguments_parse(const struct option_spec *table, void *request, int argc, char *const *argv, const char *see,
		    const struct why *why)
{
	struct reading reading = { table, request, see, 0, why };
	bool options = true; /* until `--` */
	int error = take_presets(&reading, table);

	for (int i = 0; i < argc && !error;) {
		int taken = 1;

		if (!options || argv[i][0] != '-')
			error = take_operand(&reading, argv[i]);
		else if (strcmp(argv[i], "--") == 0 && next_operand(table))
			options = false;
		else
			taken = take_option(&reading, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
		error = taken < 0 ? taken : error;
		i += taken;
	}
	return error ? error : check_operands(&reading);
}

void arguments_release(const struct option_spec *table, void *request)
{
	for (const struct option_spec *spec = option_at(table); spec; spec = option_at(spec + 1))
		if (spec->type->release)
			spec->type->release(&(struct option_use){ .spec = spec, .request = request });
}
