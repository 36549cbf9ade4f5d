/* Whether two sides are the same, so that nothing needs to be run. Any thread may call it.
 *
 * Of an ELF file that can be run or loaded, what counts is its code and its data: sections that are loaded, but the
 * build id; neither symbols and debug information nor where it lies. One that looks for its libraries beside itself
 * ($ORIGIN) has their folder as part of its content. Of any other file all bytes count, of a folder the names and
 * contents of all that is below it but Python's caches.
 *
 * What cannot be known: which other files a program reads, and whether those are the same. So two builds are the same
 * only together with what they run beside them, which the caller names. */
#ifndef BENCH_GATE_SIDES_CONTENT_H
#define BENCH_GATE_SIDES_CONTENT_H

#include <stdbool.h>

struct content {
	unsigned char digest[32]; /* SHA-256 */
	bool loadable;            /* an ELF file that can be run or loaded */
};

/* The content of a file or folder. Returns 0 or -errno: -EINVAL for what is neither, such as a socket. */
int content_read(struct content *content, const char *path);

/* Whether two files or folders have the same content: 1, 0, or -errno. */
int content_same(const char *a, const char *b);

/* Whether two commands, as NULL-terminated vectors, are the same: word for word equal or, with a slash in both,
 * programs or libraries of the same content. Scripts and inputs in different places are not: what they name is
 * often beside them. */
bool content_same_commands(char *const *a, char *const *b);

#endif
