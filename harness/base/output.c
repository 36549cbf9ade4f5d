#include "base/output.h"

#include "base/digest.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LINE_MOST 120 /* bytes of a line that are shown: its last ones */

int output_open(struct output *o)
{
	int ends[2];

	if (o->child_fd)
		return 0;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	o->fd = ends[0];
	o->child_fd = ends[1];
	return 0;
}

void output_close(struct output *o)
{
	if (o->child_fd) {
		close(o->child_fd);
		close(o->fd);
	}
	o->child_fd = 0;
}

/* ---- Reading ---- */

static void digest_block(struct output *o)
{
	o->digest = digest_mix(o->digest ^ digest_bytes(o->data + OUTPUT_KEPT, o->fill));
	memmove(o->data, o->data + o->fill, OUTPUT_KEPT);
	o->fill = 0;
}

void output_read(struct output *o)
{
	ssize_t n = o ? read(o->fd, o->data + OUTPUT_KEPT + o->fill, OUTPUT_BLOCK - o->fill) : 0;

	if (n <= 0)
		return;
	o->fill += (size_t)n;
	o->size += (uint64_t)n;
	if (o->fill == OUTPUT_BLOCK)
		digest_block(o);
}

static void read_all(struct output *o)
{
	uint64_t before;
	int left = 0;

	if (ioctl(o->fd, FIONREAD, &left))
		return;
	for (; left > 0; left -= (int)(o->size - before)) {
		before = o->size;
		output_read(o);
		if (o->size == before)
			return;
	}
}

void output_end(struct output *o)
{
	if (!o)
		return;
	read_all(o);
	o->uses -= o->uses > 0;
}

void output_begin(struct output *o)
{
	if (o->uses++)
		return;
	read_all(o);
	o->size = o->digest = o->fill = 0;
}

uint64_t output_digest(const struct output *o)
{
	return digest_mix(o->digest ^ digest_bytes(o->data + OUTPUT_KEPT, o->fill) ^ o->size);
}

/* ---- The last lines ---- */

struct printed_line {
	const char *text;
	size_t length; /* bytes; 0: there is none */
};

static bool is_end(char byte)
{
	return byte == '\n' || byte == '\r';
}

/* Takes the last line that is not empty off the text that begins at `from`. */
static struct printed_line take_last_line(const char *from, const char **end)
{
	const char *last;

	while (*end > from && is_end((*end)[-1]))
		(*end)--;
	last = *end;
	while (*end > from && !is_end((*end)[-1]))
		(*end)--;
	return (struct printed_line){ *end, (size_t)(last - *end) };
}

/* Writes a line, without its beginning where it is long. */
static void write_line(FILE *out, struct printed_line line)
{
	size_t cut = line.length > LINE_MOST ? line.length - LINE_MOST : 0;
	char shown[LINE_MOST + 1] = "";

	while (cut && cut < line.length && (line.text[cut] & 0xc0) == 0x80)
		cut++;
	memcpy(shown, line.text + cut, line.length - cut);
	fputs(cut ? ".." : "", out);
	text_escaped(out, shown, line.length - cut);
}

const char *output_last_lines(const struct output *o, char *text, size_t size)
{
	FILE *out = o ? fmemopen(text, size - 1, "w") : NULL;
	struct printed_line lines[OUTPUT_LINES];
	size_t kept, count = 0;
	const char *end;

	memset(text, 0, size);
	if (!out)
		return text;
	kept = o->size < OUTPUT_KEPT + o->fill ? (size_t)o->size : OUTPUT_KEPT + o->fill;
	end = o->data + OUTPUT_KEPT + o->fill;
	for (const char *from = end - kept; count < OUTPUT_LINES; count++) {
		lines[count] = take_last_line(from, &end);
		if (!lines[count].length)
			break;
	}
	while (count-- > 0) {
		write_line(out, lines[count]);
		fputs(count ? " / " : "", out);
	}
	fclose(out);
	return text;
}
