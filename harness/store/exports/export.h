/* Exports of a result to files: finding the format, checking the file, writing. Called in the main process. */
#ifndef BENCH_STORE_EXPORTS_EXPORT_H
#define BENCH_STORE_EXPORTS_EXPORT_H

#include "base/why.h"
#include "base/writer.h"
#include "model/export.h"

/* The export with this name; NULL: there is none. */
const struct export *export_find(const char *name);

/* Whether it takes the result, which is a gate if `gate` says so. Returns 0, or -EINVAL with `why`. */
int export_takes(const struct export *export, bool gate, const struct why *why);

/* Checks that export_write() could write `file`, as far as one can tell without writing. Returns 0, or -errno with
 * `why`. */
int export_check(const char *file, const struct why *why);

/* Writes a run, or a gate if the export takes one, to `file`. An existing file is replaced, as file_put_at() does; a
 * pipe or a device is written to. Returns 0, or -errno with `why`: -ENOSPC where the disk is full. */
int export_write(const struct export *export, const json_t *result, const char *file, const struct why *why);

/* Calls `tell` for each cell of a run for which the export has no place. The run owns the strings; `reason`: why the
 * cell has no numbers, NULL if none was given. */
void export_left_out(const struct export *export, const json_t *run,
		     void (*tell)(void *context, const char *name, const char *status, const char *reason),
		     void *context);

/* Writes as export_write() does, but into a writer, whose file stays open; errors stay in the writer. */
void export_fill(const struct export *export, const json_t *result, struct writer *out);

#endif
