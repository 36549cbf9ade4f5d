#include "workloads/parts/values.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int refuse(struct workload_state *state, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(state->why, sizeof(state->why), format, arguments);
	va_end(arguments);
	for (char *c = state->why; *c; c++) {
		if (iscntrl((unsigned char)*c))
			*c = '?';
	}
	return error;
}

const char *value_digits(const char *text, uint64_t low, uint64_t high, uint64_t *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return NULL;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno == 0 && *value >= low && *value <= high ? end : NULL;
}

int value_whole(struct workload_state *state, const char *name, const char *text, uint64_t low, uint64_t high,
		uint64_t *value)
{
	const char *end = value_digits(text, low, high, value);

	if (!end || *end)
		return refuse(state, -EINVAL, "%s must be a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'",
			      name, low, high, text);
	return 0;
}

int value_decimal(struct workload_state *state, const char *name, const char *text, double low, double high,
		  double *value)
{
	size_t length = strspn(text, "0123456789.");
	char *end;

	*value = strtod(text, &end);
	if (length == 0 || text[length] || *end || *value < low || *value > high)
		return refuse(state, -EINVAL, "%s must be a number from %g to %g, not '%s'", name, low, high, text);
	return 0;
}

int value_word(struct workload_state *state, const char *name, const char *text, const char *const *words,
	       unsigned *index)
{
	char all[256] = "";

	for (*index = 0; words[*index]; ++*index)
		if (strcmp(words[*index], text) == 0)
			return 0;
	for (size_t i = 0, used = 0; words[i] && used < sizeof(all); i++)
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s",
					 i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
	return refuse(state, -EINVAL, "%s must be %s, not '%s'", name, all, text);
}
