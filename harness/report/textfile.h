/* Whole text files in and out. */
#ifndef BENCH_REPORT_TEXTFILE_H
#define BENCH_REPORT_TEXTFILE_H

#include <stddef.h>

/* The text of folder/NAME, owned by the caller, ended by a NUL; NULL with errno set. */
char *text_read(const char *folder, const char *name);

/* Puts a text in place of folder/NAME: readers see the old or the new, never a part. Returns 0 or
 * -errno (-ENOSPC: the disk is full); after an error the old file is as it was. */
int text_replace(const char *folder, const char *name, const char *text, size_t size);

#endif
