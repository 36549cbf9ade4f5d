#include "base/text.h"

#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define COLUMN_LEAST 30 /* least width of a text beside others */

bool text_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

char *text_vformat(const char *format, va_list arguments)
{
	char *text;

	return vasprintf(&text, format, arguments) < 0 ? NULL : text;
}

char *text_format(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = text_vformat(format, arguments);
	va_end(arguments);
	return text;
}

static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Returns the bytes of the character that `text` begins with, and sets its columns. A character that the locale does
 * not know is one byte and the bytes that continue it. */
static size_t character(const char *text, size_t size, size_t *columns)
{
	wchar_t decoded;
	size_t bytes = mbrtowc(&decoded, text, size, &(mbstate_t){ 0 });
	int width = bytes <= size ? wcwidth(decoded) : -1;

	*columns = width < 0 ? 1 : (size_t)width;
	if (bytes && bytes <= size)
		return bytes;
	for (bytes = 1; bytes < size && continues(text[bytes]); bytes++)
		;
	return bytes;
}

static bool is_ascii(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (text[i] & 0x80)
			return false;
	return true;
}

/* Returns the bytes of the characters that fit into `most` columns, and sets the columns that they take. */
static size_t measure(const char *text, size_t size, size_t most, size_t *columns)
{
	locale_t utf8 = is_ascii(text, size) ? NULL : newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	locale_t before = utf8 ? uselocale(utf8) : NULL;
	size_t at = 0, bytes, more;

	for (*columns = 0; at < size; at += bytes, *columns += more) {
		bytes = character(text + at, size - at, &more);
		if (*columns + more > most)
			break;
	}
	if (utf8) {
		uselocale(before);
		freelocale(utf8);
	}
	return at;
}

size_t text_width(const char *text)
{
	size_t columns;

	measure(text, strlen(text), SIZE_MAX, &columns);
	return columns;
}

size_t text_cut(const char *text, size_t columns)
{
	return measure(text, strlen(text), columns, &columns);
}

void text_squeeze(char *text, size_t size, const char *from)
{
	size_t length = strlen(from), head = (size - 3) / 2, tail = length - (size - 3 - head);

	if (length < size) {
		memcpy(text, from, length + 1);
		return;
	}
	while (head && continues(from[head]))
		head--;
	while (continues(from[tail]))
		tail++;
	snprintf(text, size, "%.*s..%s", (int)head, from, from + tail);
}

/* Returns the bytes of the character of UTF-8 that `text` begins with; 0: it begins with a stray byte. */
static size_t utf8_bytes(const char *text)
{
	unsigned char lead = (unsigned char)text[0], next = lead ? (unsigned char)text[1] : 0;
	size_t bytes = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;

	if ((lead == 0xe0 && next < 0xa0) || (lead == 0xed && next > 0x9f) || (lead == 0xf0 && next < 0x90) ||
	    (lead == 0xf4 && next > 0x8f)) /* longer than need be, a surrogate, beyond Unicode */
		return 0;
	for (size_t i = 1; i < bytes; i++)
		if (!continues(text[i]))
			return 0;
	return bytes;
}

enum harm { NONE, WHITE, CONTROL, STRAY };

/* Tells the harm in the character that `text` begins with, and sets its bytes; a stray byte is a character. Terminals
 * obey control characters of ASCII and of UTF-8 (U+0080 to U+009F), and stray bytes like the latter. */
static enum harm harm_of(const char *text, size_t *bytes)
{
	unsigned char first = (unsigned char)text[0], second = first ? (unsigned char)text[1] : 0;
	size_t whole = utf8_bytes(text);

	*bytes = whole ? whole : 1;
	if (first == '\n' || first == '\t' || first == '\r')
		return WHITE;
	if (first < 0x20 || first == 0x7f || (!whole && first < 0xa0) || (first == 0xc2 && second < 0xa0))
		return CONTROL;
	return whole ? NONE : STRAY;
}

void text_clean(char *text, const char *kept)
{
	char *to = text;

	for (size_t bytes; *text; text += bytes) {
		enum harm harm = harm_of(text, &bytes);

		if ((harm == WHITE || harm == CONTROL) && !strchr(kept, *text))
			*to++ = '?';
		else
			to = (char *)memmove(to, text, bytes) + bytes;
	}
	*to = '\0';
}

void text_clean_all(char *text)
{
	text_clean(text, "\n\t\r");
	for (size_t bytes; *text; text += bytes) {
		enum harm harm = harm_of(text, &bytes);

		if (strncmp(text, "\xef\xbf\xbe", 3) == 0 || strncmp(text, "\xef\xbf\xbf", 3) == 0) /* U+FFFE, U+FFFF */
			memset(text, '?', bytes);
		if (harm != NONE)
			*text = harm == WHITE ? ' ' : '?';
	}
}

static void write_plain(FILE *out, const char *text, size_t size)
{
	size_t bytes;

	for (const char *end = text + size; text < end; text += bytes) {
		enum harm harm = harm_of(text, &bytes);

		if (harm == WHITE || harm == CONTROL)
			putc(harm == WHITE ? ' ' : '?', out);
		else
			fwrite(text, 1, bytes, out);
	}
}

void text_plain(FILE *out, const char *text)
{
	write_plain(out, text, strlen(text));
}

void text_print(FILE *out, const char *format, ...)
{
	size_t length = strlen(format), before = strspn(format, "\n");
	bool ends = length > before && format[length - 1] == '\n';
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = text_vformat(format, arguments);
	va_end(arguments);
	fprintf(out, "%.*s", (int)before, format);
	if (text)
		write_plain(out, text + before, strlen(text) - before - ends);
	if (ends)
		putc('\n', out);
	free(text);
}

void text_escaped(FILE *out, const char *text, size_t size)
{
	size_t bytes;

	for (const char *end = text + size, *from = text; text < end; text += bytes) {
		enum harm harm = harm_of(text, &bytes);

		if (harm == WHITE)
			putc(' ', out);
		else if (harm == NONE)
			fwrite(text, 1, bytes, out);
		else
			for (size_t i = 0; i < bytes; i++)
				if (text + i == from || text[i - 1] != text[i])
					fprintf(out, "\\x%02x", (unsigned char)text[i]);
	}
}

/* Writes text from `column` on, which the line has reached already. */
static void wrap(FILE *out, const char *text, size_t column, size_t width, size_t indent)
{
	size_t columns;

	for (bool first = true; *text; first = false) {
		size_t size = strcspn(text, " \n");

		measure(text, size, SIZE_MAX, &columns);
		if (!first && column + 1 + columns > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			putc(' ', out);
			column++;
		}
		write_plain(out, text, size);
		column += columns;
		text += size;
		text += *text == ' ' || *text == '\n';
	}
	putc('\n', out);
}

void text_wrapped(FILE *out, const char *text, unsigned width, unsigned indent)
{
	wrap(out, text, 0, width, indent);
}

void text_beside(FILE *out, const char *text, unsigned used, unsigned at, unsigned width)
{
	unsigned column = used < at ? at : used + 2;

	fprintf(out, "%*s", (int)(column - used), "");
	wrap(out, text, column, width > at + COLUMN_LEAST ? width : at + COLUMN_LEAST, at);
}
