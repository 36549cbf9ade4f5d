#include "base/why.h"

#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void write_from(const struct why *why, size_t from, const char *format, va_list arguments)
{
	vsnprintf(why->text + from, why->size - from, format, arguments);
	text_clean(why->text + from, "");
}

void why_say(const struct why *why, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_from(why, 0, format, arguments);
	va_end(arguments);
}

void why_add(const struct why *why, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_from(why, strlen(why->text), format, arguments);
	va_end(arguments);
}

int why_refuse(const struct why *why, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_from(why, 0, format, arguments);
	va_end(arguments);
	return -EINVAL;
}
