/* Frames of builds up to commit 5b0d582, which sent structs as they lay in memory. The code is frozen: it reads what
 * builds that exist have sent, so it uses no struct of this build and never changes. */
#ifndef BENCH_RUN_WIRE_VERSION1_H
#define BENCH_RUN_WIRE_VERSION1_H

#include <stddef.h>

struct frame_head; /* run/wire/frames.h */

/* Converts such a struct to the fields that a build of today would send (run/wire/fields.h); the caller owns `*fields`.
 * Returns 0; -EPROTO: the data are no such struct, or have another layout; or -ENOMEM. */
int version1_convert(const struct frame_head *head, const void *data, char **fields, size_t *size);

#endif
