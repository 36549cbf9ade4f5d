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

/* Replaces, in place, each control character but those in `kept` by '?', since text that comes from elsewhere could
 * rewrite the screen: those of ASCII, U+0080 to U+009F, and stray bytes which a terminal could take for the latter.
 * Other bytes that are no UTF-8 stay. text_clean_all() replaces them, too, and what XML cannot have (U+FFFE, U+FFFF);
 * white space becomes spaces. */
void text_clean(char *text, const char *kept);
void text_clean_all(char *text);

/* Like fprintf(3), for a line of the program with text in it that comes from elsewhere, which is written as by
 * text_plain(); so only the newlines at both ends of `format` are newlines. */
__attribute__((format(printf, 2, 3))) void text_print(FILE *out, const char *format, ...);

/* Writes text that comes from elsewhere (names, messages) as one harmless line: control characters, which could rewrite
 * the screen, become '?'; white space becomes spaces. */
void text_plain(FILE *out, const char *text);

/* Writes `size` bytes of such text, which a NUL follows, with control characters and bytes that are not UTF-8 escaped
 * as in "\x1b"; one that comes several times in a row is written once. */
void text_escaped(FILE *out, const char *text, size_t size);

/* Writes such text in lines of at most `width` columns, broken between words; all lines but the first are indented by
 * `indent`. Ends with a newline. A word that is longer than a line stays whole. */
void text_wrapped(FILE *out, const char *text, unsigned width, unsigned indent);

/* Writes such text into a column that begins at `at`, on a line of which `used` columns are written already. The column
 * is at least 30 wide, even if `width` leaves less. */
void text_beside(FILE *out, const char *text, unsigned used, unsigned at, unsigned width);

#endif
