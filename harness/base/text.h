/* Lines of UTF-8 text, measured in columns: Chinese characters take two, accents that combine none, control
 * characters the one of the '?' that is shown instead. By wcwidth(3), the same in every locale of the user; what is no
 * UTF-8 takes a column. Pure, or write to `out`. */
#ifndef BENCH_BASE_TEXT_H
#define BENCH_BASE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Columns that text takes. */
size_t text_width(const char *text);

/* Bytes of the whole characters that fit into `columns`. */
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

/* The same in a column of its own, which begins at `at`, on a line that has `used` columns already. It gets 30 columns,
 * however narrow all is. */
void text_beside(FILE *out, const char *text, unsigned used, unsigned at, unsigned width);

#endif
