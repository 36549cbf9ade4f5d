/* The file of a gate: folder/gate.json, described by results/gate.schema.json. */
#ifndef BENCH_STORE_GATE_WRITE_H
#define BENCH_STORE_GATE_WRITE_H

#include "base/why.h"
#include "model/gate.h"

/* Writes the gate as it is now, in place of what was there; readers see the old file or the new one, never a part.
 * `last`: it is over; only then is it waited for until the disk has it. Returns 0, or -errno with `why`. */
int gate_write(const struct gate *gate, const char *folder, bool last, const struct why *why);

#endif
