/* Lines of UTF-8 text, measured in columns: a Chinese character takes two, a combining accent none, a control character
 * one, since '?' is shown in its place. Widths are those of wcwidth(3), whatever locale the user has; a byte that is
 * not UTF-8 takes one column. The functions are pure, or write to `out`. */
#ifndef BENCH_BASE_TEXT_H
#define BENCH_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Whether both texts are equal, or both NULL. */
bool text_same(const char *a, const char *b);

/* Like asprintf(3). Returns the text, owned by the caller; NULL without memory. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_vformat(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* The number of columns that `text` takes. */
size_t text_width(const char *text);

/* The number of bytes of the whole characters that fit into `columns`. */
size_t text_cut(const char *text, size_t columns);

/* Copies `from`; where it has more bytes than there is room for, its middle is left out, so that its end still tells it
 * from others. Characters stay whole. */
void text_squeeze(char *text, size_t size, const char *from);

/* Text that comes from elsewhere (names, messages, files of others) could rewrite the screen. The functions below make
 * it harmless by one rule: control characters become '?', namely those of ASCII, U+0080 to U+009F, and stray bytes that
 * a terminal could take for the latter. Other bytes that are no UTF-8 stay, where nothing else is said. In what is
 * written, newlines, tabs and carriage returns become spaces instead. */

/* Cleans text in place: all control characters become '?', but those in `kept`, which stay. text_clean_all() makes
 * white space spaces, and replaces all bytes that are no UTF-8, too, and what XML cannot have (U+FFFE, U+FFFF). */
void text_clean(char *text, const char *kept);
void text_clean_all(char *text);

/* Writes such text. */
void text_plain(FILE *out, const char *text);

/* Like fprintf(3), for a line of the program with such text in it; so only the newlines at both ends of `format` are
 * newlines. */
__attribute__((format(printf, 2, 3))) void text_print(FILE *out, const char *format, ...);

/* Writes `size` bytes that a program has printed, which a NUL follows. What it printed may be all that tells why it
 * failed, so control characters and bytes that are no UTF-8 are escaped as in "\x1b" instead; one that comes several
 * times in a row is written once. */
void text_escaped(FILE *out, const char *text, size_t size);

/* Writes such text in lines of at most `width` columns, broken between words; all lines but the first are indented by
 * `indent`. Ends with a newline. A word that is longer than a line stays whole. */
void text_wrapped(FILE *out, const char *text, unsigned width, unsigned indent);

/* Writes such text into a column that begins at `at`, on a line of which `used` columns are written already. The column
 * is at least 30 wide, even if `width` leaves less. */
void text_beside(FILE *out, const char *text, unsigned used, unsigned at, unsigned width);

#endif
