/* The result file: folder/run.json, described by results/schema.json.
 *
 * store_write() is for the supervisor, which alone writes a run; store_read() for whatever looks at
 * runs afterwards. `why` gets one line for people, the subject quoted, when something failed. */
#ifndef BENCH_STORE_RUN_STORE_H
#define BENCH_STORE_RUN_STORE_H

#include "base/why.h"
#include "model/run.h"

#define STORE_SCHEMA 1

/* Writes the run as it is now, with the summaries of its cells, in place of what was there. Readers see
 * the old file or the new one, never a part: it is written beside it and renamed. `last`: the run is
 * over; only then is it waited for until the disk has it.
 * Samples are all kept. Their workers are listed one by one, as far as samples and workers together
 * stay under 7000; in a larger run each cell lists an equal number, from its first sample on, and the
 * samples after that have their sums over the workers only. So 500 cells of 12 samples, or 256 workers,
 * stay under 20 MB with 20 counters each.
 * Returns 0 or -errno (-ENOSPC: the disk is full); after an error the old file is as it was and
 * nothing else is left in the folder. The caller ignores SIGXFSZ. */
int store_write(const struct run *run, const char *folder, bool last, const struct why *why);

/* Reads a run file, or the run.json of a folder. Checks that it is a run of this schema, down to each
 * cell's status, samples and summary; not every value. The caller owns it (json_decref).
 * NULL: it cannot be read, or is none. */
json_t *store_read(const char *folder_or_file, const struct why *why);

#endif
