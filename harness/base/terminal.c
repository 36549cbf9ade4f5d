#include "base/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_ELSEWHERE 120
#define WIDTH_LEAST 20
#define WIDTH_MOST 1000

static unsigned width_of(int fd)
{
	const char *columns = getenv("COLUMNS");
	unsigned long asked = columns ? strtoul(columns, NULL, 10) : 0;
	struct winsize size;

	if (asked >= WIDTH_LEAST && asked <= WIDTH_MOST)
		return (unsigned)asked;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_LEAST)
		return size.ws_col;
	return WIDTH_ELSEWHERE;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && value[0];
}

/* By the environment, so that it does not depend on whether the program has called setlocale(). */
static bool speaks_utf8(void)
{
	const char *locale = is_set("LC_ALL")     ? getenv("LC_ALL")
			     : is_set("LC_CTYPE") ? getenv("LC_CTYPE")
						  : getenv("LANG");

	return locale && (strcasestr(locale, "UTF-8") || strcasestr(locale, "UTF8"));
}

struct terminal terminal_of(FILE *out)
{
	int fd = fileno(out);
	const char *kind = getenv("TERM");
	bool live = isatty(fd) && kind && strcmp(kind, "dumb") != 0;

	return (struct terminal){
		.width = width_of(fd),
		.live = live,
		.colour = live && !is_set("NO_COLOR"),
		.micro = speaks_utf8() ? "µs" : "us",
	};
}

static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += !continues(*text);
	return width;
}

size_t text_cut(const char *text, size_t columns)
{
	size_t size = 0;

	while (text[size] && (columns || continues(text[size])))
		columns -= !continues(text[size++]);
	return size;
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

void text_plain(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text, next = (unsigned char)text[1];

		if (byte == '\n' || byte == '\t' || byte == '\r') {
			putc(' ', out);
		} else if (byte < 0x20 || byte == 0x7f) {
			putc('?', out);
		} else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) { /* U+0080 to U+009F steer terminals too */
			putc('?', out);
			text++;
		} else {
			putc(byte, out);
		}
	}
}

void text_wrapped(FILE *out, const char *text, unsigned width, unsigned indent)
{
	size_t column = 0;
	char word[256];

	while (*text) {
		size_t size = strcspn(text, " \n");

		size = size < sizeof(word) ? size : sizeof(word) - 1;
		snprintf(word, sizeof(word), "%.*s", (int)size, text);
		if (column && column + 1 + text_width(word) > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column) {
			putc(' ', out);
			column++;
		}
		text_plain(out, word);
		column += text_width(word);
		text += size;
		text += *text == ' ' || *text == '\n';
	}
	putc('\n', out);
}
