/* Reading and writing whole files. A file is written under another name in its folder and then renamed, so that readers
 * see the old file or the new one, never a part. */
#ifndef BENCH_BASE_FILE_H
#define BENCH_BASE_FILE_H

#include "base/why.h"
#include "base/writer.h"

#include <stdbool.h>

/* Replaces folder/NAME by what `fill` writes when it is given `what`. `last`: returns only when the disk has the file.
 * Returns 0, or -errno (-ENOSPC: the disk is full) with `why`; then the old file is as it was and nothing else is left
 * in the folder. The caller must ignore SIGXFSZ. */
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
