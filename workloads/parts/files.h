/* Reading and writing of whole files, which are named relative to the descriptor of their folder, so that no
 * caller composes paths; and the only place where workloads open a file for writing. Functions return 0 or -errno
 * unless they say otherwise. A folder may have been prepared by somebody else: links of another user but root are not
 * followed (-ELOOP). */
#ifndef BENCH_WORKLOADS_PARTS_FILES_H
#define BENCH_WORKLOADS_PARTS_FILES_H

#include "workloads/workload.h"

/* Makes a folder, unless it is there. `folder`: a descriptor, or AT_FDCWD. */
int folder_prepare(int folder, const char *name);

/* Opens a folder. Returns its descriptor or -errno. */
int folder_open(const char *path);

/* Opens a file for reading. Returns its descriptor or -errno. */
int file_open(int folder, const char *name);

/* Reads an open file of at most `most` bytes (-EFBIG: it is larger) into file->data, which the caller frees,
 * also after an error. The content is followed by a NUL, which file->size does not count. */
int file_read_from(int fd, size_t most, struct buffer *file);

/* Opens a file and reads it as file_read_from() does. */
int file_read(int folder, const char *name, size_t most, struct buffer *file);

/* Writes a file, which is created or overwritten in place. After an error the file does not exist. */
int file_write(int folder, const char *name, struct bytes content);

/* Writes the new file `draft`, in place of what has that name, and renames it to `name`, so that others see either
 * the old content or the new. */
int file_replace(int folder, const char *name, const char *draft, struct bytes content);

#endif
