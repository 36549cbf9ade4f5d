/* Finds out whether two sides are the same, so that nothing needs to be run. Any thread may call these functions.
 *
 * The content of an ELF file that can be run or loaded is its code and its data: the sections that are loaded, except
 * the build id. Symbols, debug information and the file's path do not count. If the file looks for its libraries beside
 * itself ($ORIGIN), its folder is part of its content. Of any other file all bytes count; of a folder the names and
 * contents of all that is below it, except Python's caches.
 *
 * These functions cannot know which other files a program reads, and whether those are the same. So the caller must
 * name what two builds run besides their programs. */
#ifndef BENCH_GATE_SIDES_CONTENT_H
#define BENCH_GATE_SIDES_CONTENT_H

#include <stdbool.h>

struct content {
	unsigned char digest[32]; /* SHA-256 */
	bool loadable;            /* an ELF file that can be run or loaded */
};

/* Reads the content of a file or folder. Returns 0 or -errno: -EINVAL if `path` is neither, such as a socket. */
int content_read(struct content *content, const char *path);

/* Returns 1 if two files or folders have the same content, 0 if not, or -errno. */
int content_same(const char *a, const char *b);

/* Returns whether two commands (NULL-terminated) are the same: in each place the words are equal or, if both have a
 * slash in them, name programs or libraries of the same content. Scripts and inputs in different places are never the
 * same, since the files that they name often lie beside them. */
bool content_same_commands(char *const *a, char *const *b);

#endif
