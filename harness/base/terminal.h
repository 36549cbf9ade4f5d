/* What the place where text goes can show: how wide it is, whether it has colours and a µ. */
#ifndef BENCH_BASE_TERMINAL_H
#define BENCH_BASE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct terminal {
	unsigned width;    /* columns: COLUMNS, else the terminal's, else 120 */
	bool live;         /* a terminal on which a line can be rewritten */
	bool colour;       /* live, and NO_COLOR is not set */
	const char *micro; /* "µs", or "us" where the locale is not UTF-8 */
};

struct terminal terminal_of(FILE *out);

/* Columns that UTF-8 text takes: its characters. */
size_t text_width(const char *text);

/* Bytes of the first `columns` characters, or of all. */
size_t text_cut(const char *text, size_t columns);

/* Copies text; where it has more bytes than there is room for it lacks its middle, so that its end still tells it
 * from others. Characters stay whole. */
void text_squeeze(char *text, size_t size, const char *from);

/* Writes text that comes from elsewhere (names, messages) as one harmless line: control characters,
 * which could rewrite the screen, become '?', white space a space. */
void text_plain(FILE *out, const char *text);

/* The same in lines of at most `width` columns, broken between words, all but the first one indented;
 * ends with a newline. A word that is longer than a line stays whole. */
void text_wrapped(FILE *out, const char *text, unsigned width, unsigned indent);

#endif
