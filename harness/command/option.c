#include "command/option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BARE_SHARE_MOST 0.5 /* a share that is larger has a % */

void *option_field(const struct option_use *use)
{
	return (char *)use->request + use->spec->field;
}

void option_release_words(const struct option_use *use)
{
	words_release(option_field(use));
}

void option_release_numbers(const struct option_use *use)
{
	numbers_release(option_field(use));
}

static int take_nothing(const struct option_use *use)
{
	(void)use;
	return 0;
}

static int take_refused(const struct option_use *use)
{
	return why_refuse(use->why, "option '%s' is of a run only: it is refused here", use->spec->name);
}

static int take_flag(const struct option_use *use)
{
	*(bool *)option_field(use) = true;
	return 0;
}

static int take_text(const struct option_use *use)
{
	*(const char **)option_field(use) = use->value;
	return 0;
}

static int take_word(const struct option_use *use)
{
	*(const char **)option_field(use) = use->value;
	return vocabulary_check(use->spec->names, use->value, use->why);
}

static int take_words(const struct option_use *use)
{
	int error = use->spec->names ? vocabulary_check(use->spec->names, use->value, use->why) : 0;

	return error ? error : words_append(option_field(use), use->value);
}

static int take_names(const struct option_use *use)
{
	return words_parse(option_field(use), use->value, use->spec->names, use->why);
}

static int read_number(const struct option_use *use, uint64_t *number)
{
	const struct option_spec *spec = use->spec;

	if (number_parse(number, use->value, spec->least, spec->most) == 0)
		return 0;
	return why_refuse(use->why, "%s needs a whole number from %ju to %ju, not '%s'", spec->name,
			  (uintmax_t)spec->least, (uintmax_t)spec->most, use->value);
}

static int take_number(const struct option_use *use)
{
	return read_number(use, option_field(use));
}

static int take_number32(const struct option_use *use)
{
	uint64_t number;
	int error = read_number(use, &number);

	if (!error)
		*(uint32_t *)option_field(use) = (uint32_t)number;
	return error;
}

static int take_numbers(const struct option_use *use)
{
	const struct option_spec *spec = use->spec;
	int error = numbers_parse(option_field(use), use->value, spec->least, spec->most);

	if (error != -EINVAL)
		return error;
	return why_refuse(use->why, "%s needs numbers from %ju to %ju, such as 1,2,4 or 1-8, not '%s'", spec->name,
			  (uintmax_t)spec->least, (uintmax_t)spec->most, use->value);
}

static int take_duration(const struct option_use *use)
{
	if (duration_parse(option_field(use), use->value) == 0)
		return 0;
	return why_refuse(use->why,
			  "%s needs a time such as 500ms, 30s, 2m or 1h, not '%s' (a number alone is in seconds)",
			  use->spec->name, use->value);
}

/* Whether the value is a bare number, such as 1, which more likely means 1 % than 100 %. */
static bool lacks_percent(const char *value)
{
	char *end;
	double number = strtod(value, &end);

	return end != value && *end == '\0' && number > BARE_SHARE_MOST && number <= 100;
}

static int take_share(const struct option_use *use)
{
	if (lacks_percent(use->value))
		return why_refuse(use->why, "%s needs a share such as 1%% or 0.01, not '%s': is that %s%%?",
				  use->spec->name, use->value, use->value);
	if (share_parse(option_field(use), use->value) == 0)
		return 0;
	return why_refuse(use->why, "%s needs a share such as 1%% or 0.01, more than 0 and at most 100%%, not '%s'",
			  use->spec->name, use->value);
}

static int take_export(const struct option_use *use)
{
	const char *equals = strchr(use->value, '=');

	if (!equals || equals == use->value || equals[1] == '\0')
		return why_refuse(use->why, "--export needs FORMAT=FILE, not '%s'", use->value);
	return words_add(option_field(use), use->value);
}

const struct option_type option_flag = { take_flag, NULL };
const struct option_type option_text = { take_text, NULL };
const struct option_type option_word = { take_word, NULL };
const struct option_type option_words = { take_words, option_release_words };
const struct option_type option_names = { take_names, option_release_words };
const struct option_type option_number = { take_number, NULL };
const struct option_type option_number32 = { take_number32, NULL };
const struct option_type option_numbers = { take_numbers, option_release_numbers };
const struct option_type option_duration = { take_duration, NULL };
const struct option_type option_share = { take_share, NULL };
const struct option_type option_export = { take_export, option_release_words };
const struct option_type option_nothing = { take_nothing, NULL };
const struct option_type option_refused = { take_refused, NULL };

const struct option_spec common_options[] = {
	{ "--help", NULL, "this page", .type = &option_nothing }, /* the parser has found it before */
	{ "--yes", .type = &option_nothing },                     /* the launcher heeds it */
	{ 0 },
};

const struct option_spec *option_at(const struct option_spec *spec)
{
	while (spec && !spec->name)
		spec = spec->rest;
	return spec;
}

bool option_is_operand(const struct option_spec *spec)
{
	return spec->name[0] != '-';
}
