/* Writes the result file of a gate: folder/gate.json, described by results/gate.schema.json. */
#ifndef BENCH_STORE_GATE_WRITE_H
#define BENCH_STORE_GATE_WRITE_H

#include "base/why.h"
#include "model/gate.h"

/* Writes the gate as it is now, in place of an earlier file; readers see the old file or the new one, never a part.
 * `last` says that the gate is over; only then the function waits until the file is on the disk. Returns 0, or -errno
 * with `why`. */
int gate_write(const struct gate *gate, const char *folder, bool last, const struct why *why);

#endif
