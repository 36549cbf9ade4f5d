/* The tables of fields for the structs that travel in frames. A new key of a sample is a line of model/keys.c, or one
 * here if the run file does not have it. */
#ifndef BENCH_RUN_WIRE_RECORDS_H
#define BENCH_RUN_WIRE_RECORDS_H

#include "run/wire/fields.h"
#include "run/wire/frames.h"

/* Returns the table of the struct that belongs to a frame's type; NULL: frames of this type are plain. */
const struct wire_field *record_fields(enum frame_type type);

#endif
