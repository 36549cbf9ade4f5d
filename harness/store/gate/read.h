/* Reads the result file of a gate: folder/gate.json, described by results/gate.schema.json.
 *
 * If something fails, `why` gets one line for people, with its subject quoted. */
#ifndef BENCH_STORE_GATE_READ_H
#define BENCH_STORE_GATE_READ_H

#include "base/why.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define GATE_FILE "gate.json"
#define GATE_SCHEMA 1

/* Returns whether the path is a gate: a folder with a gate.json in it, or a file whose content says that it is one. */
bool stored_gate_is(const char *folder_or_file);

/* Reads a gate file, or the gate.json of a folder. Checks that it is a gate of this schema, down to the verdict and the
 * blocks of each cell and the times of each pair, but does not check every value. The caller owns the result
 * (json_decref). Returns NULL if the file cannot be read, or is no such gate. */
json_t *stored_gate_read(const char *folder_or_file, const struct why *why);

#endif
