/* Whole text files. */
#ifndef BENCH_BASE_TEXTFILE_H
#define BENCH_BASE_TEXTFILE_H

#include <stddef.h>

/* The text of folder/NAME, owned by the caller, ended by a NUL; NULL with errno set. */
char *text_read(const char *folder, const char *name);

#endif
