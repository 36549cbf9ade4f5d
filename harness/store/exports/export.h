/* Exports of a result to files: finding the format, checking the file, writing. Called in the main process. */
#ifndef BENCH_STORE_EXPORTS_EXPORT_H
#define BENCH_STORE_EXPORTS_EXPORT_H

#include "base/writer.h"
#include "command/words.h"
#include "model/export.h"

/* The exports of this build. */
extern const struct vocabulary export_names;

/* Finds the export with this name. NULL with `why`: there is none (and which there are), or `gate` says that the result
 * is a gate, which it does not take. */
const struct export *export_find(const char *name, bool gate, const struct why *why);

/* Checks that export_write() could write `file`, as far as one can tell without writing. Returns 0, or -errno with
 * `why`. */
int export_check(const char *file, const struct why *why);

/* Writes a run, or a gate if the export takes one, to `file`. An existing file is replaced, as file_put_at() does; a
 * pipe or a device is written to. Returns 0, or -errno with `why`: -ENOSPC where the disk is full. The caller must
 * ignore SIGXFSZ. */
int export_write(const struct export *export, const json_t *result, const char *file, const struct why *why);

/* Checks the words FORMAT=FILE of --export: each format must be known and take a gate if `gate` says that the result is
 * one, and each file must be writable and named by no other word. Returns 0, or -errno with `why`. */
int export_words_check(const struct words *words, bool gate, const struct why *why);

/* Writes all files of these words, even if some of them fail. Returns 0, or -errno with `why` of the last failure. */
int export_words_write(const struct words *words, const json_t *result, const struct why *why);

/* Calls `tell` for each cell of a run for which the export has no place. The run owns the strings; `reason`: why the
 * cell has no numbers, NULL if none was given. */
void export_left_out(const struct export *export, const json_t *run,
		     void (*tell)(void *context, const char *name, const char *status, const char *reason),
		     void *context);

/* Writes as export_write() does, but into a writer, whose file stays open; errors stay in the writer. */
void export_fill(const struct export *export, const json_t *result, struct writer *out);

#endif
