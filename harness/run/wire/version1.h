/* Frames of builds up to commit 5b0d582, which sent structs as they lay in memory. Frozen: version1.c is about builds
 * that exist, so it knows no struct of this build and is never edited. */
#ifndef BENCH_RUN_WIRE_VERSION1_H
#define BENCH_RUN_WIRE_VERSION1_H

#include <stddef.h>

struct frame_head; /* run/wire/frames.h */

/* Makes of such a struct the fields that a build would send today (run/wire/fields.h); `*fields` is owned by the
 * caller. Returns 0, -EPROTO: it is none, or was laid out in another way, or -ENOMEM. */
int version1_convert(const struct frame_head *head, const void *data, char **fields, size_t *size);

#endif
