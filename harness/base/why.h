/* Why something failed: the one carrier of error messages.
 *
 * The code that knows the cause writes one line: lower case, the subject quoted, the way out named, no full stop. The
 * caller owns the memory; a text that does not fit is cut off. Control characters become '?', since messages repeat
 * what users typed. Any thread may call these with a struct of its own. */
#ifndef BENCH_BASE_WHY_H
#define BENCH_BASE_WHY_H

#include <stddef.h>

struct why {
	char *text;
	size_t size; /* bytes, at least 1 */
};

/* A struct why for an array of char, valid in the enclosing block: options_parse(..., WHY(text)). */
#define WHY(array) (&(const struct why){ (array), sizeof(array) })

/* Writes the reason; it replaces an earlier one. */
__attribute__((format(printf, 2, 3))) void why_say(const struct why *why, const char *format, ...);

/* Appends to the reason that is there. */
__attribute__((format(printf, 2, 3))) void why_add(const struct why *why, const char *format, ...);

/* Writes the reason and returns -EINVAL. */
__attribute__((format(printf, 2, 3))) int why_refuse(const struct why *why, const char *format, ...);

/* Writes what failed, and how: "cannot start a process: Resource temporarily unavailable (the limit: ...)". `error` is
 * an errno, which may be negative. Returns it as a negative one. */
__attribute__((format(printf, 3, 4))) int why_failed(const struct why *why, int error, const char *format, ...);

#define ERROR_TEXT 160

/* Writes what an errno, which may be negative, means: the system's words, and the limit to look at where one is its
 * usual cause. Returns `text`. */
const char *error_text(char text[ERROR_TEXT], int error);

#endif
