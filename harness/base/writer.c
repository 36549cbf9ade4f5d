#include "base/writer.h"

#include <errno.h>
#include <stdarg.h>

/* Twelve digits keep half a nanosecond of 100 s, and write 0.1 as 0.1, not as 0.10000000000000001. */
#define FLAGS (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12))

void writer_fail(struct writer *writer, int error)
{
	if (!writer->error)
		writer->error = error;
}

void writer_text(struct writer *writer, const char *text)
{
	if (!writer->error && fputs(text, writer->file) == EOF)
		writer_fail(writer, -errno);
}

void writer_print(struct writer *writer, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	if (!writer->error && vfprintf(writer->file, format, list) < 0)
		writer_fail(writer, -errno);
	va_end(list);
}

static void dump(struct writer *writer, json_t *value, size_t flags)
{
	errno = ENOMEM; /* the reason why json_dumpf() failed, unless a write() failed */
	if (!value)
		writer_fail(writer, -ENOMEM);
	else if (!writer->error && json_dumpf(value, writer->file, flags) < 0)
		writer_fail(writer, -errno);
	json_decref(value);
}

void writer_json(struct writer *writer, json_t *value)
{
	dump(writer, value, FLAGS);
}

void writer_embedded(struct writer *writer, json_t *object)
{
	dump(writer, object, FLAGS | JSON_EMBED);
}

void writer_key(struct writer *writer, const char *key, json_t *value)
{
	writer_text(writer, "\"");
	writer_text(writer, key);
	writer_text(writer, "\":");
	writer_json(writer, value);
	writer_text(writer, ",\n");
}
