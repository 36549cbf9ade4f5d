/* Whole files, named relative to a folder's descriptor, so that no name needs care.
 * All return 0 or -errno, unless they say otherwise. */
#ifndef BENCH_WORKLOADS_PARTS_FILES_H
#define BENCH_WORKLOADS_PARTS_FILES_H

#include "workloads/workload.h"

/* Opens a folder. Returns its descriptor or -errno. */
int folder_open(const char *path);

/* Opens a file for reading. Returns its descriptor or -errno. */
int file_open(int folder, const char *name);

/* Reads an open file of at most `most` bytes (-EFBIG: it is larger) into file->data, which the caller
 * frees, also after an error. A NUL that is not counted follows the content. */
int file_read_from(int fd, size_t most, struct buffer *file);

/* Reads a file as file_read_from() does. */
int file_read(int folder, const char *name, size_t most, struct buffer *file);

/* Writes a file, made or replaced in place; after an error there is none. */
int file_write(int folder, const char *name, struct bytes content);

/* Writes a file by way of another one, `draft`: everybody sees the old content or the new. */
int file_replace(int folder, const char *name, const char *draft, struct bytes content);

#endif
