/* The result file: folder/run.json, described by results/schema.json.
 *
 * Only the supervisor's process calls store_write(), for the run that it measures; store_read() is for whatever looks
 * at runs afterwards. If something fails, `why` gets one line for people, with the subject quoted. */
#ifndef BENCH_STORE_RUN_STORE_H
#define BENCH_STORE_RUN_STORE_H

#include "base/why.h"
#include "model/run.h"

#define STORE_SCHEMA 1

/* Writes the run as it is now, with the summaries of its cells, and replaces an earlier file. Readers see the old file
 * or the new one, never a part, since the new one gets another name first and is then renamed. `last`: the run is over;
 * only then does the function wait until the disk has the file. All samples are kept. Their workers are listed one by
 * one as long as samples and workers together stay under 7000. In a larger run each cell lists an equal number of
 * workers, from its first sample on; samples after that have only the sums over their workers. So 500 cells of 12
 * samples, or 256 workers, stay under 20 MB with 20 counters each. Returns 0 or -errno (-ENOSPC: the disk is full);
 * after an error the old file is as it was and nothing else is left in the folder. */
int store_write(const struct run *run, const char *folder, bool last, const struct why *why);

/* Reads a run file, or the run.json of a folder. Checks that it is a run of this schema, down to each cell's status
 * and summary, the numbers of its samples, and that rounds have times above 0, but not every value. The summaries are
 * those of the samples, by summaries_again(). The caller owns it (json_decref). NULL with `why`: it cannot be read, or
 * is not a run. */
json_t *store_read(const char *folder_or_file, const struct why *why);

#endif
