/* The result file of a gate: folder/gate.json, described by results/gate.schema.json.
 *
 * `why` gets one line for people, the subject quoted, when something failed. */
#ifndef BENCH_STORE_GATE_READ_H
#define BENCH_STORE_GATE_READ_H

#include "base/why.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define GATE_FILE "gate.json"
#define GATE_SCHEMA 1

/* Whether it is a gate: a folder that holds gate.json, or a file that says so of itself. */
bool stored_gate_is(const char *folder_or_file);

/* Reads a gate file, or the gate.json of a folder. Checks that it is a gate of this schema, down to the verdict and
 * the blocks of each cell; not every value. The caller owns it (json_decref). NULL: it cannot be read, or is none. */
json_t *stored_gate_read(const char *folder_or_file, const struct why *why);

#endif
