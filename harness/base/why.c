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

int why_failed(const struct why *why, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_from(why, 0, format, arguments);
	va_end(arguments);
	why_add(why, ": %s", error_text((char[ERROR_TEXT]){ 0 }, error));
	return error < 0 ? error : -error;
}

/* The limit that usually causes an error of bench's own calls; NULL: none does. */
static const char *limit_of(int error)
{
	switch (error) {
	case EAGAIN:
		return "ulimit -u, and pids.max of the control group";
	case ENOMEM:
		return "ulimit -v, and the memory limit of the control group";
	case EMFILE:
		return "ulimit -n";
	case ENFILE:
		return "/proc/sys/fs/file-max";
	case EFBIG:
		return "ulimit -f";
	default:
		return NULL;
	}
}

const char *error_text(char text[ERROR_TEXT], int error)
{
	int number = error < 0 ? -error : error;
	const char *limit = limit_of(number);

	snprintf(text, ERROR_TEXT, "%s%s%s%s", strerror(number), limit ? " (the limit: " : "", limit ? limit : "",
		 limit ? ")" : "");
	return text;
}
