/* Reading and writing whole files, and the only place where the harness opens a file for writing. A file is written
 * under another name in its folder and then renamed, so that readers see the old file or the new one, never a part;
 * interrupts() are held meanwhile.
 *
 * The folder may have been prepared by somebody else, so what is found under the name of a new file is removed, not
 * followed, and a link at the end of a path that the user names is followed only if it is the user's or root's: of
 * another user's it is -ELOOP. */
#ifndef BENCH_BASE_FILE_H
#define BENCH_BASE_FILE_H

#include "base/why.h"
#include "base/writer.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* Both open a file for writing, close-on-exec, and return its descriptor or -errno. file_create() makes a new file in
 * the folder of which it gets a descriptor, in place of what has that name there. file_append() makes the file if there
 * is none, and appends to it after emptying it, if `empty`. */
int file_create(int folder, const char *name);
int file_append(const char *path, bool empty);

/* A stream for such a descriptor, which is closed in case of failure; NULL with errno set, also for an -errno. */
FILE *file_stream(int fd);

/* Makes a folder. Returns 1; 0: something is there already; or -errno. */
int folder_make(const char *path, mode_t mode);

/* Returns 0, or -ELOOP: the path ends in a link of another user. */
int file_check_link(const char *path);

/* Replaces folder/NAME by what `fill` writes when it is given `what`. `last`: returns only when the disk has the file.
 * Returns 0, or -errno (-ENOSPC: the disk is full) with `why`; then the old file is as it was and nothing else is left
 * in the folder. */
int file_put(const char *folder, const char *name, void (*fill)(struct writer *writer, const void *what),
	     const void *what, bool last, const struct why *why);

/* Replaces a file that is named by a path. A link stays, and the file that it leads to is replaced; what cannot be
 * replaced, such as a pipe or a device, is written to. Returns 0 or -errno. file_check() returns the same without
 * writing, as far as one can tell. */
int file_put_at(const char *file, void (*fill)(struct writer *writer, const void *what), const void *what);
int file_check(const char *file);

/* The text of folder/NAME, owned by the caller, ended by a NUL; NULL with errno set. */
char *file_text(const char *folder, const char *name);

#endif
