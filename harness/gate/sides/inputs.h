/* The files of --input that commands get, one at a time (commands.h). Called by the main process, before anything is
 * measured. */
#ifndef BENCH_GATE_SIDES_INPUTS_H
#define BENCH_GATE_SIDES_INPUTS_H

#include "base/why.h"

#include <stddef.h>

/* Returns the absolute paths of a folder's regular files, also of those behind links, in byte order of their names,
 * NULL-terminated; inputs_free() frees them. Returns NULL with the reason: the folder cannot be read, or has none. */
char **inputs_list(const char *folder, const struct why *why);
void inputs_free(char **paths);

size_t inputs_count(char *const *paths);

/* Keeps `wanted` of the files, at least one and less than there are, in the same order: their sizes are as different as
 * those of all. Returns 0 or -ENOMEM. */
int inputs_keep(char **paths, size_t wanted);

#endif
