/* Result files: written beside their place and renamed, so that readers see the old file or the new one, never a
 * part. */
#ifndef BENCH_STORE_FILE_H
#define BENCH_STORE_FILE_H

#include "store/writer.h"

#include <stdbool.h>

/* Puts what `fill` writes of `what` in place of folder/NAME. `last`: it is waited for until the disk has it. Returns
 * 0, or -errno (-ENOSPC: the disk is full) with `why`; then the old file is as it was and nothing else is left in the
 * folder. The caller ignores SIGXFSZ. */
int store_replace(const char *folder, const char *name, void (*fill)(struct writer *writer, const void *what),
		  const void *what, bool last, char *why, size_t why_size);

#endif
